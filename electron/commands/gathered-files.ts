import { unreadableReply } from './json-reply';

export interface GatheredFile {
  path: string;
  /** Null when this user may not read it. */
  content: string | null;
}

/**
 * What the gather script's `files` builtin printed: for each existing file `F <0|1> <bytes> <path>` and the content
 * (1: unreadable). Throws AppError `reply.unreadable`.
 */
export function parseGatheredFiles(stdout: string): GatheredFile[] {
  const bytes = Buffer.from(stdout, 'utf8');
  const files: GatheredFile[] = [];
  for (let at = 0; at < bytes.length;) {
    const lineEnd = bytes.indexOf(0x0a, at);
    const header = /^F ([01]) (\d{1,9}) (.+)$/s.exec(bytes.toString('utf8', at, lineEnd < 0 ? bytes.length : lineEnd));
    if (lineEnd < 0 || !header) throw unreadableReply('reading files', 'lost its place between two files', stdout);
    const end = lineEnd + 1 + Number(header[2]);
    if (end > bytes.length) throw unreadableReply('reading files', `ended inside ${header[3]}`, stdout);
    files.push({ path: header[3]!, content: header[1] === '1' ? null : bytes.toString('utf8', lineEnd + 1, end) });
    at = end;
  }
  return files;
}
