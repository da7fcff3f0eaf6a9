/** Composition root of the desktop app: opens the window, and has desktop-core.ts build the services behind it. */
import { app, ipcMain, session } from 'electron';
import type { BrowserWindow } from 'electron';
import path from 'node:path';
import { eventChannel, readyChannel } from '../shared/contract/client';
import type { EventName, EventPayload } from '../shared/contract/events';
import { dataFolder } from './storage/data-folder';
import { registerAppScheme, serveAppFrom, serveAppFromDevServer } from './window/app-protocol';
import { installAppMenu } from './window/install-menu';
import { lockEveryPage, lockSession } from './window/lockdown';
import { createMainWindow } from './window/main-window';
import { menuCommands } from './window/menu-commands';
import { runtimeFacts } from './window/runtime-facts';
import { findUpdateFeed } from './window/update-feed';

/** Only development bundles ask for it: releases contain none of that code. */
const devServer = __NETWRIGHT_DEV__ ? process.env.NETWRIGHT_DEV_SERVER : undefined;

/** dist/, whose folders lie side by side in a checkout and in a package alike. */
const distFolder = path.join(__dirname, '..');

let mainWindow: BrowserWindow | null = null;
let core: Promise<void> | null = null;

function openMainWindow(): void {
  mainWindow = createMainWindow(path.join(distFolder, 'preload', 'preload.cjs'));
  mainWindow.on('closed', () => { mainWindow = null; });
}

function send<N extends EventName>(name: N, payload: EventPayload<N>): boolean {
  mainWindow?.webContents.send(eventChannel(name), payload);
  return mainWindow !== null;
}

async function start(): Promise<void> {
  lockEveryPage();
  await app.whenReady();
  lockSession(session.defaultSession, devServer);
  if (devServer) serveAppFromDevServer(devServer);
  else serveAppFrom(path.join(distFolder, 'renderer'));
  const updateFeed = findUpdateFeed(process.env, process.resourcesPath);
  installAppMenu({
    facts: runtimeFacts(__NETWRIGHT_VERSION__), updateFeed, dev: __NETWRIGHT_DEV__, commands: menuCommands,
    onCommand: (command) => { send('menu.command', { command }); },
  });

  ipcMain.handle(readyChannel, () => (core ??= loadCore(updateFeed)));
  openMainWindow();
  app.on('activate', () => { if (mainWindow === null) openMainWindow(); });
}

/** Blocks this process for a moment: the page asks for it when it has its files and is busy itself. */
async function loadCore(updateFeed: string | null): Promise<void> {
  const { startCore } = await import('./desktop-core');
  await startCore(send, updateFeed);
}

// The window and the command line share one folder, unless Chromium's own switch names another.
if (!app.commandLine.hasSwitch('user-data-dir')) app.setPath('userData', dataFolder());
// Room for what a page makes while it starts: at V8's own first size (1 MB) that is collected over and over, and the first
// picture waits. In MB; for pages and workers only, this process runs already.
app.commandLine.appendSwitch('js-flags', '--min-semi-space-size=8');
registerAppScheme();
app.on('window-all-closed', () => { if (process.platform !== 'darwin') app.quit(); });
app.on('second-instance', () => {
  if (mainWindow?.isMinimized()) mainWindow.restore();
  mainWindow?.focus();
});

// A second start shows the first one's window: two processes would fight over history and settings.
if (app.requestSingleInstanceLock()) void start();
else app.quit();
