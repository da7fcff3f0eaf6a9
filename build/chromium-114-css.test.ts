import tailwindcss from '@tailwindcss/vite';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from 'vite';
import type { Plugin, Rolldown } from 'vite';
import { chromium114Css, chromium114Faults, repairForChromium114 } from './chromium-114-css.mjs';
import { cacheDir, fromRoot } from './paths.mjs';

describe('repairForChromium114', () => {
  it('gives what is read with an empty fallback a value that does nothing, and no fallback', () => {
    const css = '@property --tw-blur{syntax:"*";inherits:false}@property --tw-y{syntax:"*";inherits:false;initial-value:0 0 #0000}a{filter:var(--tw-blur,) var(--tw-other,)}';
    expect(repairForChromium114(css)).toBe('@property --tw-blur{syntax:"*";inherits:false;initial-value:blur(0)}@property --tw-y{syntax:"*";inherits:false;initial-value:0 0 #0000}a{filter:var(--tw-blur) var(--tw-other,)}');
  });

  it('leaves registrations alone that are read with another fallback', () => {
    const css = '@property --tw-leading{syntax:"*";inherits:false}a{line-height:var(--tw-leading, 1.5)}';
    expect(repairForChromium114(css)).toBe(css);
  });

  it('gives initial lengths their unit back', () => {
    expect(repairForChromium114('@property --w{syntax:"<length>";inherits:false;initial-value:0}')).toBe('@property --w{syntax:"<length>";inherits:false;initial-value:0px}');
    expect(repairForChromium114('@property --w{syntax:"<length>";inherits:false;initial-value:0px}')).toContain('initial-value:0px}');
    expect(repairForChromium114('@property --n{syntax:"<number>";inherits:false;initial-value:0}')).toContain('initial-value:0}');
  });

  it('resets on every element only what can have no such value', () => {
    const css = '@property --tw-ordinal{syntax:"*";inherits:false}a{font-variant-numeric:var(--tw-ordinal,)}@layer properties{@supports (((-webkit-hyphens:none)) and (not (margin-trim:inline))) or (-moz-orient:inline){*,:before{--tw-ring:initial;--tw-ordinal:initial}}}';
    expect(repairForChromium114(css)).toBe('a{font-variant-numeric:var(--tw-ordinal,)}@layer properties{*,:before{--tw-ordinal:initial}}');
    expect(repairForChromium114('@layer properties{@supports (a:b){*{--tw-ring:initial}}}b{}')).toBe('b{}');
  });
});

/** Classes whose look hangs on registered properties: rings, shadows, filters, figures, transforms, borders. */
const classes = 'ring-2 ring-inset shadow-sm blur-sm tabular-nums translate-x-1 border space-x-2 divide-y bg-linear-to-r from-red-500 outline-1';

async function buildCss(plugins: Plugin[], entry: string): Promise<string> {
  const result = await build({
    configFile: false, logLevel: 'silent', root: fromRoot(), plugins: [tailwindcss(), ...plugins],
    build: { write: false, target: 'chrome114', rolldownOptions: { input: entry } },
  }) as Rolldown.RolldownOutput;
  const asset = result.output.find((file) => file.fileName.endsWith('.css'));
  return asset?.type === 'asset' ? String(asset.source) : '';
}

describe('the plugin, on what Tailwind makes', () => {
  mkdirSync(cacheDir, { recursive: true });
  const folder = mkdtempSync(path.join(cacheDir, 'css-test-'));
  const entry = path.join(folder, 'entry.css');
  beforeAll(() => writeFileSync(entry, `@import "tailwindcss" source(none);\n@source inline("${classes}");\n`));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('mends faults that are there without it', async () => {
    const before = await buildCss([], entry);
    const after = await buildCss(chromium114Css(), entry);
    expect(chromium114Faults(before).length).toBeGreaterThan(10);
    expect(chromium114Faults(after)).toEqual([]);
    // The reset takes the place of what was dropped, and has nothing else.
    const dropped = [...before.matchAll(/@property\s+(--[\w-]+)/g)].map(([, name]) => name!).filter((name) => !after.includes(`@property ${name}`));
    const [, reset = ''] = /@layer properties\{[^{}]+\{([^{}]*)\}\}/.exec(after) ?? [];
    expect(dropped.length).toBeGreaterThan(3);
    expect(reset.split(';').sort()).toEqual(dropped.map((name) => `${name}:initial`).sort());
  }, 30_000);
});
