import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { utils, type ParsedKey } from 'ssh2';
import { AppError } from '../../../shared/errors/app-error';
import { isEncryptedPkcs8, isPkcs8, readPkcs8 } from './pkcs8-key';
import type { AskHere } from './ssh-runner-options';

/** A private key as it lies in its file; `unlock` gives the key itself. */
export interface KeyFile {
  path: string;
  encrypted: boolean;
  /** Null for an encrypted PEM file without a `.pub` beside it: such a key says nothing before it is unlocked. */
  publicKey: ParsedKey | null;
  text: string;
}

/** Larger files are no keys: they are not read at all. */
const maxKeyBytes = 256 * 1024;

/** `~/` at the start of a path names the home directory. */
export function expandHome(file: string, homeDirectory: string): string {
  return file === '~' || /^~[\\/]/.test(file) ? path.join(homeDirectory, file.slice(2)) : file;
}

/**
 * Reads a private key file (OpenSSH's own format, PEM, PKCS#8, PuTTY's version 2) without unlocking it.
 * @throws AppError `auth.key-unreadable`, `auth.key-unsupported`
 */
export async function readKeyFile(file: string): Promise<KeyFile> {
  const text = await readText(file);
  refuseOtherFormats(file, text);
  if (text.includes('-----BEGIN OPENSSH PRIVATE KEY-----')) {
    const { cipher, publicBlob } = readOpenSshHeader(file, text);
    const publicKey = utils.parseKey(publicBlob);
    if (publicKey instanceof Error) throw unsupported(file, `it holds a key of type ${typeOfBlob(publicBlob)}, which Netwright can't use`);
    return { path: file, encrypted: cipher !== 'none', publicKey: one(publicKey), text };
  }
  if (/^Proc-Type: 4,ENCRYPTED/m.test(text) || isEncryptedPkcs8(text) || /^Encryption: aes256-cbc/m.test(text)) {
    return { path: file, encrypted: true, publicKey: await readPublicHalf(`${file}.pub`), text };
  }
  if (isPkcs8(text)) {
    const reading = readPkcs8(text, undefined);
    if (reading.kind !== 'key') throw unsupported(file, reading.kind === 'unusable' ? reading.reason : 'it is damaged');
    return { path: file, encrypted: false, publicKey: one(parse(file, reading.text)), text: reading.text };
  }
  const key = utils.parseKey(text);
  if (key instanceof Error) throw unsupported(file, `it is damaged or no SSH key (${key.message})`);
  return { path: file, encrypted: false, publicKey: one(key), text };
}

/**
 * The private key, asking for its passphrase up to three times where it has one.
 * @throws AppError `cancelled`, `auth.wrong-passphrase`, `auth.key-unsupported`
 */
export async function unlockKeyFile(file: KeyFile, ask: AskHere): Promise<ParsedKey> {
  if (!file.encrypted) return one(parse(file.path, file.text));
  let problem: string | null = null;
  for (let attempt = 0; attempt < 3; attempt++) {
    const passphrase = await ask({
      secret: 'passphrase', label: `Passphrase for ${file.path}`, problem, keyPath: file.path,
    });
    if (passphrase === null) throw new AppError('cancelled', 'Cancelled', `No passphrase was given for ${file.path}.`);
    // An empty answer is not sent to the decoder, which would read it as "no passphrase given".
    const key = passphrase === '' ? null : decrypt(file, passphrase);
    if (key) return key;
    problem = 'That passphrase does not open the key.';
  }
  throw new AppError('auth.wrong-passphrase', 'Wrong passphrase', `The key file ${file.path} could not be opened: three passphrases were wrong.`, {
    hint: 'A forgotten passphrase can\'t be recovered. Log in with a password or another key.',
  });
}

/** Null when the passphrase is wrong. */
function decrypt(file: KeyFile, passphrase: string): ParsedKey | null {
  let text = file.text;
  if (isPkcs8(text)) {
    const reading = readPkcs8(text, passphrase);
    if (reading.kind === 'unusable') throw unsupported(file.path, reading.reason);
    if (reading.kind === 'wrong-passphrase') return null;
    text = reading.text;
  }
  const key = utils.parseKey(text, passphrase);
  if (!(key instanceof Error)) return one(key);
  if (/^Unsupported (cipher|kdf)/.test(key.message)) throw unsupported(file.path, key.message);
  return null;
}

function parse(file: string, text: string): ParsedKey | ParsedKey[] {
  const key = utils.parseKey(text);
  if (key instanceof Error) throw unsupported(file, `it is damaged (${key.message})`);
  return key;
}

/**
 * The public half of a key, as far as it can be told without unlocking anything: from the file itself (which may also be
 * a public key, where the private one is in an agent), or from the `.pub` beside it. Null where nothing tells it.
 */
