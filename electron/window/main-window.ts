import { app, BrowserWindow, nativeTheme, screen } from 'electron';
import path from 'node:path';
import { appStartUrl } from './app-assets';
import { minimumSize, placeWindow, readSavedBounds, saveBounds } from './window-bounds';

/** The page's own background per theme, so that neither opening nor resizing flashes another colour. */
const background = { light: '#f4f2ee', dark: '#161513' };

const themeBackground = (): string => (nativeTheme.shouldUseDarkColors ? background.dark : background.light);

/**
 * Opens the app's one window, hidden until its first frame is painted. It remembers place and size in the user data
 * folder. Set `nativeTheme.themeSource` from the settings first: the background follows it.
 *
 * @param preloadScript absolute path of the bundled preload script
 */
export function createMainWindow(preloadScript: string): BrowserWindow {
  const boundsFile = path.join(app.getPath('userData'), 'window.json');
  const saved = readSavedBounds(boundsFile);
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id);
  const window = new BrowserWindow({
    ...placeWindow(saved?.bounds ?? null, [primary, ...others].map((display) => display.workArea)),
    minWidth: minimumSize.width,
    minHeight: minimumSize.height,
    show: false,
    title: 'Netwright',
    backgroundColor: themeBackground(),
    webPreferences: {
      preload: preloadScript,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      // Chromium would fetch dictionaries from the internet.
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => {
    if (saved?.maximized) window.maximize();
    window.show();
  });
  window.on('close', () => saveBounds(boundsFile, { bounds: window.getNormalBounds(), maximized: window.isMaximized() }));

  const followTheme = (): void => window.setBackgroundColor(themeBackground());
  nativeTheme.on('updated', followTheme);
  window.on('closed', () => nativeTheme.off('updated', followTheme));

  void window.loadURL(appStartUrl);
  return window;
}
