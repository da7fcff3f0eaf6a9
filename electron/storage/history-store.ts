import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { historyEntrySchema, type HistoryEntry } from '../../shared/domain/plan';
import { AppError } from '../../shared/errors/app-error';
import { writeWhole } from './json-file';

/** Where History keeps its entries. */
export interface HistoryStore {
  /** All entries, in no order; files that can't be understood are set aside and named. */
  load(): Promise<{ entries: HistoryEntry[]; setAside: string[] }>;
  /** Writes a new entry, or replaces the one of the same id. Throws `storage.failed`. */
  save(entry: HistoryEntry): Promise<void>;
}

/** One JSON file an entry: a damaged one costs one entry, and an entry can be read and mailed by itself. */
export class FileHistoryStore implements HistoryStore {
  constructor(private readonly folder: string) {}

  async load(): Promise<{ entries: HistoryEntry[]; setAside: string[] }> {
    const names = await this.fileNames();
    const entries: HistoryEntry[] = [];
    const setAside: string[] = [];
    for (const name of names) {
      const path = join(this.folder, name);
      const entry = parseEntry(await readFile(path, 'utf8'));
      if (entry) entries.push(entry);
      else {
        const aside = `${path}.broken-${Date.now()}`;
        await rename(path, aside);
        setAside.push(aside);
      }
    }
    return { entries, setAside };
  }

  save(entry: HistoryEntry): Promise<void> {
    return writeWhole(join(this.folder, fileName(entry)), `${JSON.stringify(entry, null, 2)}\n`);
  }

  private async fileNames(): Promise<string[]> {
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      return (await readdir(this.folder)).filter((name) => name.endsWith('.json'));
    } catch (error) {
      throw new AppError('storage.failed', 'The history can\'t be read', `${this.folder}: ${(error as Error).message}`);
    }
  }
}

/** Sorts by time in a directory listing; ids are ours, but become no path by accident. */
function fileName(entry: HistoryEntry): string {
  return `${entry.run.startedAt.replace(/[^0-9TZ]/g, '')}-${entry.id.replace(/[^\w-]/g, '_')}.json`;
}

function parseEntry(text: string): HistoryEntry | null {
  try {
    return historyEntrySchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null; // not JSON at all: set aside like any other file that can't be understood
  }
}
