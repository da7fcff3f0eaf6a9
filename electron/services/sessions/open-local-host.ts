import os from 'node:os';
import type { Settings } from '../../../shared/contract/app';
import type { HostProfile, LocalProfile } from '../../../shared/domain/host';
import { AppError } from '../../../shared/errors/app-error';
import type { SecretStore } from '../../storage/secret-store';
import type { CommandRunner } from '../../transport/command-runner';
import type { LocalRunnerOptions } from '../../transport/local/open-local-runner';
import type { SecretQuestion } from '../../transport/ssh/ssh-runner-options';
import type { Asker } from './prompts';
import type { OpenAttempt } from './session-service';
import { keepSudoPassword, sudoPasswordKeptMs } from './sudo-password-kept';

export interface LocalHostDependencies {
  openLocal(options: LocalRunnerOptions): Promise<CommandRunner>;
  secrets: SecretStore;
  asker: Asker;
  sudoPasswordKept(): Settings['sudoPasswordKept'];
}

/** Opens the computer the app runs on. @throws AppError `auth.*`, `cancelled`, `input.invalid` */
export async function openLocalHost(
  { openLocal, secrets, asker, sudoPasswordKept }: LocalHostDependencies, profile: HostProfile, { rights }: LocalProfile, attempt: OpenAttempt,
): Promise<CommandRunner> {
  const user = os.userInfo().username;
  const kept = sudoPasswordKept();
  /** Answers of this attempt; kept once they are known to be right. */
  const used: { value: string; remember: boolean }[] = [];
  const keepUsed = async (): Promise<void> => {
    for (const { value, remember } of used.splice(0)) await secrets.set(profile.id, 'sudo-password', user, value, remember);
  };
  /** Once it stands, the user is there whenever sudo wants its password anew. */
  let life: AbortController | null = null;

  const askSecret = async (question: SecretQuestion): Promise<string | null> => {
    const mayAsk = attempt.interactive || life !== null;
    if (question.problem && mayAsk) await secrets.forget(profile.id, 'sudo-password', user);
    const held = question.problem ? null : secrets.get(profile.id, 'sudo-password', user);
    if (held !== null) return held;
    if (!mayAsk) {
      throw new AppError('auth.secret-needed', `${profile.name} waits for sudo's password`, `To go on it asks for: ${question.label}. ${question.problem ?? 'None is kept for it.'}`, {
        hint: 'Connect, and type it when you are asked.',
      });
    }
    const answer = await asker.ask({
      kind: 'secret', hostId: profile.id, server: question.server, onWayTo: null, secret: 'sudo-password', label: question.label, problem: question.problem, canRemember: secrets.canRemember(),
    }, life?.signal ?? attempt.signal);
    if (answer.kind !== 'secret') return null;
    used.push({ value: answer.value, remember: answer.remember });
    return answer.value;
  };

  const runner = await openLocal({
    rights, askSecret, sudoPasswordKeptMs: sudoPasswordKeptMs(kept), signal: attempt.signal, onStep: attempt.onStep, interactive: attempt.interactive,
  });
  const standing = new AbortController();
  life = standing;
  runner.onClose(() => standing.abort());
  await keepUsed();
  keepSudoPassword({ kept, secrets, hostId: profile.id, runner });
  return runner;
}
