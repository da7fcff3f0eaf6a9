// @ts-check
/**
 * What gets bundled: for each target its entry, its output folder and the sources it depends on. Free of
 * imports from npm, so that "is anything to be done?" is answered before Vite is even loaded.
 */

/** @typedef {'main' | 'preload' | 'cli' | 'renderer'} TargetName */

/**
 * @typedef {object} BundleTarget
 * @property {TargetName} name also the output folder below dist/
 * @property {string} entry relative to the repository's root
 * @property {string} output the file that proves the target was built, relative to the root
 * @property {string[]} inputs files and folders whose change makes the bundle stale
 */

const configInputs = ['build/bundle.mjs', 'build/bundle-targets.mjs', 'package-lock.json'];
const nodeInputs = [...configInputs, 'build/node-bundle.mjs', 'electron', 'shared', 'package.json'];

/** @type {BundleTarget[]} */
export const bundleTargets = [
  { name: 'main', entry: 'electron/main.ts', output: 'dist/main/main.cjs', inputs: nodeInputs },
  { name: 'preload', entry: 'electron/preload.ts', output: 'dist/preload/preload.cjs', inputs: nodeInputs },
  { name: 'cli', entry: 'electron/cli/main.ts', output: 'dist/cli/netwright.cjs', inputs: nodeInputs },
  {
    name: 'renderer',
    entry: 'renderer/index.html',
    output: 'dist/renderer/index.html',
    inputs: [...configInputs, 'build/renderer-bundle.mjs', 'build/chromium-114-css.mjs', 'renderer', 'shared'],
  },
];

/**
 * @param {TargetName} name
 * @returns {BundleTarget}
 */
export function bundleTarget(name) {
  const target = bundleTargets.find((candidate) => candidate.name === name);
  if (!target) throw new Error(`There is no bundle called ${name}.`);
  return target;
}
