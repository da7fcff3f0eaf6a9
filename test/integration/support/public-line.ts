import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The line of authorized_keys for an unencrypted private key file in any form that Node reads; ssh-keygen reads fewer. */
export function publicLine(privateKeyFile: string): string {
  const jwk = createPublicKey(readFileSync(privateKeyFile)).export({ format: 'jwk' });
  const number = (text = ''): Buffer => {
    const bytes = Buffer.from(text, 'base64url');
    return (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
  };
  const point = (text = ''): Buffer => Buffer.from(text, 'base64url');
  switch (jwk.kty) {
    case 'RSA': return line('ssh-rsa', [number(jwk.e), number(jwk.n)]);
    case 'EC': return line('ecdsa-sha2-nistp256', [Buffer.from('nistp256'), Buffer.concat([Buffer.from([4]), point(jwk.x), point(jwk.y)])]);
    default: return line('ssh-ed25519', [point(jwk.x)]);
  }
}

function line(type: string, fields: readonly Buffer[]): string {
  const blob = Buffer.concat([Buffer.from(type), ...fields].map((bytes) => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(bytes.length);
    return Buffer.concat([head, bytes]);
  }));
  return `${type} ${blob.toString('base64')}\n`;
}
