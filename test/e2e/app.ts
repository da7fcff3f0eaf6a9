/**
 * Starts the built app for end-to-end tests and drives its window through Playwright. The sandbox is on: as root the app
 * runs as an ordinary user. Nothing is assumed of the network but a loopback interface.
 */
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron } from 'playwright-core';
import type { ElectronApplication, Page } from 'playwright-core';
import { ensureElectron } from '../../build/electron-runtime.mjs';
import { root } from '../../build/paths.mjs';
import { appRootVariable } from './global-setup';
import { writeKeyringSession } from './keyring-session';
import { electronAsOrdinaryUser, giveToOrdinaryUser, writeStarter } from './ordinary-user';

export interface LaunchOptions {
  /** Added to a small clean environment (PATH, HOME, LANG and the display). */
  env?: Record<string, string>;
  /** Where settings, hosts and history are kept; a fresh folder, removed at the end, unless given. */
  userDataDir?: string;
  /** HOME of the app's user, kept at the end; a fresh one, removed at the end, unless given. */
  homeDir?: string;
  /** Gives the app a session bus and an unlocked GNOME keyring of its own, whose files are in its user's home. */
  keyring?: boolean;
  /** Copied to `~/.ssh` of the app's user, so that the app finds keys, config and known_hosts there. */
  sshFolder?: string;
}

export interface LaunchedApp {
  app: ElectronApplication;
  page: Page;
  /** HOME of the app's user; `.ssh` is in it. */
  homeDir: string;
  userDataDir: string;
  /** Errors the page threw or logged, in order. */
  pageErrors: string[];
  /** What to start for a second instance on the same data. */
  command: { executable: string; args: string[]; env: Record<string, string> };
  /** Quits the app, and removes what launchApp made. */
  close(): Promise<void>;
}

const isRoot = process.getuid?.() === 0;

/** The screen that global-setup.ts made sure of; its key is copied to where the app's user may read it. */
function displayEnvironment(folder: string): Record<string, string> {
  const { DISPLAY, XAUTHORITY, WAYLAND_DISPLAY, XDG_RUNTIME_DIR } = process.env;
  const env: Record<string, string> = {};
  if (DISPLAY) env['DISPLAY'] = DISPLAY;
  if (XAUTHORITY && existsSync(XAUTHORITY)) {
    env['XAUTHORITY'] = path.join(folder, 'authority');
    copyFileSync(XAUTHORITY, env['XAUTHORITY']);
  }
  if (!isRoot && WAYLAND_DISPLAY && XDG_RUNTIME_DIR) Object.assign(env, { WAYLAND_DISPLAY, XDG_RUNTIME_DIR });
  return env;
}

/**
 * Of a hundred launches or so, one is never reported as ready to Playwright, for a reason not found yet: it is tried once
 * more, and said, so that a start that really hangs still shows.
 */
async function launchPatiently(options: Parameters<typeof _electron.launch>[0]): Promise<ElectronApplication> {
  try {
    return await _electron.launch({ ...options, timeout: 30_000 });
  } catch (error) {
    if (!(error instanceof Error && error.name === 'TimeoutError')) throw error;
    console.warn('Electron was not reported as ready within 30 s; launching it once more.');
    return _electron.launch({ ...options, timeout: 30_000 });
  }
}

/** Starts the app and waits for its window's first page. */
export async function launchApp(options: LaunchOptions = {}): Promise<LaunchedApp> {
  const folder = mkdtempSync(path.join(tmpdir(), 'netwright-e2e-'));
  const homeDir = options.homeDir ?? path.join(folder, 'home');
  const userDataDir = options.userDataDir ?? path.join(folder, 'user-data');
  mkdirSync(homeDir, { recursive: true });
  mkdirSync(userDataDir, { recursive: true });
  if (options.sshFolder) cpSync(options.sshFolder, path.join(homeDir, '.ssh'), { recursive: true });
  const display = displayEnvironment(folder);

  const { executable: electron } = await ensureElectron(() => undefined);
  const through = options.keyring ? writeKeyringSession(folder) : [];
  let executable = electron;
  if (isRoot) {
    executable = electronAsOrdinaryUser({ folder, root, appRoot: process.env[appRootVariable] ?? root, electron, through });
    giveToOrdinaryUser(folder, homeDir, userDataDir);
  } else if (options.keyring) {
    executable = writeStarter(folder, [...through, electron]);
  }
  const env = { PATH: process.env['PATH'] ?? '', HOME: homeDir, LANG: 'C.UTF-8', ...display, ...options.env };
  const args = [root, `--user-data-dir=${userDataDir}`, ...options.keyring ? ['--password-store=gnome-libsecret'] : []];
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });

  let app: ElectronApplication | undefined;
  let page: Page;
  try {
    app = await launchPatiently({ executablePath: executable, args, env, cwd: folder, chromiumSandbox: true });
    page = await app.firstWindow({ timeout: 60_000 });
  } catch (error) {
    await app?.close();
    removeFolder();
    throw error;
  }
  const started = app;
  const pageErrors: string[] = [];
  page.on('pageerror', (error) => pageErrors.push(error.message));
  page.on('console', (message) => { if (message.type() === 'error') pageErrors.push(message.text()); });
  await page.waitForLoadState('load');
  return {
    app: started, page, homeDir, userDataDir, pageErrors,
    command: { executable, args, env },
    close: async () => {
      await started.close();
      removeFolder();
    },
  };
}
