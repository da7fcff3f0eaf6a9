// @ts-check
/** Runs one project of vitest.config.mjs and counts its tests. */
import fs from 'node:fs';
import path from 'node:path';
import { cacheDir, fromRoot } from '../paths.mjs';
import { runCommand } from '../run-command.mjs';

/** @typedef {import('./stage.mjs').StageResult} StageResult */

/**
 * Vitest's JSON report (Jest's format), as far as it is needed here.
 * @typedef {object} JsonReport
 * @property {boolean} success
 * @property {{ name: string, status: string, message?: string, assertionResults: { status: string }[] }[]} testResults
 */

/**
 * @param {JsonReport} report
 * @returns {Pick<StageResult, 'passed' | 'failed' | 'skipped'>} a file that could not be loaded counts as one failure
 */
export function countTests(report) {
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const passed = tests.filter((test) => test.status === 'passed').length;
  const failedTests = tests.filter((test) => test.status === 'failed').length;
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const counted = { passed, failed: failedTests + brokenFiles, skipped: tests.length - passed - failedTests };
  // An error outside any test (an unhandled rejection) fails the run without failing a test.
  return !report.success && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
}

/**
 * @param {string} project
 * @param {{ env?: NodeJS.ProcessEnv, wrapper?: string[] }} [options] `wrapper`: a program that runs the one given to it,
 *   such as test/lab/in-client
 * @returns {Promise<StageResult>}
 */
export async function runVitestProject(project, { env = process.env, wrapper = [] } = {}) {
  const reportFile = path.join(cacheDir, 'test', `${project}.json`);
  fs.rmSync(reportFile, { force: true });
  const [program = process.execPath, ...args] = [
    ...wrapper, process.execPath, fromRoot('node_modules', 'vitest', 'vitest.mjs'), 'run', '--project', project,
    '--reporter', 'default', '--reporter', 'json', `--outputFile.json=${reportFile}`,
  ];
  const result = await runCommand(program, args, { cwd: fromRoot(), env });
  const output = `${result.stdout}${result.stderr}`.trim();
  if (!fs.existsSync(reportFile)) return { passed: 0, failed: 1, skipped: 0, output };
  const counts = countTests(JSON.parse(fs.readFileSync(reportFile, 'utf8')));
  if (counts.passed + counts.failed === 0) return { ...counts, failed: 1, output: `${output}\nNo test ran.` };
  return { ...counts, failed: result.code !== 0 && counts.failed === 0 ? 1 : counts.failed, output };
}
