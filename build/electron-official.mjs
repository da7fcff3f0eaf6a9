// @ts-check
/** The Electron that package.json names: found where its npm package keeps it, or downloaded by that package. */
import fs from 'node:fs';
import path from 'node:path';
import { cacheDir, fromRoot } from './paths.mjs';
import { runCommand } from './run-command.mjs';

const packageDir = fromRoot('node_modules', 'electron');
const refusalFile = path.join(cacheDir, 'electron-download-refused.json');
const refusalLastsMs = 24 * 3600 * 1000;

/** How long a download may take once its server has answered, and how long we wait when it has not. */
const downloadLimitMs = 15 * 60 * 1000;
const silenceLimitMs = 15 * 1000;

/** @returns {string} the version package.json pins */
export function officialVersion() {
  return JSON.parse(fs.readFileSync(path.join(packageDir, 'package.json'), 'utf8')).version;
}

/** @returns {string | undefined} path of the executable, if that very version is there in full */
export function findOfficialElectron() {
  const versionFile = path.join(packageDir, 'dist', 'version');
  const pathFile = path.join(packageDir, 'path.txt');
  if (!fs.existsSync(versionFile) || !fs.existsSync(pathFile)) return undefined;
  if (fs.readFileSync(versionFile, 'utf8').trim().replace(/^v/, '') !== officialVersion()) return undefined;
  const executable = path.join(packageDir, 'dist', fs.readFileSync(pathFile, 'utf8').trim());
  return fs.existsSync(executable) ? executable : undefined;
}

/**
 * @param {string} version
 * @param {number} [now] milliseconds since 1970
 * @returns {boolean} whether the download of this version failed within the last day
 */
export function wasRecentlyRefused(version, now = Date.now()) {
  if (!fs.existsSync(refusalFile)) return false;
  const refusal = JSON.parse(fs.readFileSync(refusalFile, 'utf8'));
  return refusal.version === version && now - refusal.at < refusalLastsMs;
}

/** @param {string} version @returns {Promise<boolean>} whether the download server answers with the file */
async function doesServerAnswer(version) {
  const mirror = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror ?? 'https://github.com/electron/electron/releases/download/';
  const url = `${mirror}v${version}/electron-v${version}-${process.platform}-${process.arch}.zip`;
  try {
    const reply = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(5000) });
    return reply.ok;
  } catch {
    // Whatever went wrong on the way (name, connection, time): it did not answer.
    return false;
  }
}

/**
 * Lets the `electron` package download its runtime (it verifies the checksum). A failure is remembered for a day.
 * @param {(line: string) => void} say
 * @returns {Promise<string | undefined>} path of the executable; undefined when it could not be had
 */
export async function downloadOfficialElectron(say) {
  const version = officialVersion();
  if (wasRecentlyRefused(version)) return undefined;
  say(`Downloading Electron ${version} …`);
  const timeoutMs = (await doesServerAnswer(version)) ? downloadLimitMs : silenceLimitMs;
  const result = await runCommand(process.execPath, [path.join(packageDir, 'install.js')], { timeoutMs });
  const executable = result.code === 0 ? findOfficialElectron() : undefined;
  if (executable === undefined) {
    fs.mkdirSync(cacheDir, { recursive: true });
    fs.writeFileSync(refusalFile, JSON.stringify({ version, at: Date.now() }));
  }
  return executable;
}
