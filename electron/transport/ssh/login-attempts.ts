import { access } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../shared/errors/app-error';
import { expandHome, readKeyFile } from './key-file';
import type { AuthMethod, SshServer } from './ssh-runner-options';

/** Names of authentication methods on the wire (RFC 4252, RFC 4256). */
type WireMethod = 'none' | 'publickey' | 'password' | 'keyboard-interactive';

export type Attempt =
  | { kind: 'none' }
  /** Keys of the agent that were not offered yet: those of these files, or (null) all. `required`: its absence is an error. */
  | { kind: 'agent'; socket?: string; only: readonly string[] | null; required: boolean }
  /** `named`: by the user, so that a file that can't be used ends the login. */
  | { kind: 'key'; path: string; named: boolean }
  | { kind: 'keyboard-interactive' }
  | { kind: 'password' };

export const wireMethods: Record<Attempt['kind'], WireMethod> = {
  none: 'none', agent: 'publickey', key: 'publickey', password: 'password', 'keyboard-interactive': 'keyboard-interactive',
};

/** The last two belong to security keys: they can't be used, but a login that fails should say that they are there. */
const usualKeyFiles = ['id_ed25519', 'id_ecdsa', 'id_rsa', 'id_ed25519_sk', 'id_ecdsa_sk'];

/**
 * What is tried, in order. Servers count attempts (MaxAuthTries, 6 as a rule, often 3), so what is most likely comes
 * first: the keys that are named for this server, before whatever else an agent holds.
 */
export async function planAttempts(server: SshServer, homeDirectory: string): Promise<Attempt[]> {
  const attempts = server.auth === 'auto' ? await usualAttempts(server, homeDirectory) : server.auth.flatMap((method) => chosenAttempts(method, server));
  const { methods } = server;
  const ordered = methods ? methods.flatMap((name) => attempts.filter(({ kind }) => wireMethods[kind] === name)) : attempts;
  // After keys only a refusal tells what the server takes: no password is asked for in vain.
  return ordered.flatMap((attempt): Attempt[] => (attempt.kind === 'password' ? [{ kind: 'none' }, attempt] : [attempt]));
}

function chosenAttempts(method: AuthMethod, server: SshServer): Attempt[] {
  switch (method.kind) {
    case 'agent': return agentAttempts(server, method.socket, true);
    // The agent may hold the same key, unlocked.
    case 'key': return [{ kind: 'agent', only: [method.path], required: false }, { kind: 'key', path: method.path, named: true }];
    case 'password':
    case 'keyboard-interactive':
      return [{ kind: method.kind }];
  }
}

function agentAttempts({ identityFiles, identitiesOnly }: SshServer, socket: string | undefined, required: boolean): Attempt[] {
  const named: Attempt[] = identityFiles ? [{ kind: 'agent', socket, only: identityFiles, required }] : [];
  return identitiesOnly && identityFiles ? named : [...named, { kind: 'agent', socket, only: null, required }];
}

async function usualAttempts(server: SshServer, homeDirectory: string): Promise<Attempt[]> {
  const typed: Attempt[] = [{ kind: 'keyboard-interactive' }, { kind: 'password' }];
  const usual = usualKeyFiles.map((name) => path.join(homeDirectory, '.ssh', name));
  if (!server.identityFiles) {
    const existing = await Promise.all(usual.map((file) => access(file).then(() => [file], () => [])));
    const fromAgent: Attempt = { kind: 'agent', only: server.identitiesOnly ? usual : null, required: false };
    return [fromAgent, ...existing.flat().map((file): Attempt => ({ kind: 'key', path: file, named: false })), ...typed];
  }
  const files = await Promise.all(server.identityFiles.map(async (file) => ({ path: file, locked: await isLocked(expandHome(file, homeDirectory)) })));
  const keys = (locked: boolean): Attempt[] => files.filter((file) => file.locked === locked).map((file) => ({ kind: 'key', path: file.path, named: false }));
  // A key that needs a passphrase waits until the agent had its turn, as with ssh(1).
  return [...agentAttempts({ ...server, identitiesOnly: true }, undefined, false), ...keys(false), ...(server.identitiesOnly ? [] : agentAttempts({ ...server, identityFiles: undefined }, undefined, false)), ...keys(true), ...typed];
}

async function isLocked(file: string): Promise<boolean> {
  try {
    return (await readKeyFile(file)).encrypted;
  } catch (error) {
    // Its turn says what is wrong with it.
    if (error instanceof AppError) return false;
    throw error;
  }
}
