import { mkdir, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { z } from 'zod';
import { AppError } from '../../shared/errors/app-error';

/**
 * A small JSON document on disk, parsed by a schema and written whole: to a new file, flushed, then renamed over the
 * old one, so that a power cut leaves either version. A file that can't be understood is moved aside, never overwritten.
 */
export class JsonFile<S extends z.ZodType> {
  constructor(readonly path: string, private readonly schema: S, private readonly empty: () => z.infer<S>) {}

  async read(): Promise<{ value: z.infer<S>; setAside: string | null }> {
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { value: this.empty(), setAside: null };
      throw new AppError('storage.failed', 'A file of Netwright can\'t be read', `${this.path}: ${(error as Error).message}`);
    }
    const parsed = this.schema.safeParse(parseJson(text));
    if (parsed.success) return { value: parsed.data, setAside: null };
    const setAside = `${this.path}.broken-${Date.now()}`;
    await rename(this.path, setAside);
    return { value: this.empty(), setAside };
  }

  /** Writes one after the other where several are asked for at once. Mode 0600: the files name hosts and users. */
  write(value: z.infer<S>): Promise<void> {
    return writeWhole(this.path, `${JSON.stringify(value, null, 2)}\n`);
  }
}

/** Replaces a file in one step; other readers see the old or the new content, never a part. */
export async function writeWhole(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFileAtomic(path, text, { mode: 0o600 });
  } catch (error) {
    throw new AppError('storage.failed', 'A file of Netwright can\'t be written', `${path}: ${(error as Error).message}`, {
      hint: 'Check that the disk is not full and that the folder belongs to you.',
    });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema refuses it, and the file is set aside
  }
}
