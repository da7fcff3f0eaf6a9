import type { SecretQuestion, SshRunnerOptions } from './ssh-runner-options';

/**
 * What was typed in this session, for a second connection that must not ask anyone. Codes for one login are not among
 * it: they are none for another.
 */
export class RememberedAnswers {
  readonly #answers = new Map<string, string>();
  readonly ask: SshRunnerOptions['askSecret'];
  readonly silent: Pick<SshRunnerOptions, 'askSecret' | 'askQuestions' | 'hostKey'>;

  constructor(options: SshRunnerOptions) {
    const keyOf = ({ secret, keyPath, server }: SecretQuestion): string => `${secret} ${keyPath ?? server}`;
    this.ask = async (question) => {
      const answer = await options.askSecret(question);
      if (answer !== null) this.#answers.set(keyOf(question), answer);
      return answer;
    };
    this.silent = {
      askSecret: (question) => Promise.resolve(question.problem === null ? this.#answers.get(keyOf(question)) ?? null : null),
      askQuestions: () => Promise.resolve(null),
      hostKey: { ...options.hostKey, confirmUnknown: () => Promise.resolve(false) },
    };
  }
}
