import { AppError } from '../../../shared/errors/app-error';
import type { AgentKeys } from './agent-keys';
import { noteOnKeyFile } from './key-file';
import type { SshServer } from './ssh-runner-options';

/** What happened in a login so far. */
export interface LoginRecord {
  /** In the user's words: `agent (2 keys)`, `key /home/ada/.ssh/id`, `password`. */
  readonly tried: string[];
  readonly keyFiles: string[];
  /** What the server says it takes; null: it hasn't been asked. */
  allowed: readonly string[] | null;
  agent: AgentKeys | null;
  agentKeysOffered: number;
  /** Passwords, and rounds of answers. */
  secretsSent: number;
  /** The first key that could not be used. */
  keyProblem: AppError | null;
}

/**
 * Why a login failed, and what to do about it.
 * @param how `refused`: nothing is left to try; `too-many`: the server would not have more attempts; `hung-up`: it ended
 *   the connection when it got a secret.
 */
export async function explainRefusal(record: LoginRecord, server: SshServer, hostLabel: string, how: 'refused' | 'too-many' | 'hung-up'): Promise<AppError> {
  const target = `${server.user}@${hostLabel}`;
  const tried = [...new Set(record.tried)].join(', ');
  const others = await otherWays(record, server);
  if (how === 'too-many' && record.agentKeysOffered > 1 && record.secretsSent === 0) {
    return new AppError('auth.failed', 'The server refused the login', `${hostLabel} ended the login after too many attempts; tried: ${tried}.`, {
      hint: `The agent holds ${record.agent?.keys.length ?? record.agentKeysOffered} keys, and each one that doesn't fit counts as an attempt. Choose the key file for this host (its public half is enough if the agent holds the key), or give it IdentityFile and “IdentitiesOnly yes” in ~/.ssh/config.${others}`,
      field: 'keyPath',
    });
  }
  if (how !== 'refused') {
    return new AppError('auth.failed', 'The server refused the login', `${hostLabel} ended the connection ${how === 'too-many' ? 'after too many attempts' : 'instead of accepting the answer'}; tried: ${tried}.`, {
      hint: `Check the user name and the password before you try again: some servers lock an account after a few wrong ones.${others}`, field: 'user',
    });
  }
  const accepts = record.allowed?.length ? ` The server accepts: ${record.allowed.join(', ')}.` : '';
  if (tried === '') {
    if (record.keyProblem) return record.keyProblem;
    return new AppError('auth.no-method', 'No way to log in', `Nothing that ${hostLabel} accepts for ${server.user} is set up here.${accepts}`, {
      hint: `Choose another way to log in: a key file, an agent, or a password.${others}`,
    });
  }
  if (record.keyProblem?.code === 'auth.wrong-passphrase') return record.keyProblem;
  return new AppError('auth.failed', 'The server refused the login', `${target} refused: ${tried}.${accepts}`, {
    hint: `Check the user name. For a key, its public half must stand in ~/.ssh/authorized_keys on the server (ssh-copy-id puts it there).${others}`,
    field: 'user',
  });
}

/** What was there and could not be used: the reason may lie in that. Empty, or a sentence after a blank. */
async function otherWays({ agent, keyFiles, keyProblem }: LoginRecord, { unsupported }: SshServer): Promise<string> {
  const sentences: string[] = [];
  const types = await agent?.unusableTypes() ?? [];
  const fido = types.filter((type) => type.startsWith('sk-') && !type.includes('-cert-')).length;
  const certificates = types.filter((type) => type.includes('-cert-')).length;
  const held = [fido > 0 ? `${fido} FIDO security ${fido === 1 ? 'key' : 'keys'}` : '', certificates > 0 ? `${certificates} ${certificates === 1 ? 'certificate' : 'certificates'}` : ''].filter(Boolean).join(' and ');
  if (held) sentences.push(`The agent also holds ${held}, which only the system's ssh can use: choose it in the host's settings.`);
  if (unsupported && unsupported.length > 0) sentences.push(`The SSH configuration asks for ${unsupported.join(', ')}, which only the system's ssh follows.`);
  const notes = await Promise.all(keyFiles.map(noteOnKeyFile));
  sentences.push(...notes.filter((note): note is string => note !== null));
  if (keyProblem) sentences.push(keyProblem.data.detail);
  return sentences.map((sentence) => ` ${sentence}`).join('');
}
