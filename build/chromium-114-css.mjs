// @ts-check
/**
 * Makes Tailwind 4's CSS work in Chromium 114, the browser of the oldest runtime (Electron 25).
 *
 * Tailwind registers its internal custom properties by `@property --tw-x { syntax: "*"; inherits: false }`, without
 * an initial value, and reads some of them as `var(--tw-x,)`. Chromium 114 takes that empty fallback for invalid as soon
 * as the property is registered, so rings, shadows, filters and tabular numbers vanish. Hence these get an initial value
 * that does nothing where it is read, and are read without a fallback.
 *
 * Where there is no such value the registration goes. The property is inherited then, and has to be reset on every
 * element, by what Tailwind carries for browsers without `@property`: `@layer properties { @supports (…) { *, ::before, … {
 * --tw-x: initial } } }`. Nothing else is left of that reset, for it is dear: with all of Tailwind's properties in it, three
 * quarters of the time that a style takes went there.
 *
 * A third edit mends what minifiers do to `initial-value: 0px`: `0` is no valid initial value for the
 * syntax `<length>` (CSS Properties and Values API, section 2.3: it must be computationally independent and match).
 */

/** One `@property` rule; it holds declarations only, so the first `}` ends it. */
const propertyRule = /@property\s+(--[\w-]+)\s*\{([^}]*)\}/g;

/** Tailwind's layer of resets: selectors and declarations, below the condition that keeps newer browsers out of it. */
const propertiesLayer = /@layer\s+properties\s*\{\s*@supports[^{]+\{([^{}]+)\{([^{}]*)\}\s*\}\s*\}/g;

const emptyFallback = /var\(\s*(--[\w-]+)\s*,\s*\)/g;

/** Of Tailwind's properties, by the name behind `--tw-`: what changes nothing in the list where it is read. */
const harmless = /** @type {Record<string, string>} */ ({
  // In front of a shadow: another one that can't be seen.
  'ring-inset': '0 0 #0000,',
  'rotate-x': 'rotateX(0)', 'rotate-y': 'rotateY(0)', 'rotate-z': 'rotateZ(0)', 'skew-x': 'skewX(0)', 'skew-y': 'skewY(0)',
  'blur': 'blur(0)', 'brightness': 'brightness(1)', 'contrast': 'contrast(1)', 'grayscale': 'grayscale(0)', 'hue-rotate': 'hue-rotate(0)',
  'invert': 'invert(0)', 'opacity': 'opacity(1)', 'saturate': 'saturate(1)', 'sepia': 'sepia(0)', 'drop-shadow': 'drop-shadow(0 0 #0000)',
});

/** @param {string} name @returns {string | undefined} */
const harmlessValue = (name) => harmless[name.replace(/^--tw-(backdrop-)?/, '')];

/** Registered for any value and without an initial one. @param {string} body */
const isOpen = (body) => /syntax\s*:\s*["']\*["']/.test(body) && !/initial-value\s*:\s*[^;\s}]/.test(body);

/** The properties that Chromium 114 would drop a whole declaration for. @param {string} css @returns {Set<string>} */
function brokenProperties(css) {
  const read = new Set([...css.matchAll(emptyFallback)].map(([, name = '']) => name));
  return new Set([...css.matchAll(propertyRule)].filter(([, name = '', body = '']) => isOpen(body) && read.has(name)).map(([, name = '']) => name));
}

/**
 * @param {string} css
 * @returns {string}
 */
export function repairForChromium114(css) {
  const broken = brokenProperties(css);
  const reset = new Set([...broken].filter((name) => harmlessValue(name) === undefined));
  return css
    .replace(propertyRule, (rule, name, body) => {
      if (reset.has(name)) return '';
      if (broken.has(name)) return `@property ${name}{syntax:"*";inherits:false;initial-value:${harmlessValue(name)}}`;
      if (/syntax\s*:\s*["']<length>["']/.test(body)) {
        return `@property ${name}{${body.replace(/(initial-value\s*:\s*)0(?=\s*(;|$))/, '$10px')}}`;
      }
      return rule;
    })
    .replace(emptyFallback, (use, name) => (broken.has(name) && !reset.has(name) ? `var(${name})` : use))
    .replace(propertiesLayer, (_layer, selectors, declarations) => {
      const kept = declarations.split(';').map((/** @type {string} */ each) => each.trim()).filter((/** @type {string} */ each) => reset.has(each.split(':')[0] ?? ''));
      return kept.length === 0 ? '' : `@layer properties{${selectors.trim()}{${kept.join(';')}}}`;
    });
}

/**
 * @param {string} css
 * @returns {string[]} the faults that repairForChromium114 would mend; empty for repaired CSS
 */
export function chromium114Faults(css) {
  const faults = [...brokenProperties(css)].map((name) => `${name} is registered without an initial value`);
  for (const [, name, body = ''] of css.matchAll(propertyRule)) {
    if (/syntax\s*:\s*["']<length>["']/.test(body) && /initial-value\s*:\s*0\s*(;|$)/.test(body)) faults.push(`${name} has a unitless initial length`);
  }
  if (css.search(propertiesLayer) >= 0) faults.push('the reset of custom properties is conditional');
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
