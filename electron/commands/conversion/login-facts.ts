import type { Command } from '../../../shared/domain/plan';

/** As the plain user: who logged in, and by which of the host's addresses. SSH_CONNECTION: sshd(8), "ENVIRONMENT". */
export const loginFactsCommand: Command = { argv: ['/bin/sh', '-c', 'id -u; echo "${SSH_CONNECTION:-}"'] };

export interface LoginFacts {
  uid: number;
  /** Null: not over SSH. Without a zone. */
  reachedAddress: string | null;
}

/** Null when the output isn't that. */
export function parseLoginFacts(stdout: string): LoginFacts | null {
  const [uid = '', connection = ''] = stdout.split('\n');
  if (!/^\d+$/.test(uid)) return null;
  const address = connection.split(' ')[2]?.replace(/%.*$/, '') ?? '';
  return { uid: Number(uid), reachedAddress: address || null };
}
