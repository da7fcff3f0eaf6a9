// @ts-check
/** What the .deb and .rpm hold besides /opt/Netwright: the command, man page, AppStream data, icon, documents. */
import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { fromRoot } from '../paths.mjs';
import { runOrThrow } from '../run-command.mjs';
import { manPage } from './man-page.mjs';
import { installFolder, product } from './product.mjs';

/** @typedef {{ deb: string[], rpm: string[] }} LinuxContents by kind of package */

/** The day of the build, or of SOURCE_DATE_EPOCH (reproducible-builds.org), like 2026-01-31. */
const buildDate = () => {
  const epoch = process.env.SOURCE_DATE_EPOCH;
  return (epoch ? new Date(Number(epoch) * 1000) : new Date()).toISOString().slice(0, 10);
};

/** In Debian's machine-readable form (DEP-5). */
function copyrightFile() {
  const licence = fs.readFileSync(fromRoot('LICENSE'), 'utf8').trim().split('\n');
  const text = licence.map((line) => (line.trim() === '' ? ' .' : ` ${line}`)).join('\n');
  return [
    'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/',
    `Upstream-Name: ${product.title}`,
    `Comment: Licences of Electron, Chromium and the bundled packages: ${installFolder}/LICENSE*`,
    '',
    'Files: *', 'Copyright: The Netwright authors', 'License: Expat', text, '',
  ].join('\n');
}

/**
 * Writes these files to a folder and returns them as fpm's SOURCE=/DESTINATION.
 * @param {string} folder is made
 * @param {string} version of the package
 * @returns {Promise<LinuxContents>}
 */
export async function prepareLinuxContents(folder, version) {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  /** @param {string} name @param {string | Buffer} content */
  const write = (name, content) => {
    fs.writeFileSync(path.join(folder, name), content);
    return path.join(folder, name);
  };
  const { stdout: help } = await runOrThrow(process.execPath, [fromRoot('dist', 'cli', 'netwright.cjs'), '--help']);
  const metainfoName = `${product.appId}.metainfo.xml`;
  const metainfo = fs.readFileSync(fromRoot('build', 'packaging', 'linux', metainfoName), 'utf8')
    .replace('@VERSION@', version).replace('@DATE@', buildDate());
  const command = path.join(folder, product.name);
  fs.symlinkSync(`${installFolder}/bin/${product.name}`, command);
  const documents = `/usr/share/doc/${product.name}`;
  const common = [
    `${command}=/usr/bin/${product.name}`,
    `${write('netwright.1.gz', gzipSync(manPage(help, { version, date: buildDate() }), { level: 9 }))}=/usr/share/man/man1/netwright.1.gz`,
    `${write(metainfoName, metainfo)}=/usr/share/metainfo/${metainfoName}`,
    `${fromRoot('build', 'icons', 'netwright.svg')}=/usr/share/icons/hicolor/scalable/apps/${product.name}.svg`,
    `${write('copyright', copyrightFile())}=${documents}/copyright`,
    `${fromRoot('CHANGELOG.md')}=${documents}/CHANGELOG.md`,
  ];
  // By it electron-updater knows how the app was installed.
  const packageType = (/** @type {string} */ type) => `${write(`type-${type}`, type)}=${installFolder}/resources/package-type`;
  return { deb: [...common, packageType('deb')], rpm: [...common, packageType('rpm')] };
}
