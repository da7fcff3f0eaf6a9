// @ts-check
/**
 * `npm run bench [-- NAME …]`: installs what is missing, builds the app and the benchmarks, and runs these on the lab's
 * LAN. Without the lab (root on Debian) those that need hosts are left out, and said so.
 */
import process from 'node:process';
import { spawn } from 'node:child_process';
import { bundle } from './bundle.mjs';
import { labPackages, whyNoLab } from './checks/lab-availability.mjs';
import { ensureDebianPackages, packagesFor } from './debian-packages.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { ensureElectron, trialNotice } from './electron-runtime.mjs';
import { fromRoot } from './paths.mjs';
import { bundleTestProgram } from './test-program.mjs';

/** @param {string} line */
const say = (line) => console.log(line);

await ensureDependencies(say);
const noLab = whyNoLab();
await ensureDebianPackages({ packages: packagesFor(['window', 'display']), why: 'open the app\'s window', say });
if (noLab === undefined) await ensureDebianPackages({ packages: labPackages(), why: 'start lab hosts (real hypervisors in containers)', say });
await bundle({ say });
const runtime = await ensureElectron(say);
if (runtime.isTrial) say(trialNotice);
// Bundled as the app is: what is measured is the code that users run.
const program = await bundleTestProgram('bench', 'test/bench/main.ts');
const wrapper = noLab === undefined ? [fromRoot('test', 'lab', 'in-client')] : [];
const [file = process.execPath, ...args] = [...wrapper, process.execPath, program, ...process.argv.slice(2)];
const child = spawn(file, args, { stdio: 'inherit' });
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
child.on('error', (error) => { throw error; });
child.on('close', (code) => { process.exitCode = code ?? 1; });
