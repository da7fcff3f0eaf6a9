/**
 * The two ends of an SSH connection, of `SSH_CONNECTION` (`CLIENT PORT SERVER PORT`, set by sshd(8) for the session and lost under
 * sudo); null when it is not that. Without the zone of a link-local address, which names the interface and is no part of the address.
 */
export function parseSshConnection(text: string): { address: string; client: string } | null {
  const words = text.trim().split(/\s+/);
  return words.length === 4 ? { client: words[0]!, address: words[2]!.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '') } : null;
}
