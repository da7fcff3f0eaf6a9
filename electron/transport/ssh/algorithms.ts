import { getCiphers, getHashes } from 'node:crypto';
import type { Algorithms, CipherAlgorithm, KexAlgorithm, ServerHostKeyAlgorithm } from 'ssh2';

/**
 * Elliptic curves first: finite-field Diffie-Hellman blocks Electron's thread for seconds (group 14 0.9 s, 16 6 s),
 * so 17 and 18 are left out, and nothing that needs SHA-1.
 */
const kex: KexAlgorithm[] = [
  'curve25519-sha256', 'curve25519-sha256@libssh.org', 'ecdh-sha2-nistp256', 'ecdh-sha2-nistp384', 'ecdh-sha2-nistp521',
  'diffie-hellman-group14-sha256', 'diffie-hellman-group-exchange-sha256', 'diffie-hellman-group16-sha512',
];

const hostKeyAlgorithms: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'rsa-sha2-512', 'rsa-sha2-256',
];

/** Signature algorithms that a key of this type (as in known_hosts) can prove itself with; none: ssh2 can't use it. */
export function hostKeyAlgorithmsOf(keyType: string): ServerHostKeyAlgorithm[] {
  if (keyType === 'ssh-rsa') return ['rsa-sha2-512', 'rsa-sha2-256'];
  return hostKeyAlgorithms.filter((algorithm) => algorithm === keyType);
}

function availableCiphers(): CipherAlgorithm[] {
  const here = new Set(getCiphers());
  const candidates: [CipherAlgorithm, string][] = [
    ['aes128-gcm@openssh.com', 'aes-128-gcm'],
    ['aes256-gcm@openssh.com', 'aes-256-gcm'],
    // Electron's BoringSSL has none, and ssh2 throws on a name it doesn't know.
    ['chacha20-poly1305@openssh.com', 'chacha20'],
    ['aes128-ctr', 'aes-128-ctr'],
    ['aes192-ctr', 'aes-192-ctr'],
    ['aes256-ctr', 'aes-256-ctr'],
  ];
  return candidates.filter(([, name]) => here.has(name)).map(([cipher]) => cipher);
}

/**
 * What is offered to a server. `knownKeyTypes` are the types known_hosts has for it: they go first, as in OpenSSH, so
 * that a host known by its ed25519 key isn't met by its ECDSA key and taken for a stranger.
 */
export function offeredAlgorithms(knownKeyTypes: readonly string[]): Algorithms {
  const preferred = knownKeyTypes.flatMap(hostKeyAlgorithmsOf);
  const hashes = new Set(getHashes().map((name) => name.toLowerCase()));
  const macs = (['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'] as const)
    .filter((mac) => hashes.has(mac.includes('256') ? 'sha256' : 'sha512'));
  return {
    kex,
    cipher: availableCiphers(),
    hmac: [...macs],
    compress: ['none'],
    serverHostKey: [...new Set([...preferred, ...hostKeyAlgorithms])],
  };
}