export async function readPublicKey(file: string): Promise<ParsedKey | null> {
  try {
    const { publicKey } = await readKeyFile(file);
    if (publicKey) return publicKey;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
  return await readPublicHalf(`${file}.pub`) ?? readPublicHalf(file);
}

/** What ssh(1) would refuse or prefer about a key file, for the user: open permissions, a certificate beside it. */
export async function noteOnKeyFile(file: string): Promise<string | null> {
  const mode = await stat(file).then((found) => found.mode, () => 0);
  const hasCertificate = await stat(`${file}-cert.pub`).then(() => true, () => false);
  if (hasCertificate) return `${file}-cert.pub is a certificate, which only the system's ssh can log in with: choose it in the host's settings.`;
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) return `Others may read ${file}; ssh itself refuses such a key (chmod 600 mends it).`;
  return null;
}

async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > maxKeyBytes) throw unsupported(file, 'it is far too large for a key');
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof AppError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'permission denied'
      : code === 'EISDIR' ? 'it is a folder' : error instanceof Error ? error.message : String(error);
    throw new AppError('auth.key-unreadable', 'The key file can\'t be read', `${file}: ${reason}.`, {
      field: 'keyPath', hint: 'Choose the private key file, the one without .pub, and make sure that you may read it.',
    });
  }
}

function refuseOtherFormats(file: string, text: string): void {
  if (/^PuTTY-User-Key-File-(?!2)/.test(text)) {
    throw unsupported(file, 'it is in PuTTY\'s format of version 3', `Convert it once: puttygen ${file} -O private-openssh -o NEW_FILE, or in PuTTYgen: Conversions → Export OpenSSH key.`);
  }
  if (/^\s*[a-z0-9@.-]+-cert-v01@openssh\.com\s/.test(text)) {
    throw unsupported(file, 'it is a certificate', 'Only the system\'s ssh can log in with certificates: choose it in the host\'s settings, or use a plain key.');
  }
  if (/^\s*(ssh-|ecdsa-|sk-)[a-z0-9@.-]+\s+AAAA/.test(text) || text.includes('BEGIN SSH2 PUBLIC KEY') || text.includes('BEGIN PUBLIC KEY')) {
    throw unsupported(file, 'it is a public key', 'Choose the private key: the file beside it without .pub.');
  }
}

/** PROTOCOL.key of OpenSSH: magic, cipher name, KDF name, KDF options, number of keys, then the public key in clear. */
function readOpenSshHeader(file: string, text: string): { cipher: string; publicBlob: Buffer } {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END OPENSSH PRIVATE KEY-----/.exec(text)?.[1];
  const bytes = Buffer.from(body ?? '', 'base64');
  const magic = 'openssh-key-v1\0';
  if (bytes.toString('latin1', 0, magic.length) !== magic) throw unsupported(file, 'it is damaged');
  let offset = magic.length;
  const next = (): Buffer => {
    if (offset + 4 > bytes.length) throw unsupported(file, 'it is cut off');
    const end = offset + 4 + bytes.readUInt32BE(offset);
    if (end > bytes.length) throw unsupported(file, 'it is cut off');
    const field = bytes.subarray(offset + 4, end);
    offset = end;
    return field;
  };
  const cipher = next().toString('latin1');
  next();
  next();
  offset += 4;
  const publicBlob = next();
  const type = typeOfBlob(publicBlob);
  if (type.startsWith('sk-')) {
    throw unsupported(file, 'it belongs to a FIDO security key', 'Only the system\'s ssh can use security keys: choose it in the host\'s settings, or log in with another key.');
  }
  return { cipher, publicBlob };
}

function typeOfBlob(blob: Buffer): string {
  if (blob.length < 4) return 'unknown';
  return blob.toString('latin1', 4, Math.min(blob.length, 4 + blob.readUInt32BE(0)));
}

async function readPublicHalf(file: string): Promise<ParsedKey | null> {
  try {
    const key = utils.parseKey(await readFile(file, 'utf8'));
    return key instanceof Error ? null : one(key);
  } catch (error) {
    // The public half only saves a question: without it the passphrase is asked before the server is.
    if (error instanceof Error) return null;
    throw error;
  }
}

/** The type says "one or many"; the format holds one. */
function one(key: ParsedKey | ParsedKey[]): ParsedKey {
  const first = Array.isArray(key) ? key[0] : key;
  if (!first) throw new AppError('auth.key-unsupported', 'The key file can\'t be used', 'It holds no key.', { field: 'keyPath' });
  return first;
}

function unsupported(file: string, reason: string, hint = 'Use an OpenSSH key: ssh-keygen -t ed25519 makes one.'): AppError {
  return new AppError('auth.key-unsupported', 'The key file can\'t be used', `${file}: ${reason}.`, { field: 'keyPath', hint });
}
