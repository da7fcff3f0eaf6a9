import { appendFile, chmod, mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../shared/errors/app-error';
import { hostKeyAlgorithmsOf } from './algorithms';
import {
  fingerprintOf, hostsFieldMatches, keyTypeOf, lineToAppend, parseKnownHosts, type KnownHostLine,
} from './known-hosts-file';

/** A line of one of the files, with the file it stands in. */
export interface KnownKey extends KnownHostLine {
  file: string;
  /** It names the host without the port in question: as with ssh(1), the same key is then known, another one unheard of. */
  otherPort: boolean;
}

/** What the files say of a key. `expected` is the `SHA256:…` fingerprint of the key that was known. */
export type HostKeyVerdict =
  | { kind: 'known' }
  /** `trustsAuthority`: a `@cert-authority` line matches, but certificates are not supported, so the plain key is new. */
  | { kind: 'unknown'; trustsAuthority: boolean }
  | { kind: 'changed'; file: string; line: number; keyType: string; expected: string }
  | { kind: 'revoked'; file: string; line: number };

/**
 * All lines about a host, from files read in this order. A missing file is empty.
 * @param name see `knownHostName`
 * @throws AppError `hostkey.file` when a file exists and can't be read: then nothing can be verified.
 */
export async function readKnownKeys(files: readonly string[], name: string): Promise<KnownKey[]> {
  const portless = /^\[(.+)\]:\d+$/.exec(name)?.[1];
  const keys: KnownKey[] = [];
  for (const file of files) {
    const text = await readIfThere(file);
    for (const line of parseKnownHosts(text)) {
      if (hostsFieldMatches(line.hosts, name)) keys.push({ ...line, file, otherPort: false });
      else if (portless !== undefined && hostsFieldMatches(line.hosts, portless)) keys.push({ ...line, file, otherPort: true });
    }
  }
  return keys;
}

/** Key types that may be asked for first (see `offeredAlgorithms`). */
export function knownKeyTypes(keys: readonly KnownKey[]): string[] {
  return [...new Set(keys.filter((key) => key.marker === null && !key.otherPort).map((key) => key.keyType))];
}

/**
 * Judges a server's key. Stricter than ssh(1) in one point: where the files know a key of a type that was offered, and
 * the server shows one of another type instead, that is a change, not a stranger. The known types are asked for first,
 * so a server that still had the known key would have shown it.
 */
export function checkHostKey(keys: readonly KnownKey[], presented: Buffer): HostKeyVerdict {
  const revoked = keys.find((key) => key.marker === 'revoked' && key.key.equals(presented));
  if (revoked) return { kind: 'revoked', file: revoked.file, line: revoked.line };
  const plain = keys.filter((key) => key.marker === null);
  if (plain.some((key) => key.key.equals(presented))) return { kind: 'known' };
  const type = keyTypeOf(presented);
  const usable = plain.filter((key) => !key.otherPort && hostKeyAlgorithmsOf(key.keyType).length > 0);
  const rival = usable.find((key) => key.keyType === type) ?? usable[0];
  if (rival) {
    return { kind: 'changed', file: rival.file, line: rival.line, keyType: rival.keyType, expected: fingerprintOf(rival.key) };
  }
  return { kind: 'unknown', trustsAuthority: keys.some((key) => key.marker === 'cert-authority' && !key.otherPort) };
}

/**
 * Appends a host's key to a file, which is made (0600, its folder 0700) when missing. What the file holds is not touched.
 * @throws AppError `hostkey.file`
 */
export async function addKnownHost(file: string, name: string, key: Buffer): Promise<void> {
  const existing = await readIfThere(file);
  try {
    const folder = path.dirname(file);
    if ((await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined) await chmod(folder, 0o700);
    const handle = await open(file, 'a', 0o600);
    await handle.close();
    await appendFile(file, lineToAppend(existing, name, key));
  } catch (error) {
    throw new AppError('hostkey.file', 'The host key could not be saved', `${file}: ${reasonOf(error)}`, {
      hint: 'Make the file writable, or choose another known_hosts file.',
    });
  }
}

async function readIfThere(file: string): Promise<string> {
  try {
    // latin1 keeps every byte as one character: the file may hold comments in any encoding.
    return await readFile(file, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new AppError('hostkey.file', 'The list of known host keys can\'t be read', `${file}: ${reasonOf(error)}`, {
      hint: 'Without it the host can\'t be told from an impostor, so nothing was sent. Make the file readable and connect again.',
    });
  }
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied.';
  if (code === 'EISDIR') return 'it is a folder.';
  if (code === 'EROFS') return 'the file system is read-only.';
  return `${error instanceof Error ? error.message : String(error)}.`;
}
