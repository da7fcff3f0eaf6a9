import { writeFile } from 'node:fs/promises';
import { AppError } from '../../../shared/errors/app-error';

/** Writes a file that is not there yet. Throws AppError `input.invalid`. */
export async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new AppError('input.invalid', 'Nothing was written', code === 'EEXIST' ? `${file} is there already.` : message, code === 'EEXIST' ? { hint: 'Choose another name, or remove the file.' } : {});
  }
}
