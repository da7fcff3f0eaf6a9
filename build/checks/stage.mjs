// @ts-check
/** What a stage of `npm test` is and tells. */
import { fromRoot } from '../paths.mjs';

/**
 * @typedef {object} StageResult
 * @property {number} passed checks that held
 * @property {number} failed
 * @property {number} skipped checks that were written but not run
 * @property {string} output shown in full when something failed
 */

/**
 * @typedef {object} Stage
 * @property {string} name short, as given to `npm test -- NAME`
 * @property {() => Promise<StageResult>} run
 */

/** How programs run that read the sources only: no deadline of theirs minds that they leave the processors to the tests. */
export const besideTests = { cwd: fromRoot(), yields: true };

/**
 * A stage that is one check: it holds when its program exits with 0.
 * @param {import('../run-command.mjs').CommandResult} result
 * @returns {StageResult}
 */
export function singleCheck({ code, stdout, stderr }) {
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, output: `${stdout}${stderr}`.trim() };
}

/** @param {string[]} faults one line each; none means the check held @returns {StageResult} */
export function checkOfFaults(faults) {
  return { passed: faults.length === 0 ? 1 : 0, failed: faults.length === 0 ? 0 : 1, skipped: 0, output: faults.join('\n') };
}
