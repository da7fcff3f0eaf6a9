#!/usr/bin/env node
// @ts-check
/**
 * `npx netwright` in a checkout: builds the command line when its sources changed, telling so on standard error only,
 * and becomes it: same arguments, streams and exit code.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import process from 'node:process';
import { bundle } from './bundle.mjs';
import { bundleTarget } from './bundle-targets.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { fromRoot } from './paths.mjs';

/** @param {string} line */
const say = (line) => console.error(line);

/** @param {string[]} args @returns {Promise<number>} exit code; 128 + the signal's number when one ended it */
function runCommandLine(args) {
  const child = spawn(process.execPath, [fromRoot(bundleTarget('cli').output), ...args], { stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

try {
  await ensureDependencies(say);
  await bundle({ targets: ['cli'], say });
  process.exitCode = await runCommandLine(process.argv.slice(2));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
