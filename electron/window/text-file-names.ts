import type { open, stat } from 'node:fs/promises';

/** What a file may end in; the first is what a name without one gets. */
export const textFileKinds = {
  network: { extensions: ['xml'], fallback: 'network', whatIsUsual: 'a network\'s definition has some hundred lines' },
  lab: { extensions: ['yaml', 'yml'], fallback: 'lab', whatIsUsual: 'a lab file has some hundred lines' },
} as const;
export type TextFileKind = keyof typeof textFileKinds;

/** A name that every file system takes, from whatever the page suggests: no folder, no leading dot, ends as its kind does. */
export function fileNameOf(suggested: string, kind: TextFileKind): string {
  const { extensions, fallback } = textFileKinds[kind];
  const base = suggested.replace(new RegExp(`\\.(${extensions.join('|')})$`, 'i'), '').replace(/[\\/:*?"<>|\p{Cc}]+/gu, '_').replace(/^[. ]+|[. ]+$/g, '').slice(0, 100);
  return `${base === '' ? fallback : base}.${extensions[0]}`;
}

/** `a.xml`, then `a-2.xml`, … */
export function freeFileName(name: string, attempt: number): string {
  return attempt === 1 ? name : name.replace(/\.xml$/, `-${attempt}.xml`);
}

interface FileAccess { open: typeof open; stat: typeof stat }

/** A text file in UTF-8 of at most `longest` bytes. Never rejects: `problem` says in a sentence why there is no text. */
export async function readTextFile(path: string, kind: TextFileKind, longest: number, { open: openFile, stat: statFile }: FileAccess): Promise<{ text: string | null; problem: string | null }> {
  try {
    const { size } = await statFile(path);
    if (size > longest) return refused(`It is ${(size / 1_000_000).toFixed(1)} MB long; ${textFileKinds[kind].whatIsUsual}. More than 1 MB is not read.`);
    const handle = await openFile(path, 'r');
    try {
      // A file may grow, and a device has no size: no more than the limit is ever read.
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(longest + 1), 0, longest + 1, 0);
      if (bytesRead > longest) return refused('It is longer than 1 MB, which is not read.');
      return { text: new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, bytesRead)), problem: null };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof TypeError) return refused('It is no text in UTF-8.');
    return refused(`It can't be read: ${(error as Error).message}.`);
  }
}

function refused(problem: string): { text: null; problem: string } {
  return { text: null, problem };
}
