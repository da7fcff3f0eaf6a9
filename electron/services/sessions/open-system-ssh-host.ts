import type { Settings } from '../../../shared/contract/app';
import type { HostProfile, SshProfile } from '../../../shared/domain/host';
import type { CommandRunner } from '../../transport/command-runner';
import type { SystemSshRunnerOptions } from '../../transport/system-ssh/open-system-ssh-runner';
import { SecretAnswers, type SecretAnswersDependencies } from './secret-answers';
import type { OpenAttempt } from './session-service';
import { keepSudoPassword, sudoPasswordKeptMs } from './sudo-password-kept';

export interface SystemSshHostDependencies extends SecretAnswersDependencies {
  openSystemSsh(options: SystemSshRunnerOptions): Promise<CommandRunner>;
  /** What `~/.ssh/config` says today of an alias; null when it names it no longer. */
  findAlias(alias: string): Promise<{ user: string | null } | null>;
  sudoPasswordKept(): Settings['sudoPasswordKept'];
  knownHostsFile?: string;
}

/** Opens a host by the computer's own ssh(1), which reads its configuration itself. @throws AppError `ssh.*`, `hostkey.*`, `auth.*`, `cancelled`, `command.not-found` */
export async function openSystemSshHost(dependencies: SystemSshHostDependencies, profile: HostProfile, connection: SshProfile, attempt: OpenAttempt): Promise<CommandRunner> {
  const { address, port, sshConfigAlias, auth, keyPath, proxyJump, useSudo } = connection;
  const entry = sshConfigAlias === null ? null : await dependencies.findAlias(sshConfigAlias);
  const destination = entry === null || sshConfigAlias === null ? address : sshConfigAlias;
  const user = entry?.user ?? connection.user;
  const place = entry === null && port !== 22 ? `${destination.includes(':') ? `[${destination}]` : destination}:${port}` : destination;
  const kept = dependencies.sudoPasswordKept();
  const answers = new SecretAnswers(dependencies, profile, attempt);
  try {
    const runner = await dependencies.openSystemSsh({
      // An alias is known to ssh by its own name: address and port are the configuration's.
      target: {
        destination, user, port: entry === null ? port : null, proxyJump, knownHostsFile: dependencies.knownHostsFile ?? null,
        identityFile: auth === 'key' ? keyPath : null,
      },
      server: `${user}@${place}`,
      hostLabel: place,
      useSudo,
      sudoPasswordKeptMs: sudoPasswordKeptMs(kept),
      askSecret: (question) => answers.ask(question),
      askQuestions: (round) => answers.askSeveral(round),
      confirmUnknown: (question) => answers.confirmKey(question),
      showNotice: (text, gone) => answers.showNotice(text, gone),
      signal: attempt.signal,
      onStep: attempt.onStep,
    });
    await answers.keep(null);
    answers.stand(runner);
    keepSudoPassword({ kept, secrets: dependencies.secrets, hostId: profile.id, runner, beside: attempt.beside });
    return runner;
  } catch (error) {
    await answers.doubt(error);
    throw error;
  }
}
