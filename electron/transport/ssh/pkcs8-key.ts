import { createPrivateKey, type KeyObject } from 'node:crypto';

/** Does a text hold a key in PKCS#8 (RFC 5958), as openssl writes them? */
export const isPkcs8 = (text: string): boolean => /-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/.test(text);
export const isEncryptedPkcs8 = (text: string): boolean => text.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----');

export type Pkcs8Reading = { kind: 'key'; text: string } | { kind: 'wrong-passphrase' } | { kind: 'unusable'; reason: string };

/** A PKCS#8 key in a form that ssh2 reads: PKCS#1 for RSA, SEC 1 for ECDSA, OpenSSH's own for Ed25519. */
export function readPkcs8(text: string, passphrase: string | undefined): Pkcs8Reading {
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: text, format: 'pem', passphrase });
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    // What a wrong passphrase leads to is garbage, which OpenSSL and BoringSSL notice at different places.
    if (isEncryptedPkcs8(text) && !/unsupported|unknown/i.test(said)) return { kind: 'wrong-passphrase' };
    return { kind: 'unusable', reason: `it is damaged or of an unknown kind (${said})` };
  }
  switch (key.asymmetricKeyType) {
    case 'rsa': return { kind: 'key', text: key.export({ type: 'pkcs1', format: 'pem' }).toString() };
    case 'ec': return { kind: 'key', text: key.export({ type: 'sec1', format: 'pem' }).toString() };
    case 'ed25519': return { kind: 'key', text: toOpenSsh(key) };
    default: return { kind: 'unusable', reason: `it holds a key of type ${key.asymmetricKeyType ?? 'unknown'}, which SSH doesn't use` };
  }
}

/** PROTOCOL.key of OpenSSH, without encryption. The text never leaves the memory. */
function toOpenSsh(key: KeyObject): string {
  const { d, x } = key.export({ format: 'jwk' });
  const seed = Buffer.from(d ?? '', 'base64url');
  const point = Buffer.from(x ?? '', 'base64url');
  const type = field('ssh-ed25519');
  const secret = Buffer.concat([Buffer.alloc(8), type, field(point), field(Buffer.concat([seed, point])), field('')]);
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_none, index) => index + 1));
  const body = Buffer.concat([
    Buffer.from('openssh-key-v1\0'), field('none'), field('none'), field(''), Buffer.from([0, 0, 0, 1]),
    field(Buffer.concat([type, field(point)])), field(Buffer.concat([secret, padding])),
  ]);
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${body.toString('base64').replace(/.{70}/g, '$&\n')}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(bytes.length);
  return Buffer.concat([head, bytes]);
}
