// @ts-check
/**
 * Installs missing Debian packages when the user is root (containers, CI); tells an ordinary user the one command to
 * run. On other systems it does nothing: their desktops bring what Electron needs.
 */
import fs from 'node:fs';
import { createHash } from 'node:crypto';
import { fromRoot } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { isStamped, writeStamp } from './stamp.mjs';

const dpkgStatusFile = '/var/lib/dpkg/status';
const aptEnvironment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };

/** @returns {boolean} */
export const isRoot = () => process.getuid?.() === 0;

/** @returns {boolean} whether this is Debian or a descendant of it */
export const isDebian = () => fs.existsSync('/etc/debian_version') && fs.existsSync(dpkgStatusFile);

/**
 * @param {string} text a package list as in debian-packages.txt
 * @returns {Map<string, string[]>} the names of each section; names before any section are under ''
 */
export function parsePackageList(text) {
  /** @type {Map<string, string[]>} */
  const sections = new Map();
  let names = /** @type {string[]} */ ([]);
  sections.set('', names);
  for (const rawLine of text.split('\n')) {
    const line = rawLine.replace(/#.*/, '').trim();
    const heading = /^\[([\w-]+)\]/.exec(line)?.[1];
    if (heading !== undefined) sections.set(heading, names = []);
    else if (line !== '') names.push(line);
  }
  return sections;
}

/**
 * @param {string} status the text of /var/lib/dpkg/status (format: deb-control(5) stanzas)
 * @returns {Set<string>} names of the installed packages and of what they provide
 */
export function installedPackages(status) {
  const installed = new Set();
  for (const stanza of status.split('\n\n')) {
    if (!/^Status: install ok installed$/m.test(stanza)) continue;
    const name = /^Package: (.+)$/m.exec(stanza)?.[1];
    if (name) installed.add(name.trim());
    const provided = /^Provides: (.+)$/m.exec(stanza)?.[1] ?? '';
    for (const item of provided.split(',')) installed.add(item.trim().split(/[ (]/)[0]);
  }
  return installed;
}

/** @param {string} wanted `a` or `a|b` @param {Set<string>} installed */
const isSatisfied = (wanted, installed) => wanted.split('|').some((name) => installed.has(name));

/** @returns {Promise<boolean>} whether apt knows a version of the package */
async function hasCandidate(/** @type {string} */ name) {
  const { stdout } = await runCommand('apt-cache', ['policy', name]);
  return /Candidate: (?!\(none\))/.test(stdout);
}

/** @param {string[]} wanted @returns {Promise<string[]>} one name for each `a|b` */
async function chooseNames(wanted) {
  return Promise.all(wanted.map(async (choice) => {
    const names = choice.split('|');
    for (const name of names) if (await hasCandidate(name)) return name;
    return names[names.length - 1] ?? choice;
  }));
}

/**
 * The names in some sections of build/debian-packages.txt.
 * @param {('window' | 'display' | 'checks' | 'dist')[]} sections
 * @returns {string[]}
 */
export function packagesFor(sections) {
  const lists = parsePackageList(fs.readFileSync(fromRoot('build', 'debian-packages.txt'), 'utf8'));
  return sections.flatMap((section) => lists.get(section) ?? []);
}

/**
 * Makes sure that packages are installed, as far as this user may.
 * @param {{ packages: string[], why: string, say: (line: string) => void }} options `why` completes "… needed to"
 * @throws {Error} with the command to run, when packages are missing and the user is not root
 */
export async function ensureDebianPackages({ packages, why, say }) {
  if (!isDebian()) return;
  // The check reads megabytes; as long as dpkg's database and the list are the same, so is its result.
  const stampName = `debian-${createHash('sha256').update(packages.join('\n')).digest('hex').slice(0, 12)}`;
  const stampValue = () => String(fs.statSync(dpkgStatusFile).mtimeMs);
  if (isStamped(stampName, stampValue())) return;

  const installed = installedPackages(fs.readFileSync(dpkgStatusFile, 'utf8'));
  const missing = packages.filter((name) => !isSatisfied(name, installed));
  if (missing.length > 0) {
    if (!isRoot()) {
      const names = await chooseNames(missing);
      throw new Error(
        `Debian packages are missing that are needed to ${why}. Please run this once, then start again:\n\n` +
          `  sudo apt-get install ${names.join(' ')}\n`,
      );
    }
    say(`Installing Debian packages needed to ${why}: ${missing.join(' ')} …`);
    await install(missing);
  }
  writeStamp(stampName, stampValue());
}

/** @param {string[]} missing */
async function install(missing) {
  const lists = fs.existsSync('/var/lib/apt/lists') ? fs.readdirSync('/var/lib/apt/lists') : [];
  const hasLists = lists.some((name) => /_Packages(\.\w+)?$/.test(name));
  let result = hasLists ? await aptInstall(missing) : undefined;
  // Old package lists name versions that the mirror no longer has.
  if (result?.code !== 0) {
    await apt(['update']);
    result = await aptInstall(missing);
  }
  if (result.code !== 0) {
    const tail = `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-20).join('\n');
    throw new Error(`apt-get could not install ${missing.join(' ')}:\n${tail}`);
  }
}

/** @param {string[]} missing */
const aptInstall = async (missing) => apt(['install', '--yes', '--no-install-recommends', ...await chooseNames(missing)]);

/** @param {string[]} args */
const apt = (args) => runCommand('apt-get', ['-o', 'DPkg::Lock::Timeout=120', '-q', ...args], { env: aptEnvironment });
