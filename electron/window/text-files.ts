import { BrowserWindow, dialog } from 'electron';
import { open, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { longestDocument } from '../../shared/domain/xml-problem';
import { fileNameOf, freeFileName, readTextFile } from './text-file-names';

/**
 * Files of the user's choice, by the system's own dialogs: the page names no path, it only suggests a name and gives or gets a text.
 */

const xmlFiles = [{ name: 'XML', extensions: ['xml'] }, { name: 'All files', extensions: ['*'] }];

/** One text where the user says; several into a folder, beside what is there. Returns file names; null: cancelled. */
export async function saveTextFiles(files: readonly { name: string; text: string }[]): Promise<string[] | null> {
  const [first] = files;
  if (!first) return [];
  if (files.length > 1) return saveIntoFolder(files);
  const options: Electron.SaveDialogOptions = { title: 'Export', defaultPath: fileNameOf(first.name), filters: xmlFiles };
  const window = BrowserWindow.getFocusedWindow();
  const { canceled, filePath } = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options));
  if (canceled || !filePath) return null;
  await writeFile(filePath, first.text);
  return [path.basename(filePath)];
}

async function saveIntoFolder(files: readonly { name: string; text: string }[]): Promise<string[] | null> {
  const options: Electron.OpenDialogOptions = { title: 'Export into a folder', buttonLabel: 'Export here', properties: ['openDirectory', 'createDirectory'] };
  const window = BrowserWindow.getFocusedWindow();
  const { canceled, filePaths } = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
  const folder = filePaths[0];
  if (canceled || folder === undefined) return null;
  const names: string[] = [];
  for (const { name, text } of files) names.push(await writeNew(folder, fileNameOf(name), text));
  return names;
}

/** Nobody was asked about single files here, so none is overwritten. */
async function writeNew(folder: string, name: string, text: string): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const candidate = freeFileName(name, attempt);
    try {
      await writeFile(path.join(folder, candidate), text, { flag: 'wx' });
      return candidate;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt === 1000) throw error;
    }
  }
}

/** The files the user chooses; what is too long or no text is named with the reason instead. */
export async function openXmlFiles(): Promise<{ name: string; text: string | null; problem: string | null }[]> {
  const options: Electron.OpenDialogOptions = { title: 'Import network definitions', buttonLabel: 'Import', filters: xmlFiles, properties: ['openFile', 'multiSelections'] };
  const window = BrowserWindow.getFocusedWindow();
  const { canceled, filePaths } = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
  if (canceled) return [];
  return Promise.all(filePaths.slice(0, 100).map(async (file) => ({ name: path.basename(file), ...await readTextFile(file, longestDocument, { open, stat }) })));
}
