/** Composition root of the desktop app: builds and wires everything, decides nothing. */
import { app, BrowserWindow, session } from 'electron';
import path from 'node:path';
import { registerAppScheme, serveAppFrom, serveAppFromDevServer } from './window/app-protocol';
import { installAppMenu } from './window/install-menu';
import { lockEveryPage, lockSession } from './window/lockdown';
import { createMainWindow } from './window/main-window';
import { runtimeFacts } from './window/runtime-facts';

/** Only development bundles ask for it: releases contain none of that code. */
const devServer = __NETWRIGHT_DEV__ ? process.env.NETWRIGHT_DEV_SERVER : undefined;

/** dist/, whose folders lie side by side in a checkout and in a package alike. */
const distFolder = path.join(__dirname, '..');

let mainWindow: BrowserWindow | null = null;

function openMainWindow(): void {
  mainWindow = createMainWindow(path.join(distFolder, 'preload', 'preload.cjs'));
  mainWindow.on('closed', () => { mainWindow = null; });
}

async function start(): Promise<void> {
  lockEveryPage();
  await app.whenReady();
  lockSession(session.defaultSession, devServer);
  if (devServer) serveAppFromDevServer(devServer);
  else serveAppFrom(path.join(distFolder, 'renderer'));
  installAppMenu({ facts: runtimeFacts(__NETWRIGHT_VERSION__), dev: __NETWRIGHT_DEV__, commands: [], onCommand: () => undefined });

  openMainWindow();
  app.on('activate', () => { if (mainWindow === null) openMainWindow(); });
}

registerAppScheme();
app.on('window-all-closed', () => { if (process.platform !== 'darwin') app.quit(); });
app.on('second-instance', () => {
  if (mainWindow?.isMinimized()) mainWindow.restore();
  mainWindow?.focus();
});

// A second start shows the first one's window: two processes would fight over history and settings.
if (app.requestSingleInstanceLock()) void start();
else app.quit();
