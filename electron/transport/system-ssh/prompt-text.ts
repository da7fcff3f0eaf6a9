/** What ssh(1) asks, by its own sentences (they are not translated). */
export type SshPrompt =
  | { kind: 'password'; server: string }
  | { kind: 'passphrase'; keyPath: string }
  | { kind: 'host-key'; address: string; port: number; algorithm: string; fingerprint: string }
  /** Asked again after an answer that was neither yes nor no. */
  | { kind: 'host-key-again' }
  /** One question of keyboard-interactive, a PIN, a one-time code. `server` null: not said. */
  | { kind: 'question'; server: string | null; label: string };

/** sshconnect.c and sshconnect2.c of OpenSSH 7 to 10. */
export function parseSshPrompt(text: string): SshPrompt {
  const passphrase = /Enter passphrase for (?:key )?'?(.+?)'?: *$/s.exec(text);
  if (passphrase) return { kind: 'passphrase', keyPath: passphrase[1] ?? '' };
  const hostKey = /authenticity of host '(\S+) ?(?:\(.*?\))?' can't be established/.exec(text);
  const fingerprint = /(\S+) key fingerprint is (\S+?)\.?\s*$/m.exec(text);
  if (hostKey && fingerprint) {
    const place = /^\[(.+)\]:(\d+)$/.exec(hostKey[1] ?? '');
    return {
      kind: 'host-key', address: place?.[1] ?? hostKey[1] ?? '', port: Number(place?.[2] ?? 22),
      algorithm: fingerprint[1] ?? '', fingerprint: fingerprint[2] ?? '',
    };
  }
  if (/^Please type 'yes'/.test(text)) return { kind: 'host-key-again' };
  const password = /^(?:(\S+@\S+)'s password|\((\S+@\S+)\) [Pp]assword): *$/.exec(text);
  if (password) return { kind: 'password', server: password[1] ?? password[2] ?? '' };
  const interactive = /^\((\S+@\S+)\) (.+)$/s.exec(text);
  return interactive ? { kind: 'question', server: interactive[1] ?? '', label: (interactive[2] ?? '').trim() } : { kind: 'question', server: null, label: text.trim() };
}
