// @ts-check
/**
 * `npm run bench [-- NAME …]`: installs what is missing, builds the app and the benchmarks, and runs these on the lab's
 * LAN. Without the lab (root on Debian) those that need hosts are left out, and said so.
 */
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import process from 'node:process';
import { spawn } from 'node:child_process';
import { bundle } from './bundle.mjs';
import { labPackages, whyNoLab } from './checks/lab-availability.mjs';
import { ensureDebianPackages, packagesFor } from './debian-packages.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { ensureElectron, trialNotice } from './electron-runtime.mjs';
import { nodeBundleConfig } from './node-bundle.mjs';
import { cacheDir, fromRoot } from './paths.mjs';

/** @param {string} line */
const say = (line) => console.log(line);

/** Scripts and folders beside a source file are still found from the one bundle. @type {import('vite').Plugin} */
const keepSourceUrls = {
  name: 'keep-source-urls',
  transform: (code, id) => (code.includes('import.meta.url') ? code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)) : null),
};

/** Bundled as the app is: what is measured is the code that users run. @returns {Promise<string>} the bundle's path */
async function bundleBenchmarks() {
  const output = path.join(cacheDir, 'bench', 'bench.cjs');
  const config = nodeBundleConfig({ name: 'cli', entry: 'test/bench/main.ts', output: path.relative(fromRoot(), output), inputs: [] }, { dev: false, version: '0.0.0-bench' });
  const external = /** @type {(string | RegExp)[]} */ (config.build?.rolldownOptions?.external);
  const { build } = await import('vite');
  await build({
    ...config,
    plugins: [keepSourceUrls],
    build: { ...config.build, rolldownOptions: { ...config.build?.rolldownOptions, external: [...external, 'original-fs', 'vite', /node_modules\/vite\//] } },
  });
  return output;
}

await ensureDependencies(say);
const noLab = whyNoLab();
await ensureDebianPackages({ packages: packagesFor(['window', 'display']), why: 'open the app\'s window', say });
if (noLab === undefined) await ensureDebianPackages({ packages: labPackages(), why: 'start lab hosts (real hypervisors in containers)', say });
await bundle({ say });
const runtime = await ensureElectron(say);
if (runtime.isTrial) say(trialNotice);
const program = await bundleBenchmarks();
const wrapper = noLab === undefined ? [fromRoot('test', 'lab', 'in-client')] : [];
const [file = process.execPath, ...args] = [...wrapper, process.execPath, program, ...process.argv.slice(2)];
const child = spawn(file, args, { stdio: 'inherit' });
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
child.on('error', (error) => { throw error; });
child.on('close', (code) => { process.exitCode = code ?? 1; });
