// @ts-check
/**
 * Electron's fuses: what a package's Electron can no longer be talked into, whatever the environment or the command
 * line says. The reasons for each are in docs/adr/ (packages and fuses).
 */
import { flipFuses, FuseV1Options, FuseVersion, getCurrentFuseWire } from '@electron/fuses';

/** @typedef {'linux' | 'darwin' | 'win32'} PackagePlatform */

/** How a fuse is written in the executable (Electron's fuses.json5). */
const wireOff = 0x30;
const wireOn = 0x31;

/**
 * @param {PackagePlatform} platform
 * @returns {Record<FuseV1Options, boolean>}
 */
export function wantedFuses(platform) {
  const isLinux = platform === 'linux';
  return {
    // On Linux the `netwright` command is this very executable as plain Node: it must run without a screen and as root.
    [FuseV1Options.RunAsNode]: isLinux,
    // The app sets no cookies, and on Linux this would open the user's keyring at every start.
    [FuseV1Options.EnableCookieEncryption]: false,
    [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: false,
    // Electron checks the archive on macOS and Windows only.
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: !isLinux,
    [FuseV1Options.OnlyLoadAppFromAsar]: true,
    // There is no snapshot of our own.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // The window's pages come from app://, never from file://.
    [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  };
}

/**
 * Sets the fuses of an unpacked Electron. One that the executable does not know yet (Electron 25 knows seven of the
 * eight) is left out: what it would switch off is then on, as in every Electron of that age.
 * @param {string} executable of Linux or Windows, or macOS' .app folder
 * @param {PackagePlatform} platform
 */
export async function setFuses(executable, platform) {
  const known = Object.keys(await getCurrentFuseWire(executable));
  const fuses = Object.fromEntries(Object.entries(wantedFuses(platform)).filter(([fuse]) => known.includes(fuse)));
  await flipFuses(executable, { version: FuseVersion.V1, ...fuses });
}

/**
 * Reads the fuses back.
 * @param {string} executable
 * @returns {Promise<Record<string, boolean | 'unknown'>>} by name; `unknown` for what this Electron has no fuse for
 */
export async function readFuses(executable) {
  const wire = /** @type {Record<string, number>} */ (/** @type {unknown} */ (await getCurrentFuseWire(executable)));
  const names = Object.values(FuseV1Options).filter((name) => typeof name === 'string');
  return Object.fromEntries(names.map((name) => {
    const state = wire[FuseV1Options[/** @type {keyof typeof FuseV1Options} */ (name)]];
    return [name, state === wireOn ? true : state === wireOff ? false : 'unknown'];
  }));
}
