// @ts-check
/** Programs of test/ that run beside the tests (benchmarks, matrices), bundled as the app is. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { nodeBundleConfig } from './node-bundle.mjs';
import { cacheDir, fromRoot } from './paths.mjs';

/** Scripts and folders beside a source file are still found from the one bundle. @type {import('vite').Plugin} */
const keepSourceUrls = {
  name: 'keep-source-urls',
  transform: (code, id) => (code.includes('import.meta.url') ? code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)) : null),
};

/**
 * @param {string} name of the folder under .cache
 * @param {string} entry from the repository's root, in TypeScript
 * @returns {Promise<string>} the bundle's path
 */
export async function bundleTestProgram(name, entry) {
  const output = path.join(cacheDir, name, `${name}.cjs`);
  const config = nodeBundleConfig({ name: 'cli', entry, output: path.relative(fromRoot(), output), inputs: [] }, { dev: false, version: `0.0.0-${name}` });
  const external = /** @type {(string | RegExp)[]} */ (config.build?.rolldownOptions?.external);
  const { build } = await import('vite');
  await build({
    ...config,
    plugins: [keepSourceUrls],
    build: { ...config.build, rolldownOptions: { ...config.build?.rolldownOptions, external: [...external, 'original-fs', 'vite', /node_modules\/vite\//] } },
  });
  return output;
}
