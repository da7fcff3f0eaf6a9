// @ts-check
/**
 * `npm run dist`: makes the packages that this machine can make, in release/, and says which it can't and why.
 *
 *   npm run dist -- [--target NAME]… [--arch x64|arm64] [--update-feed URL] [--allow-trial-runtime]
 *
 * Without --target: everything for this system. --allow-trial-runtime packs the end-of-life stand-in Electron where the
 * current one can't be downloaded: for tests; such packages say what they are and are never given to users.
 */
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { bundle } from '../bundle.mjs';
import { ensureDebianPackages, isDebian, isRoot, packagesFor } from '../debian-packages.mjs';
import { ensureDependencies } from '../dependencies.mjs';
import { officialVersion } from '../electron-official.mjs';
import { ensureElectron } from '../electron-runtime.mjs';
import { cacheDir, fromRoot } from '../paths.mjs';
import { releaseFolder } from './release-folder.mjs';
import { isOnPath, packageTargets, whyNotHere } from './targets.mjs';

/** @typedef {import('./targets.mjs').PackageTarget} PackageTarget */
/** @typedef {import('./targets.mjs').TargetArch} TargetArch */

const workFolder = path.join(cacheDir, 'package');

/** @param {string} line */
const say = (line) => console.log(line);

function readArguments() {
  const { values } = parseArgs({
    options: {
      target: { type: 'string', multiple: true },
      arch: { type: 'string' },
      'update-feed': { type: 'string' },
      'allow-trial-runtime': { type: 'boolean', default: false },
    },
  });
  const arch = values.arch ?? process.arch;
  if (arch !== 'x64' && arch !== 'arm64') throw new Error(`--arch is x64 or arm64, not ${arch}.`);
  const unknown = values.target?.find((name) => packageTargets.every((target) => target.name !== name));
  if (unknown !== undefined) throw new Error(`${unknown} is no target; there are ${packageTargets.map(({ name }) => name).join(', ')}.`);
  const updateFeed = values['update-feed'];
  if (updateFeed !== undefined && new URL(updateFeed).protocol !== 'https:') throw new Error('--update-feed must be an https: address.');
  return { names: values.target, arch: /** @type {TargetArch} */ (arch), updateFeed, allowTrial: values['allow-trial-runtime'] };
}

/** @returns {Promise<boolean>} whether electron-builder can fetch its tools */
async function doesGithubAnswer() {
  try {
    const reply = await fetch('https://github.com/electron-userland/electron-builder-binaries/releases', { method: 'HEAD', signal: AbortSignal.timeout(5000) });
    return reply.ok;
  } catch {
    // Whatever went wrong on the way: it can't.
    return false;
  }
}

/**
 * @param {{ names?: string[], arch: TargetArch, isTrial: boolean }} options
 * @returns {Promise<PackageTarget[]>} what will be made; says of the others why not
 */
async function chooseTargets({ names, arch, isTrial }) {
  const machine = {
    platform: process.platform, arch: process.arch, isTrialRuntime: isTrial,
    reachesGithub: await doesGithubAnswer(),
    has: isOnPath,
    hasModule: (/** @type {string} */ folder) => fs.existsSync(fromRoot('node_modules', folder)),
  };
  const chosen = [];
  say(`Packages for ${arch}:`);
  for (const target of packageTargets.filter(({ name }) => names === undefined || names.includes(name))) {
    const reason = whyNotHere(target, arch, machine);
    if (reason === undefined) chosen.push(target);
    say(`  ${target.name.padEnd(9)} ${target.makes}${reason === undefined ? '' : ` — not made here: ${reason}`}`);
  }
  return chosen;
}

/** Licences of all packages in the bundles, as Vite collected them beside each. @returns {string} path of the file */
function collectLicences() {
  const text = ['main', 'cli', 'renderer']
    .map((target) => fs.readFileSync(fromRoot('dist', target, 'licences.md'), 'utf8'))
    .join('\n\n');
  const file = path.join(workFolder, 'LICENSES.packages.md');
  fs.writeFileSync(file, text);
  return file;
}

/** Tools of this machine in place of those that electron-builder would download. */
function useLocalTools() {
  if (process.platform !== 'linux') return;
  const sevenZip = (process.env.PATH ?? '').split(':').map((folder) => path.join(folder, '7za')).find((file) => fs.existsSync(file));
  if (sevenZip !== undefined) process.env.ELECTRON_BUILDER_7ZIP_PATH = sevenZip;
  process.env.CUSTOM_FPM_PATH = fromRoot('build', 'packaging', 'fpm.mjs');
}

async function main() {
  const { names, arch, updateFeed, allowTrial } = readArguments();
  await ensureDependencies(say);
  const isLinux = process.platform === 'linux';
  if (isLinux && isDebian() && isRoot()) await ensureDebianPackages({ packages: packagesFor(['dist']), why: 'make packages', say });
  const runtime = await ensureElectron(say);
  if (runtime.isTrial && !allowTrial) {
    throw new Error(
      `The current Electron could not be downloaded, and the stand-in (${runtime.version}, end-of-life) is never shipped. ` +
        'To make trial packages of it for tests: npm run dist -- --allow-trial-runtime',
    );
  }
  const targets = await chooseTargets({ names, arch, isTrial: runtime.isTrial });
  if (targets.length === 0) throw new Error('None of these can be made on this machine.');

  await bundle({ say });
  fs.mkdirSync(workFolder, { recursive: true });
  const { renderIcons } = await import('../icons/render-icons.mjs');
  const { builderConfig } = await import('./builder-config.mjs');
  const { prepareLinuxContents } = await import('./linux-contents.mjs');
  const { product } = await import('./product.mjs');
  const { build, Arch, Platform } = await import('electron-builder');
  const iconFolder = path.join(workFolder, 'icons');
  renderIcons(iconFolder);
  // A pre-release in Debian's and rpm's order too: whatever is released later replaces it.
  const version = runtime.isTrial ? `${product.version}-trial` : product.version;
  const config = builderConfig({
    electronVersion: runtime.version || officialVersion(),
    electronDist: arch === process.arch && process.platform !== 'darwin' ? path.dirname(runtime.executable) : undefined,
    isTrial: runtime.isTrial,
    version, iconFolder, updateFeed,
    licencesFile: collectLicences(),
    linuxContents: isLinux ? await prepareLinuxContents(path.join(workFolder, 'linux'), version) : { deb: [], rpm: [] },
  });
  useLocalTools();
  const platform = isLinux ? Platform.LINUX : process.platform === 'win32' ? Platform.WINDOWS : Platform.MAC;
  const files = await build({
    projectDir: fromRoot(), publish: 'never', config,
    targets: platform.createTarget(targets.map(({ name }) => name), Arch[arch]),
  });
  say(`\nIn ${releaseFolder}:`);
  for (const file of files.sort()) say(`  ${path.basename(file).padEnd(44)} ${(fs.statSync(file).size / 1e6).toFixed(1).padStart(7)} MB`);
  if (runtime.isTrial) say(`These are trial packages on Electron ${runtime.version}: for tests, never for users.`);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
