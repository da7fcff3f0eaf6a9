import type { Settings } from '../../../shared/contract/app';
import type { HostProfile, LocalProfile } from '../../../shared/domain/host';
import type { CommandRunner } from '../../transport/command-runner';
import type { LocalRunnerOptions } from '../../transport/local/open-local-runner';
import { SecretAnswers, type SecretAnswersDependencies } from './secret-answers';
import type { OpenAttempt } from './session-service';
import { keepSudoPassword, sudoPasswordKeptMs } from './sudo-password-kept';

export interface LocalHostDependencies extends SecretAnswersDependencies {
  openLocal(options: LocalRunnerOptions): Promise<CommandRunner>;
  sudoPasswordKept(): Settings['sudoPasswordKept'];
}

/** Opens the computer the app runs on. @throws AppError `auth.*`, `cancelled`, `input.invalid` */
export async function openLocalHost(dependencies: LocalHostDependencies, profile: HostProfile, { rights }: LocalProfile, attempt: OpenAttempt): Promise<CommandRunner> {
  const kept = dependencies.sudoPasswordKept();
  const answers = new SecretAnswers(dependencies, profile, attempt);
  const runner = await dependencies.openLocal({
    rights,
    askSecret: (question) => answers.ask(question),
    sudoPasswordKeptMs: sudoPasswordKeptMs(kept), signal: attempt.signal, onStep: attempt.onStep, interactive: attempt.interactive,
  });
  await answers.keep(null);
  answers.stand(runner);
  keepSudoPassword({ kept, secrets: dependencies.secrets, hostId: profile.id, runner, beside: attempt.beside });
  return runner;
}
