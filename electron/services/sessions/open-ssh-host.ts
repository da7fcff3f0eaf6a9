import type { Settings } from '../../../shared/contract/app';
import type { HostProfile, SshProfile } from '../../../shared/domain/host';
import type { CommandRunner } from '../../transport/command-runner';
import { knownHostName } from '../../transport/ssh/known-hosts-file';
import type { SshRoute } from '../../transport/ssh/resolve-route';
import type { SshRunnerOptions } from '../../transport/ssh/ssh-runner-options';
import type { OpenAttempt } from './session-service';
import { SecretAnswers, type SecretAnswersDependencies } from './secret-answers';
import { keepSudoPassword, sudoPasswordKeptMs } from './sudo-password-kept';

export interface SshHostDependencies extends SecretAnswersDependencies {
  openSsh(options: SshRunnerOptions): Promise<CommandRunner>;
  /** What profile and `~/.ssh/config` say today of the way to a host. */
  resolveRoute(connection: SshProfile): Promise<SshRoute>;
  sudoPasswordKept(): Settings['sudoPasswordKept'];
  /** Overrides every known_hosts file of the user. */
  knownHostsFile?: string;
}

/** Opens a host over SSH: looks up what is remembered, and asks for the rest. @throws AppError `ssh.*`, `hostkey.*`, `auth.*`, `cancelled` */
export async function openSshHost(dependencies: SshHostDependencies, profile: HostProfile, connection: SshProfile, attempt: OpenAttempt): Promise<CommandRunner> {
  const { secrets } = dependencies;
  const { host, jumps } = await dependencies.resolveRoute(connection);
  const kept = dependencies.sudoPasswordKept();
  const answers = new SecretAnswers(dependencies, profile, attempt);
  try {
    const runner = await dependencies.openSsh({
      ...movedTo(host, attempt.reachAt), jumps, useSudo: connection.useSudo,
      askSecret: (question) => answers.ask(question),
      askQuestions: (round) => answers.askSeveral(round),
      onLoggedIn: (server) => answers.keep(server),
      sudoPasswordKeptMs: sudoPasswordKeptMs(kept),
      hostKey: {
        userFile: dependencies.knownHostsFile,
        confirmUnknown: (question) => answers.confirmKey(question),
      },
      signal: attempt.signal,
      onStep: attempt.onStep,
    });
    await answers.keep(null);
    answers.stand(runner);
    keepSudoPassword({ kept, secrets, hostId: profile.id, runner, beside: attempt.beside });
    return runner;
  } catch (error) {
    await answers.doubt(error);
    throw error;
  }
}

/** The same server at another address: its key is looked up under the one that is known. */
function movedTo(host: SshRoute['host'], address: string | undefined): SshRoute['host'] {
  return address === undefined ? host : { ...host, address, hostKeyAlias: host.hostKeyAlias ?? knownHostName(host.address, host.port) };
}
