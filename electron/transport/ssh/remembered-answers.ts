import type { SecretQuestion, SshRunnerOptions } from './ssh-runner-options';

/** What was typed in this session, for a second connection that must not ask anyone. */
export class RememberedAnswers {
  readonly #answers = new Map<string, string>();
  readonly ask: SshRunnerOptions['askSecret'];
  readonly silent: Pick<SshRunnerOptions, 'askSecret' | 'hostKey'>;

  constructor(options: SshRunnerOptions) {
    const keyOf = ({ secret, keyPath }: SecretQuestion): string => `${secret} ${keyPath ?? ''}`;
    this.ask = async (question) => {
      const answer = await options.askSecret(question);
      // A code for one login is not for another.
      if (answer !== null && question.secret !== 'keyboard-interactive') this.#answers.set(keyOf(question), answer);
      return answer;
    };
    this.silent = {
      askSecret: (question) => Promise.resolve(question.problem === null ? this.#answers.get(keyOf(question)) ?? null : null),
      hostKey: { ...options.hostKey, confirmUnknown: () => Promise.resolve(false) },
    };
  }
}
