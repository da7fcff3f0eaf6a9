// @ts-check
/** Installs the npm packages that package-lock.json names, when they are missing or the lock file changed. */
import fs from 'node:fs';
import { root, fromRoot } from './paths.mjs';
import { runCommand } from './run-command.mjs';

/** npm's own record of what it put into node_modules, in the lock file's format. */
const installedLockFile = fromRoot('node_modules', '.package-lock.json');

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

/** @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean }>} LockedPackages */

/** @param {string} file @returns {LockedPackages} by path, like `node_modules/vue` */
function lockedPackages(file) {
  return JSON.parse(fs.readFileSync(file, 'utf8')).packages;
}

/**
 * Packages that the lock file asks for and npm has not installed in that version. Optional ones are left out: most are
 * for other platforms.
 * @param {LockedPackages} wanted
 * @param {LockedPackages} installed
 * @returns {string[]} paths, like `node_modules/vue`
 */
export function missingPackages(wanted, installed) {
  return Object.entries(wanted)
    .filter(([path, entry]) => path !== '' && !entry.optional)
    .filter(([path, entry]) => installed[path]?.version !== entry.version || installed[path]?.integrity !== entry.integrity)
    .map(([path]) => path);
}

/** @returns {boolean} whether node_modules is what package-lock.json asks for */
export function areDependenciesInstalled() {
  if (!fs.existsSync(installedLockFile)) return false;
  return missingPackages(lockedPackages(fromRoot('package-lock.json')), lockedPackages(installedLockFile)).length === 0;
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
}
