import type { HostProfile, SshProfile } from '../../../shared/domain/host';
import { AppError } from '../../../shared/errors/app-error';
import type { SecretKind, SecretStore } from '../../storage/secret-store';
import type { CommandRunner } from '../../transport/command-runner';
import type { AuthMethod, SecretQuestion, SshRunnerOptions } from '../../transport/ssh/ssh-runner-options';
import type { Asker } from './prompts';
import type { HostOpener, OpenAttempt } from './session-service';

export interface HostOpenerDependencies {
  openSsh(options: SshRunnerOptions): Promise<CommandRunner>;
  openPractice(): Promise<CommandRunner>;
  /** Today's address, user and key of an alias: the file may have changed since the host was added. */
  resolveAlias(alias: string): Promise<{ address: string; port: number; user: string | null; keyPath: string | null } | null>;
  secrets: SecretStore;
  asker: Asker;
  /** Overrides `~/.ssh/known_hosts`. */
  knownHostsFile?: string;
}

/** Opens hosts of every kind: looks up what is remembered, and asks for the rest. */
export function createHostOpener(dependencies: HostOpenerDependencies): HostOpener {
  const { secrets, asker } = dependencies;

  async function openSshHost(profile: HostProfile, connection: SshProfile, attempt: OpenAttempt): Promise<CommandRunner> {
    const target = await currentTarget(connection);
    const used: { kind: SecretKind; subject: string; value: string; remember: boolean }[] = [];

    const askSecret = async (question: SecretQuestion): Promise<string | null> => {
      const kind: SecretKind | null = question.secret === 'keyboard-interactive' ? null : question.secret;
      const subject = question.keyPath ?? target.user;
      // A host that boots refuses right passwords too (pam_nologin(8)): only with the user there is a refused one forgotten.
      if (kind && question.problem && attempt.interactive) await secrets.forget(profile.id, kind, subject);
      const held = kind && !question.problem ? secrets.get(profile.id, kind, subject) : null;
      if (held !== null) {
        if (kind === 'password') attempt.onPasswordSent();
        return held;
      }
      if (!attempt.interactive) throw secretNeeded(profile.name, question);
      const answer = await asker.ask(
        {
          kind: 'secret', hostId: profile.id, server: `${target.user}@${target.address}`, onWayTo: null, secret: question.secret, label: question.label,
          problem: question.problem, canRemember: kind !== null && secrets.canRemember(),
        },
        attempt.signal,
      );
      if (answer.kind !== 'secret') return null;
      if (kind) used.push({ kind, subject, value: answer.value, remember: answer.remember });
      return answer.value;
    };

    const runner = await dependencies.openSsh({
      address: target.address, port: target.port, user: target.user, auth: authMethods(target), useSudo: connection.useSudo,
      askSecret,
      hostKey: {
        userFile: dependencies.knownHostsFile,
        confirmUnknown: async (question) => {
          if (!attempt.interactive) return false;
          const answer = await asker.ask({ kind: 'host-key', hostId: profile.id, onWayTo: null, ...question }, attempt.signal);
          return answer.kind === 'host-key' && answer.accept;
        },
      },
      signal: attempt.signal,
      onStep: attempt.onStep,
    });
    // Kept only now: what got us in is right, what did not is forgotten. The last answer of a kind is the one that worked.
    for (const { kind, subject, value, remember } of used) await secrets.set(profile.id, kind, subject, value, remember);
    return runner;
  }

  async function currentTarget(connection: SshProfile): Promise<SshProfile> {
    if (!connection.sshConfigAlias) return connection;
    const entry = await dependencies.resolveAlias(connection.sshConfigAlias);
    if (!entry) return connection;
    return { ...connection, address: entry.address, port: entry.port, user: entry.user ?? connection.user, keyPath: connection.keyPath ?? entry.keyPath };
  }

  return {
    open: (profile, attempt) => {
      const { connection } = profile;
      switch (connection.kind) {
        case 'practice': return dependencies.openPractice();
        case 'local': throw new AppError('input.invalid', 'This computer can\'t be opened', 'Its connection is not part of this version.');
        case 'ssh': return openSshHost(profile, connection, attempt);
      }
    },
  };
}

function authMethods(connection: SshProfile): SshRunnerOptions['auth'] {
  const key: AuthMethod[] = connection.keyPath ? [{ kind: 'key', path: connection.keyPath }] : [];
  const typed: AuthMethod[] = [{ kind: 'keyboard-interactive' }, { kind: 'password' }];
  switch (connection.auth) {
    case 'auto': return 'auto';
    case 'agent': return [{ kind: 'agent' }, ...typed.slice(0, 1)];
    case 'key': return [...key, { kind: 'keyboard-interactive' }];
    case 'password': return [{ kind: 'password' }, { kind: 'keyboard-interactive' }];
  }
}

/** A lost session can't be made anew without the user. */
function secretNeeded(hostName: string, { label, problem }: SecretQuestion): AppError {
  const why = problem ?? 'None is kept for it.';
  return new AppError('auth.secret-needed', `${hostName} waits for you to log in`, `To reconnect it asks for: ${label}. ${why}`, {
    hint: 'Connect, and type it when you are asked.',
  });
}
