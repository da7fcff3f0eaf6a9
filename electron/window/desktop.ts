import { app, BrowserWindow, clipboard, dialog, safeStorage } from 'electron';
import { homedir } from 'node:os';
import path from 'node:path';
import type { Desktop } from '../ipc/handlers';
import type { Keychain } from '../storage/secret-store';
import { openAfterAsking } from './open-external';
import { openLabFile, openXmlFiles, saveLabFile, saveTextFiles } from './text-files';
import { runtimeFacts } from './runtime-facts';

/** The system's keychain by way of safeStorage; Linux without one says so, and secrets are then held for the session. */
export const systemKeychain: Keychain = {
  isAvailable: () => safeStorage.isEncryptionAvailable() && !isPlainTextBackend(),
  encrypt: (text) => safeStorage.encryptString(text),
  decrypt: (data) => safeStorage.decryptString(data),
};

/** `basic_text` encrypts with a key that is in Chromium's source: not a keychain. Electron before 26 can't tell. */
function isPlainTextBackend(): boolean {
  if (process.platform !== 'linux') return false;
  const storage = safeStorage as Partial<typeof safeStorage>;
  return storage.getSelectedStorageBackend?.() === 'basic_text';
}

/** The procedures that need a desktop: clipboard, dialogs, facts on the runtime. */
export function createDesktop(version: string, updateFeed: string | null): Desktop {
  return {
    about: () => ({
      ...runtimeFacts(version),
      secretStore: systemKeychain.isAvailable() ? 'keychain' : 'session',
      dataFolder: app.getPath('userData'),
      updateFeed,
    }),
    // A promise in newer Electron, done at once in older.
    copyText: async (text) => { await clipboard.writeText(text); },
    paste: () => BrowserWindow.getFocusedWindow()?.webContents.paste(),
    openExternal: openAfterAsking,
    saveTextFiles,
    openXmlFiles,
    openLabFile,
    saveLabFile,
    chooseKeyFile: async () => {
      const options: Electron.OpenDialogOptions = {
        title: 'Choose a private key', defaultPath: path.join(homedir(), '.ssh'), properties: ['openFile', 'showHiddenFiles'],
      };
      const window = BrowserWindow.getFocusedWindow();
      const { canceled, filePaths } = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
      return canceled ? null : (filePaths[0] ?? null);
    },
  };
}
