import type { Command } from '../../../shared/domain/plan';
import { parseSshConnection } from '../system/ssh-connection';

/** As the plain user: who logged in, and by which of the host's addresses. */
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
  return { uid: Number(uid), reachedAddress: parseSshConnection(connection)?.address ?? null };
}
