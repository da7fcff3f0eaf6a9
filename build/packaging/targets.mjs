// @ts-check
/** What `npm run dist` can make, and what a machine must have to make it. */
import fs from 'node:fs';
import path from 'node:path';

/** @typedef {'linux' | 'win' | 'mac'} TargetSystem */
/** @typedef {'x64' | 'arm64'} TargetArch */

/**
 * @typedef {object} PackageTarget
 * @property {string} name as electron-builder calls it, and as given to `--target`
 * @property {TargetSystem} system
 * @property {string} makes in words
 * @property {string[]} programs that must be on this machine
 * @property {boolean} [downloads] whether electron-builder fetches its own tools for it from github.com
 */

/** @type {PackageTarget[]} */
export const packageTargets = [
  { name: 'dir', system: 'linux', makes: 'the unpacked app', programs: [] },
  { name: 'tar.gz', system: 'linux', makes: 'an archive to unpack anywhere', programs: ['7za'] },
  { name: 'deb', system: 'linux', makes: 'a package for Debian, Ubuntu and their kin', programs: ['dpkg-deb'] },
  { name: 'rpm', system: 'linux', makes: 'a package for Fedora, openSUSE and their kin', programs: ['rpmbuild'] },
  { name: 'AppImage', system: 'linux', makes: 'one file that runs anywhere', programs: [], downloads: true },
  { name: 'nsis', system: 'win', makes: 'an installer', programs: [], downloads: true },
  { name: 'portable', system: 'win', makes: 'one .exe that needs no installation', programs: [], downloads: true },
  { name: 'dmg', system: 'mac', makes: 'a disk image', programs: [], downloads: true },
  { name: 'zip', system: 'mac', makes: 'an archive, which updates need too', programs: [], downloads: true },
];

const systemOf = /** @type {Record<string, TargetSystem>} */ ({ linux: 'linux', win32: 'win', darwin: 'mac' });
const systemNames = { linux: 'Linux', win: 'Windows', mac: 'macOS' };

/**
 * What decides whether a target can be made.
 * @typedef {object} Machine
 * @property {NodeJS.Platform} platform
 * @property {string} arch as process.arch has it
 * @property {boolean} reachesGithub
 * @property {boolean} isTrialRuntime whether there is only the stand-in Electron
 * @property {(program: string) => boolean} has whether a program is on the PATH
 * @property {(folder: string) => boolean} hasModule whether node_modules holds a folder
 */

/** @param {string} program @param {string} [searchPath] @returns {boolean} whether it is in a folder of the PATH */
export function isOnPath(program, searchPath = process.env.PATH ?? '') {
  return searchPath.split(path.delimiter).some((folder) => fs.existsSync(path.join(folder, program)));
}

/**
 * @param {PackageTarget} target
 * @param {TargetArch} arch
 * @param {Machine} machine
 * @returns {string | undefined} a reason, completing "not made here: "
 */
export function whyNotHere(target, arch, machine) {
  const here = systemOf[machine.platform];
  if (here !== target.system) return `it is made on ${systemNames[target.system]}`;
  if (arch !== machine.arch) {
    if (machine.isTrialRuntime) return `there is no stand-in Electron for ${arch}, and the current one can't be downloaded`;
    const terminal = `@lydell/node-pty-${machine.platform}-${arch}`;
    if (!machine.hasModule(terminal)) {
      return `${terminal} is not installed (npm install --no-save --force ${terminal}, or build on ${arch})`;
    }
  }
  if (target.downloads && !machine.reachesGithub) return 'electron-builder fetches its tools for it from github.com, which does not answer';
  const missing = target.programs.filter((program) => !machine.has(program));
  if (missing.length > 0) return `${missing.join(', ')} is not installed`;
  return undefined;
}
