import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * The format of OpenSSH's known_hosts: sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT". Pure: text in, lines and verdicts out.
 */
export interface KnownHostLine {
  /** From 1. */
  line: number;
  marker: 'revoked' | 'cert-authority' | null;
  /** The first field as written: names and patterns separated by commas, or one hashed name. */
  hosts: string;
  keyType: string;
  /** The public key as it travels in SSH (RFC 4253 §6.6). */
  key: Buffer;
  comment: string;
}

/** The name a host is filed under: plain for port 22, `[name]:port` for others, in lower case (as ssh(1) does). */
export function knownHostName(address: string, port: number): string {
  const name = address.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** All lines that hold a key. Comments, blank lines and lines OpenSSH couldn't read either are passed over. */
export function parseKnownHosts(text: string): KnownHostLine[] {
  const lines: KnownHostLine[] = [];
  text.split('\n').forEach((raw, index) => {
    const fields = raw.trim().split(/[ \t]+/);
    if (fields[0] === '' || fields[0]!.startsWith('#')) return;
    let marker: KnownHostLine['marker'] = null;
    if (fields[0]!.startsWith('@')) {
      const word = fields.shift()!;
      if (word !== '@revoked' && word !== '@cert-authority') return;
      marker = word === '@revoked' ? 'revoked' : 'cert-authority';
    }
    const [hosts, keyType, encoded, ...comment] = fields;
    if (!hosts || !keyType || !encoded) return;
    const key = Buffer.from(encoded, 'base64');
    if (keyTypeOf(key) !== keyType) return;
    lines.push({ line: index + 1, marker, hosts, keyType, key, comment: comment.join(' ') });
  });
  return lines;
}

/** The type that stands at the start of a public key blob, or null when it isn't one. */
export function keyTypeOf(key: Buffer): string | null {
  if (key.length < 4) return null;
  const length = key.readUInt32BE(0);
  if (length === 0 || length > 64 || key.length <= 4 + length) return null;
  return key.toString('latin1', 4, 4 + length);
}

/** Does a line's first field name this host (see `knownHostName`)? A negated pattern (`!name`) rules the line out. */
export function hostsFieldMatches(hosts: string, name: string): boolean {
  if (hosts.startsWith('|')) return hashedNameMatches(hosts, name);
  let found = false;
  for (const pattern of hosts.split(',')) {
    if (pattern.startsWith('!')) {
      if (wildcardMatches(pattern.slice(1), name)) return false;
    } else if (wildcardMatches(pattern, name)) {
      found = true;
    }
  }
  return found;
}

function hashedNameMatches(field: string, name: string): boolean {
  const [empty, version, salt, hash, ...rest] = field.split('|');
  if (empty !== '' || version !== '1' || !salt || !hash || rest.length > 0) return false;
  const expected = Buffer.from(hash, 'base64');
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** `*` and `?` as in ssh_config(5), PATTERNS. Linear in time: no regular expression that a file could make explode. */
export function wildcardMatches(pattern: string, name: string): boolean {
  const wanted = pattern.toLowerCase();
  let p = 0;
  let n = 0;
  let star = -1;
  let resume = 0;
  while (n < name.length) {
    if (wanted[p] === '*') {
      star = p++;
      resume = n;
    } else if (p < wanted.length && (wanted[p] === '?' || wanted[p] === name[n])) {
      p++;
      n++;
    } else if (star >= 0) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (wanted[p] === '*') p++;
  return p === wanted.length;
}

/** `|1|salt|hash` of a name, as ssh-keygen -H writes it. */
export function hashHostName(name: string, salt: Buffer = randomBytes(20)): string {
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

/** `SHA256:…`, as ssh-keygen -l prints it. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/**
 * What to append to a file of this content so that it knows the host: one line, after a newline where the file's last
 * line has none. A file that hashes its names (`HashKnownHosts`) keeps doing so.
 */
export function lineToAppend(existing: string, name: string, key: Buffer): string {
  const hashes = parseKnownHosts(existing).some((line) => line.hosts.startsWith('|1|'));
  const field = hashes ? hashHostName(name) : name;
  const separator = existing === '' || existing.endsWith('\n') ? '' : '\n';
  return `${separator}${field} ${keyTypeOf(key) ?? ''} ${key.toString('base64')}\n`;
}
