/** A fingerprint in groups of four, for comparing by eye: `SHA256` and its parts. */
export function groupFingerprint(fingerprint: string): { hash: string; groups: string[] } {
  const colon = fingerprint.indexOf(':');
  const hash = colon < 0 ? '' : fingerprint.slice(0, colon);
  return { hash, groups: fingerprint.slice(colon + 1).match(/.{1,4}/gu) ?? [] };
}

/** The public key file that sshd keeps for an algorithm, as on Debian and most others; see sshd_config(5), HostKey. */
export function publicKeyFile(algorithm: string): string {
  const name = algorithm.includes('ed25519') ? 'ed25519' : algorithm.includes('ecdsa') ? 'ecdsa' : 'rsa';
  return `/etc/ssh/ssh_host_${name}_key.pub`;
}
