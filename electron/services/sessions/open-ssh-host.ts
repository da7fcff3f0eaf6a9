import type { Settings } from '../../../shared/contract/app';
import type { HostProfile, SshProfile } from '../../../shared/domain/host';
import type { CommandRunner } from '../../transport/command-runner';
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
      ...host, jumps, useSudo: connection.useSudo,
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
