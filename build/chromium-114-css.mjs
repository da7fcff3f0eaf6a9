// @ts-check
/**
 * Makes Tailwind 4's CSS work in Chromium 114, the browser of the oldest runtime (Electron 25).
 *
 * Tailwind registers its internal custom properties by `@property --tw-x { syntax: "*"; inherits: false }`, without
 * an initial value, and reads them as `var(--tw-x, )`. Chromium 114 takes that empty fallback for invalid as soon as
 * the property is registered, so rings, shadows, filters and tabular numbers vanish. Tailwind also carries a reset for
 * browsers without `@property`, inside `@layer properties { @supports (…) { *, ::before, … { --tw-x: initial } } }`.
 * Hence two edits, which change nothing in newer browsers: registrations without an initial value go, and the reset
 * applies always. A third mends what minifiers do to `initial-value: 0px`: `0` is no valid initial value for the
 * syntax `<length>` (CSS Properties and Values API, section 2.3: it must be computationally independent and match).
 */

/** One `@property` rule; it holds declarations only, so the first `}` ends it. */
const propertyRule = /@property\s+(--[\w-]+)\s*\{([^}]*)\}/g;

/** Tailwind's layer of resets and the condition that keeps newer browsers out of it. */
const propertiesLayer = /(@layer\s+properties\s*\{\s*@supports\s*)([^{]+)(\{)/g;

/**
 * @param {string} css
 * @returns {string}
 */
export function repairForChromium114(css) {
  return css
    .replace(propertyRule, (rule, name, body) => {
      const isUniversal = /syntax\s*:\s*["']\*["']/.test(body);
      if (isUniversal && !/initial-value\s*:\s*[^;\s}]/.test(body)) return '';
      if (/syntax\s*:\s*["']<length>["']/.test(body)) {
        return `@property ${name}{${body.replace(/(initial-value\s*:\s*)0(?=\s*(;|$))/, '$10px')}}`;
      }
      return rule;
    })
    .replace(propertiesLayer, '$1(display:block)$3');
}

/**
 * @param {string} css
 * @returns {string[]} the faults that repairForChromium114 would mend; empty for repaired CSS
 */
export function chromium114Faults(css) {
  const faults = [];
  for (const [, name, body = ''] of css.matchAll(propertyRule)) {
    if (/syntax\s*:\s*["']\*["']/.test(body) && !/initial-value\s*:\s*[^;\s}]/.test(body)) {
      faults.push(`${name} is registered without an initial value`);
    }
    if (/syntax\s*:\s*["']<length>["']/.test(body) && /initial-value\s*:\s*0\s*(;|$)/.test(body)) {
      faults.push(`${name} has a unitless initial length`);
    }
  }
  for (const [, , condition = ''] of css.matchAll(propertiesLayer)) {
    if (condition.trim() !== '(display:block)') faults.push('the reset of custom properties is conditional');
  }
  return faults;
}

/**
 * Applies the repair to every style sheet: of a build after minifying, of the dev server after Tailwind, so it must
 * stand behind Tailwind in the list of plugins.
 * @returns {import('vite').Plugin[]}
 */
export function chromium114Css() {
  return [
    {
      name: 'netwright:chromium-114-css:build',
      apply: 'build',
      enforce: 'post',
      generateBundle(_options, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type === 'asset' && file.fileName.endsWith('.css')) {
            const css = typeof file.source === 'string' ? file.source : new TextDecoder().decode(file.source);
            file.source = repairForChromium114(css);
          }
        }
      },
    },
    {
      name: 'netwright:chromium-114-css:serve',
      apply: 'serve',
      enforce: 'pre',
      transform: {
        filter: { id: /\.css(\?|$)/ },
        handler: (css) => ({ code: repairForChromium114(css), map: null }),
      },
    },
  ];
}
