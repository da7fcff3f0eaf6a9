// @ts-check
/**
 * Vite settings for what runs in Node: the main process, the preload script and the command line. CommonJS,
 * because a sandboxed preload script can be nothing else and the oldest runtime (Electron 25) loads no ES
 * module as its entry.
 */
import { builtinModules } from 'node:module';
import path from 'node:path';
import { root } from './paths.mjs';

/** @typedef {import('./bundle-targets.mjs').BundleTarget} BundleTarget */

/** Left as `require`: Electron itself, Node's own modules, and native code, which no bundler can inline. */
const external = ['electron', /^node:/, ...builtinModules, /\.node$/, 'cpu-features', 'node-pty'];

/** The JavaScript each target may use: Electron 25 has Node 18, the command line runs in Node 20. */
const languageLevel = { main: 'node18', preload: 'node18', cli: 'node20' };

/**
 * @param {BundleTarget & { name: 'main' | 'preload' | 'cli' }} target
 * @param {{ dev: boolean, version: string }} options
 * @returns {import('vite').InlineConfig}
 */
export function nodeBundleConfig(target, { dev, version }) {
  return {
    configFile: false,
    root,
    logLevel: 'warn',
    // No .env files: nothing may depend on what happens to lie in the working folder.
    envDir: false,
    publicDir: false,
    define: {
      __NETWRIGHT_DEV__: JSON.stringify(dev),
      __NETWRIGHT_VERSION__: JSON.stringify(version),
    },
    // Packages' "node" variants, not their browser ones.
    resolve: { conditions: ['node', 'module', 'import', 'default'], mainFields: ['module', 'main'] },
    ssr: { noExternal: true },
    build: {
      ssr: path.join(root, target.entry),
      target: languageLevel[target.name],
      outDir: path.join(root, path.dirname(target.output)),
      emptyOutDir: true,
      copyPublicDir: false,
      minify: dev ? false : 'oxc',
      sourcemap: dev,
      reportCompressedSize: false,
      // Of every package in the bundle; packages of the app bring them along.
      license: { fileName: 'licences.md' },
      rolldownOptions: {
        external,
        output: {
          format: 'cjs',
          entryFileNames: path.basename(target.output),
          chunkFileNames: '[name].cjs',
          // The main process loads its services apart, once the window is on its way; a sandboxed preload is one file.
          codeSplitting: target.name === 'main',
        },
      },
    },
  };
}
