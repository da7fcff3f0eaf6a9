/**
 * Runs the app as an ordinary user when the tests run as root: Chromium's sandbox refuses root, and it shall be on in the
 * tests as it is for users.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const userName = 'netwright-e2e';

/** The user's and its group's number; the user is made if it does not exist. */
function ordinaryUser(): { uid: number; gid: number } {
  if (spawnSync('id', [userName]).status !== 0) {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', userName]);
  }
  const id = (option: string): number => Number(execFileSync('id', [option, userName], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** Arguments of setpriv(1) before the program to run as the ordinary user. */
function dropPrivileges(): string[] {
  const { uid, gid } = ordinaryUser();
  return ['--reuid', String(uid), '--regid', String(gid), '--clear-groups', '--inh-caps=-all', '--'];
}

/** Playwright makes Electron load this before the app. */
const playwrightLoader = 'node_modules/playwright-core/lib/server/electron';

/**
 * Copies what the app runs from (bundles, runtime, Playwright's loader) to where everybody may read it, if the checkout
 * is closed to the ordinary user, as below /root.
 *
 * @param electron path of the executable
 * @returns the copy; undefined when the checkout can be read
 */
export function makeReadableCopy(root: string, electron: string): { folder: string; remove(): void } | undefined {
  const files = [path.join(root, 'dist/main/main.cjs'), electron, path.join(root, playwrightLoader, 'loader.js')];
  const test = 'for file; do test -r "$file" || exit 1; done';
  if (spawnSync('setpriv', [...dropPrivileges(), 'sh', '-c', test, 'sh', ...files]).status === 0) return undefined;

  const folder = mkdtempSync(path.join(tmpdir(), 'netwright-e2e-app-'));
  chmodSync(folder, 0o755);
  // node-pty is the one package that the bundles leave outside; its native half is a package of its own.
  for (const part of ['package.json', 'dist', 'node_modules/node-pty', 'node_modules/@lydell', path.relative(root, path.dirname(electron)), playwrightLoader]) {
    cpSync(path.join(root, part), path.join(folder, part), { recursive: true, verbatimSymlinks: true });
  }
  execFileSync('chmod', ['-R', 'a+rX', folder]);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * Writes an executable that starts Electron as the ordinary user; paths into the checkout, in its arguments too, are
 * changed into paths into the app's root.
 *
 * @param options.folder where the executable is put
 * @param options.appRoot the checkout or its readable copy
 * @param options.through a program that is given Electron and its arguments, and starts them
 * @returns its path
 */
export function electronAsOrdinaryUser(options: { folder: string; root: string; appRoot: string; electron: string; through: string[] }): string {
  const { folder, root, appRoot, electron, through } = options;
  const wrapper = path.join(folder, 'electron-as-user');
  writeFileSync(wrapper, [
    '#!/bin/bash',
    `checkout=${quote(root)} app=${quote(appRoot)}`,
    `exec setpriv ${[...dropPrivileges(), ...through, electron.replace(root, appRoot)].map(quote).join(' ')} "\${@//"$checkout"/"$app"}"`,
    '',
  ].join('\n'), { mode: 0o755 });
  return wrapper;
}

/** Writes an executable that starts a program with these arguments, and its own behind them. @returns its path */
export function writeStarter(folder: string, argv: readonly string[]): string {
  const starter = path.join(folder, 'start');
  writeFileSync(starter, `#!/bin/sh\nexec ${argv.map(quote).join(' ')} "$@"\n`, { mode: 0o755 });
  return starter;
}

/** Gives files and folders, with all they hold, to the ordinary user. */
export function giveToOrdinaryUser(...paths: string[]): void {
  const { uid, gid } = ordinaryUser();
  execFileSync('chown', ['-R', `${uid}:${gid}`, ...paths]);
}
