import { BrowserWindow, dialog } from 'electron';
import { open, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { longestLabFile } from '../../shared/domain/labs/lab-problem';
import { longestDocument } from '../../shared/domain/xml-problem';
import { fileNameOf, freeFileName, readTextFile, textFileKinds } from './text-file-names';

/**
 * Files of the user's choice, by the system's own dialogs: the page names no path, it only suggests a name and gives or gets a text.
 */

const labFiles = [{ name: 'Lab files', extensions: [...textFileKinds.lab.extensions] }, { name: 'All files', extensions: ['*'] }];
const xmlFiles = [{ name: 'XML', extensions: ['xml'] }, { name: 'All files', extensions: ['*'] }];

/** One text where the user says; several into a folder, beside what is there. Returns file names; null: cancelled. */
export async function saveTextFiles(files: readonly { name: string; text: string }[]): Promise<string[] | null> {
  const [first] = files;
  if (!first) return [];
  if (files.length > 1) return saveIntoFolder(files);
  const name = await saveWhereAsked({ title: 'Export', defaultPath: fileNameOf(first.name, 'network'), filters: xmlFiles }, first.text);
  return name === null ? null : [name];
}

/** A lab file where the user says. Returns the file's name; null: cancelled. */
export function saveLabFile(name: string, text: string): Promise<string | null> {
  return saveWhereAsked({ title: 'Save the lab file', defaultPath: fileNameOf(name, 'lab'), filters: labFiles }, text);
}

async function saveWhereAsked(options: Electron.SaveDialogOptions, text: string): Promise<string | null> {
  const window = BrowserWindow.getFocusedWindow();
  const { canceled, filePath } = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options));
  if (canceled || !filePath) return null;
  await writeFile(filePath, text);
  return path.basename(filePath);
}

async function saveIntoFolder(files: readonly { name: string; text: string }[]): Promise<string[] | null> {
  const options: Electron.OpenDialogOptions = { title: 'Export into a folder', buttonLabel: 'Export here', properties: ['openDirectory', 'createDirectory'] };
  const window = BrowserWindow.getFocusedWindow();
  const { canceled, filePaths } = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
  const folder = filePaths[0];
  if (canceled || folder === undefined) return null;
  const names: string[] = [];
  for (const { name, text } of files) names.push(await writeNew(folder, fileNameOf(name, 'network'), text));
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
  return Promise.all(filePaths.slice(0, 100).map(async (file) => ({ name: path.basename(file), ...await readTextFile(file, 'network', longestDocument, { open, stat }) })));
}

/** The lab file the user chooses; one that can't be read comes with the reason. Null: cancelled. */
export async function openLabFile(): Promise<{ name: string; text: string | null; problem: string | null } | null> {
  const options: Electron.OpenDialogOptions = { title: 'Open a lab file', filters: labFiles, properties: ['openFile'] };
  const window = BrowserWindow.getFocusedWindow();
  const { canceled, filePaths: [file] } = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
  return canceled || file === undefined ? null : { name: path.basename(file), ...await readTextFile(file, 'lab', longestLabFile, { open, stat }) };
}
