/** Composition root of the desktop app: builds and wires everything, decides nothing. */
import { app, ipcMain, nativeTheme, session } from 'electron';
import type { BrowserWindow } from 'electron';
import log from 'electron-log/main';
import path from 'node:path';
import { eventChannel, type EventName, type EventPayload } from '../shared/contract/events';
import { createCore, type Core } from './core';
import { forwardEvents } from './ipc/forward-events';
import { handleProcedures, type IpcEventLike } from './ipc/handle-procedures';
import { createHandlers } from './ipc/handlers';
import { dataFolder } from './storage/data-folder';
import { isAppUrl } from './window/app-assets';
import { registerAppScheme, serveAppFrom, serveAppFromDevServer } from './window/app-protocol';
import { createDesktop, systemKeychain } from './window/desktop';
import { installAppMenu } from './window/install-menu';
import { lockEveryPage, lockSession } from './window/lockdown';
import { createMainWindow } from './window/main-window';
import { menuCommands } from './window/menu-commands';
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

function send<N extends EventName>(name: N, payload: EventPayload<N>): void {
  mainWindow?.webContents.send(eventChannel(name), payload);
}

/** The window's own top frame, still on the app's own page. */
const isTrusted = (event: IpcEventLike): boolean =>
  event.senderFrame !== null && event.senderFrame.parent === null && isAppUrl(event.senderFrame.url);

function logProblem(what: string, error: unknown): void {
  log.error(what, error);
}

function serve(core: Core): void {
  handleProcedures(ipcMain, createHandlers(core, createDesktop(__NETWRIGHT_VERSION__)), isTrusted, logProblem);
  forwardEvents(core, send);
  core.onSettingsChanged((settings) => { nativeTheme.themeSource = settings.theme; });
}

async function start(): Promise<void> {
  lockEveryPage();
  const coreReady = createCore({ folder: app.getPath('userData'), keychain: systemKeychain, onProblem: logProblem });
  await app.whenReady();
  lockSession(session.defaultSession, devServer);
  if (devServer) serveAppFromDevServer(devServer);
  else serveAppFrom(path.join(distFolder, 'renderer'));

  const core = await coreReady;
  nativeTheme.themeSource = core.settings.get().theme;
  serve(core);
  installAppMenu({
    facts: runtimeFacts(__NETWRIGHT_VERSION__), dev: __NETWRIGHT_DEV__, commands: menuCommands,
    onCommand: (command) => send('menu.command', { command }),
  });
  openMainWindow();
  core.connectAtStart();

  app.on('activate', () => { if (mainWindow === null) openMainWindow(); });
  closeCoreBeforeQuit(core);
}

/** Sessions end and state is written before the process does. */
function closeCoreBeforeQuit(core: Core): void {
  let closed = false;
  app.on('before-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    core.close()
      .catch((error: unknown) => logProblem('at the end', error))
      .finally(() => { closed = true; app.quit(); });
  });
}

// The window and the command line share one folder, unless Chromium's own switch names another.
if (!app.commandLine.hasSwitch('user-data-dir')) app.setPath('userData', dataFolder());
log.initialize({ spyRendererConsole: false, preload: false });
registerAppScheme();
app.on('window-all-closed', () => { if (process.platform !== 'darwin') app.quit(); });
app.on('second-instance', () => {
  if (mainWindow?.isMinimized()) mainWindow.restore();
  mainWindow?.focus();
});

// A second start shows the first one's window: two processes would fight over history and settings.
if (app.requestSingleInstanceLock()) void start();
else app.quit();
