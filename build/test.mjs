// @ts-check
/**
 * `npm test`: installs what is missing, builds, then runs every check. `npm test -- lint unit` runs the named stages
 * only. The last line is `N passed, N failed`; the exit code is 0 when nothing failed. With CI=true anything skipped
 * or left out is a failure, but for the lab when NETWRIGHT_TEST_LAB=off asks for that.
 */
import process from 'node:process';
import { bundle } from './bundle.mjs';
import { buildLab, labPackages, whyNoLab } from './checks/lab-availability.mjs';
import { staticStages, testStages } from './checks/stages.mjs';
import { ensureDebianPackages, isRoot, packagesFor } from './debian-packages.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { startVirtualDisplay } from './display.mjs';
import { ensureElectron, trialNotice } from './electron-runtime.mjs';
import { runCommand, signalRunningCommands } from './run-command.mjs';

/** @typedef {import('./checks/stage.mjs').Stage} Stage */

const isCi = process.env.CI === 'true';
const totals = { passed: 0, failed: 0, skipped: 0 };
/** Parts of the suite that did not run, with the reason. */
const leftOut = /** @type {string[]} */ ([]);

/** @param {string} line */
const say = (line) => console.log(line);

/** Runs a stage, prints its line and, when it failed, all it said. @param {Stage} stage */
async function runStage(stage) {
  const startedAt = performance.now();
  const result = await stage.run().catch((error) => ({ passed: 0, failed: 1, skipped: 0, output: String(error?.stack ?? error) }));
  totals.passed += result.passed;
  totals.failed += result.failed;
  totals.skipped += result.skipped;
  const seconds = `${((performance.now() - startedAt) / 1000).toFixed(1)} s`.padStart(8);
  const counts = `${result.passed} passed, ${result.failed} failed${result.skipped > 0 ? `, ${result.skipped} skipped` : ''}`;
  say(`${result.failed > 0 ? '✗' : '✓'} ${stage.name.padEnd(16)}${seconds}  ${counts}`);
  if (result.failed > 0) say(`${result.output.replace(/^/gm, '    ')}\n`);
}

/** @param {Stage[]} stages @param {number} [lanes] how many run at a time */
async function runStages(stages, lanes = 1) {
  const waiting = [...stages];
  const lane = async () => {
    for (let stage = waiting.shift(); stage; stage = waiting.shift()) await runStage(stage);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** @returns {Promise<boolean>} whether shellcheck can be run */
const hasShellcheck = () => runCommand('shellcheck', ['--version']).then(() => true, () => false);

/** Installs and builds. @returns {Promise<{ hasLab: boolean, hasShellcheck: boolean }>} */
async function prepare() {
  await ensureDependencies(say);
  const noLab = whyNoLab();
  await ensureDebianPackages({ packages: packagesFor(['window', 'display']), why: 'open the app\'s window in the tests', say });
  if (isRoot()) {
    await ensureDebianPackages({ packages: packagesFor(['checks']), why: 'check the sources', say });
    if (noLab === undefined) {
      await ensureDebianPackages({ packages: labPackages(), why: 'start lab hosts (real hypervisors in containers)', say });
      await buildLab(say);
    }
  }
  if (noLab !== undefined) leftOut.push(`the tests on lab hosts (${noLab})`);
  const shellcheck = await hasShellcheck();
  if (!shellcheck) leftOut.push('the check of shell scripts (shellcheck is not installed)');
  await bundle({ say });
  const runtime = await ensureElectron(say);
  if (runtime.isTrial) say(trialNotice);
  return { hasLab: noLab === undefined, hasShellcheck: shellcheck };
}

/** @param {string[]} names stages to run; none means all */
async function runAll(names) {
  const options = await prepare();
  const wanted = (/** @type {Stage} */ stage) => names.length === 0 || names.includes(stage.name);
  const display = process.platform === 'linux' ? await startVirtualDisplay({ width: 1440, height: 900 }) : undefined;
  try {
    const { quick, slow } = testStages({ ...options, displayEnv: display?.env ?? {} });
    const runTests = async () => {
      await runStages(quick.filter(wanted), 2);
      await runStages(slow.filter(wanted));
    };
    await Promise.all([runStages(staticStages(options).filter(wanted)), runTests()]);
  } finally {
    await display?.stop();
  }
}

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.on(signal, () => {
    signalRunningCommands(signal);
    totals.failed += 1;
    say(`Interrupted by ${signal}.`);
  });
}

try {
  await runAll(process.argv.slice(2));
} catch (error) {
  totals.failed += 1;
  say(error instanceof Error ? error.message : String(error));
}

for (const part of leftOut) say(`\nLEFT OUT: ${part}.`);
if (isCi) {
  const tolerated = process.env.NETWRIGHT_TEST_LAB === 'off' ? 1 : 0;
  if (totals.skipped > 0 || leftOut.length > tolerated) {
    totals.failed += 1;
    say(`\nUnder CI nothing may be skipped: ${totals.skipped} tests skipped, ${leftOut.length} parts left out.`);
  }
} else if (totals.skipped > 0) {
  say(`\n${totals.skipped} tests were skipped.`);
}
say(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed > 0 ? 1 : 0;
