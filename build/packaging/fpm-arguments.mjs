// @ts-check
/** The part of fpm's command line that electron-builder uses for deb and rpm. */
import fs from 'node:fs';
import path from 'node:path';

/** What each option is called here; all take a value, and a later one replaces an earlier one. */
const singleOptions = /** @type {const} */ ({
  '-s': 'source', '-t': 'target', '--architecture': 'architecture', '--name': 'name', '--version': 'version',
  '--maintainer': 'maintainer', '--vendor': 'vendor', '--url': 'url', '--license': 'license', '--category': 'category',
  '--description': 'description', '--package': 'output', '--after-install': 'afterInstall', '--after-remove': 'afterRemove',
  '--deb-priority': 'priority', '--deb-compression': 'compression', '--rpm-compression': 'compression',
  '--rpm-os': 'os', '--rpm-summary': 'summary',
});

/**
 * @typedef {object} PackageRequest
 * @property {Partial<Record<(typeof singleOptions)[keyof typeof singleOptions], string>>} options
 * @property {string[]} depends
 * @property {string[]} recommends
 * @property {{ from: string, to: string }[]} contents a file or link, or a folder (`from` ends with /) whose contents go
 *   to the folder `to`
 */

/**
 * @param {string[]} args
 * @returns {PackageRequest}
 * @throws {Error} at anything not known: a package that lacks what was asked for is worse than none
 */
export function parseFpmArguments(args) {
  /** @type {PackageRequest} */
  const request = { options: {}, depends: [], recommends: [], contents: [] };
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--force') continue;
    if (!arg.startsWith('-')) {
      const split = arg.lastIndexOf('=/');
      if (split < 1) throw new Error(`“${arg}” is not SOURCE=/DESTINATION.`);
      request.contents.push({ from: arg.slice(0, split), to: arg.slice(split + 1) });
      continue;
    }
    const value = rest.shift();
    if (value === undefined) throw new Error(`${arg} needs a value.`);
    if (arg === '-d' || arg === '--depends') request.depends.push(value);
    else if (arg === '--deb-recommends') request.recommends.push(value);
    else if (arg in singleOptions) request.options[singleOptions[/** @type {keyof typeof singleOptions} */ (arg)]] = value;
    else throw new Error(`${arg} is not known here.`);
  }
  return request;
}

/**
 * A value that the package cannot do without.
 * @param {PackageRequest} request
 * @param {keyof PackageRequest['options']} name
 * @returns {string}
 */
export function required(request, name) {
  const value = request.options[name];
  if (value === undefined) throw new Error(`No ${name} was given.`);
  return value;
}

/** Loaded, never run. */
const isLibrary = /\.so(\.\d+)*$/;

/**
 * Lays the contents out as they will be on the user's disk: folders and programs 755, other files 644, links kept.
 * @param {PackageRequest['contents']} contents
 * @param {string} stage an empty folder that stands for /
 */
export function stageContents(contents, stage) {
  for (const { from, to } of contents) {
    const target = path.join(stage, to);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.cpSync(from, target, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  }
  for (const entry of fs.readdirSync(stage, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const isProgram = entry.isDirectory() || ((fs.statSync(file).mode & 0o100) !== 0 && !isLibrary.test(entry.name));
    fs.chmodSync(file, isProgram ? 0o755 : 0o644);
  }
}

/** @param {string} stage @returns {string[]} paths of all files and links below it, absolute as on the user's disk, sorted */
export function stagedFiles(stage) {
  return fs.readdirSync(stage, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => `/${path.relative(stage, path.join(entry.parentPath, entry.name))}`)
    .sort();
}
