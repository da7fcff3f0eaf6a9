// @ts-check
/** Builds an .rpm with rpmbuild(8) from files that are there already. Spec files: rpm.org, "Spec file format". */
import fs from 'node:fs';
import path from 'node:path';
import { runOrThrow } from '../run-command.mjs';
import { required, stageContents, stagedFiles } from './fpm-arguments.mjs';
import { noHomepage } from './product.mjs';

/** @typedef {import('./fpm-arguments.mjs').PackageRequest} PackageRequest */

/** Folders of which every distribution's own packages are the owners. */
const foreignFolders = /^\/(opt|usr(\/(bin|share(\/(applications|doc|icons(\/hicolor(\/.*)?)?|man(\/man1)?|metainfo))?))?)?$/;

/** A percent sign starts a macro in a spec file. @param {string} text */
const literal = (text) => text.replaceAll('%', '%%');

/** @param {string | undefined} file */
const scriptText = (file) => (file === undefined ? '' : literal(fs.readFileSync(file, 'utf8').trim()));

/** @param {string} architecture Debian's or rpm's word for it @returns {string} rpm's */
export const rpmArchitecture = (architecture) => ({ amd64: 'x86_64', x64: 'x86_64', arm64: 'aarch64' })[architecture] ?? architecture;

/**
 * @param {string[]} files absolute paths
 * @returns {string[]} the folders they lie in that this package owns, so that removing it removes them
 */
export function ownedFolders(files) {
  const folders = new Set();
  for (const file of files) {
    for (let folder = path.posix.dirname(file); !foreignFolders.test(folder); folder = path.posix.dirname(folder)) folders.add(folder);
  }
  return [...folders].sort();
}

/**
 * @param {PackageRequest} request
 * @param {string[]} files absolute paths of what the package holds
 * @returns {string} the spec file
 */
export function rpmSpec(request, files) {
  const { options, depends } = request;
  const payload = options.compression === 'gzip' ? 'w1.gzdio' : 'w12T0.zstdio';
  const tags = [
    ['Name', required(request, 'name')],
    // A tilde sorts before the version itself, as Debian has it.
    ['Version', required(request, 'version')],
    ['Release', '1'],
    ['Summary', options.summary ?? ''],
    ['License', options.license ?? ''],
    ['Vendor', options.vendor ?? ''],
    ['URL', options.url === noHomepage ? '' : (options.url ?? '')],
    // Electron's own libraries below /opt are nobody else's business, and what is needed is listed.
    ['AutoReqProv', 'no'],
    ...depends.map((name) => ['Requires', name]),
  ];
  return [
    // Electron's files are shipped as they are: not stripped, no build ids, no byte code.
    '%global debug_package %{nil}',
    '%global __os_install_post %{nil}',
    '%define _build_id_links none',
    `%define _binary_payload ${payload}`,
    ...tags.filter(([, value]) => value !== '').map(([name, value]) => `${name}: ${literal(value ?? '')}`),
    '', '%description', literal(required(request, 'description').trim()),
    '', '%post', scriptText(options.afterInstall),
    '', '%postun', scriptText(options.afterRemove),
    '', '%files', '%defattr(-,root,root,-)',
    ...ownedFolders(files).map((folder) => `%dir "${folder}"`),
    ...files.map((file) => `"${literal(file)}"`),
    '',
  ].join('\n');
}

/**
 * @param {PackageRequest} request
 * @param {string} folder for temporary files; exists and is empty
 */
export async function buildRpm(request, folder) {
  const stage = path.join(folder, 'root');
  fs.mkdirSync(stage);
  stageContents(request.contents, stage);
  const specFile = path.join(folder, 'package.spec');
  fs.writeFileSync(specFile, rpmSpec(request, stagedFiles(stage)));
  await runOrThrow('rpmbuild', [
    '-bb', '--quiet', '--noclean', '--target', rpmArchitecture(required(request, 'architecture')), '--buildroot', stage,
    '--define', `_topdir ${folder}/rpm`, '--define', `_rpmdir ${folder}/out`, '--define', '_rpmfilename package.rpm', specFile,
  ]);
  const output = required(request, 'output');
  fs.rmSync(output, { force: true });
  fs.copyFileSync(path.join(folder, 'out', 'package.rpm'), output);
}
