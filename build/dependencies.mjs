// @ts-check
/** Installs the npm packages that package-lock.json names, when they are missing or the lock file changed. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { root, fromRoot } from './paths.mjs';
import { runCommand } from './run-command.mjs';

// Inside node_modules, so that it goes away with what it vouches for.
const stampFile = fromRoot('node_modules', '.netwright-lock-digest');

/** The oldest Node the build tools (Vite 8) run on, by major version. */
const OLDEST_NODE = { 20: 19, 22: 12 };

/**
 * @param {string} [version] like `20.19.0`
 * @returns {string | undefined} why this Node cannot build the app; undefined when it can
 */
export function nodeVersionProblem(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const needed = /** @type {Record<number, number>} */ (OLDEST_NODE)[major];
  const fits = needed === undefined ? major > 22 : minor >= needed;
  return fits ? undefined : `Netwright needs Node 20.19 or newer (22.12 or newer of the 22 series); this is Node ${version}.`;
}

/** @returns {string} */
function digestOfLock() {
  return createHash('sha256').update(fs.readFileSync(fromRoot('package-lock.json'))).digest('hex');
}

/** @returns {boolean} whether node_modules is what the lock file asks for */
export function areDependenciesInstalled() {
  return fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === digestOfLock();
}

/**
 * Runs `npm ci` if needed. Electron's own download is no part of this: electron-runtime.mjs does that.
 * @param {(line: string) => void} say prints one line for the user
 * @throws {Error} when this Node is too old, or npm fails
 */
export async function ensureDependencies(say) {
  const problem = nodeVersionProblem();
  if (problem) throw new Error(problem);
  if (areDependenciesInstalled()) return;
  say('Installing the npm packages that package-lock.json names (npm ci) …');
  const { code } = await runCommand('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, output: 'stderr' });
  if (code !== 0) throw new Error(`npm ci ended with exit code ${code}; its messages are above.`);
  fs.writeFileSync(stampFile, digestOfLock());
}
