import { AppError } from '../../../shared/errors/app-error';
import type { AskQuestions, AskSecret, HostKeyPolicy } from '../ssh/ssh-runner-options';
import type { AskpassQuestion } from './askpass-desk';
import { parseSshPrompt, type SshPrompt } from './prompt-text';
import type { SystemSshTarget } from './ssh-arguments';

export interface SshAnswersOptions {
  target: Pick<SystemSshTarget, 'destination' | 'user' | 'knownHostsFile'>;
  /** `user@address`, as the app names the host in its questions. */
  server: string;
  askSecret: AskSecret;
  askQuestions: AskQuestions;
  confirmUnknown: HostKeyPolicy['confirmUnknown'];
  /** Shows a sentence ("Touch your security key") until `gone` fires; resolves earlier when the user gives up. */
  showNotice: (text: string, gone: AbortSignal) => Promise<void>;
}

/** Names of key types as ssh prints them, and as they are in known_hosts. */
const algorithms: Record<string, string> = { ED25519: 'ssh-ed25519', RSA: 'ssh-rsa', ECDSA: 'ecdsa-sha2-nistp256', DSA: 'ssh-dss', 'ED25519-SK': 'sk-ssh-ed25519@openssh.com', 'ECDSA-SK': 'sk-ecdsa-sha2-nistp256@openssh.com' };

/** Answers what ssh(1) asks, by the app's own questions. */
export class SshAnswers {
  readonly #options: SshAnswersOptions;
  readonly #asked = new Set<string>();
  readonly #remembered = new Map<string, string>();
  /** The password that was given last: the right one, once the login is complete. */
  lastPassword: string | null = null;
  onGivenUp: () => void = () => undefined;

  constructor(options: SshAnswersOptions) {
    this.#options = options;
  }

  /** For a connection that must ask nobody: what was typed before, and nothing else. */
  silently(): SshAnswers {
    return new SshAnswers({
      ...this.#options,
      askSecret: ({ secret, keyPath, server, problem }) => Promise.resolve(problem === null ? this.#remembered.get(`${secret} ${keyPath ?? server}`) ?? null : null),
      askQuestions: () => Promise.resolve(null),
      confirmUnknown: () => Promise.resolve(false),
    });
  }

  /** A new connection: its first questions are no second ones. */
  begin(): void {
    this.#asked.clear();
  }

  /** Null: not answered. @throws AppError */
  async answer(question: AskpassQuestion, gone: AbortSignal): Promise<string | null> {
    if (question.kind === 'notice') {
      await this.#options.showNotice(question.text.trim(), gone);
      if (!gone.aborted) this.onGivenUp();
      return null;
    }
    const prompt = parseSshPrompt(question.text);
    const isAgain = this.#asked.has(question.text);
    this.#asked.add(question.text);
    switch (prompt.kind) {
      case 'host-key': return this.#confirmKey(prompt);
      case 'host-key-again': return 'no';
      case 'passphrase': return this.#askSecret('passphrase', `Passphrase of ${prompt.keyPath}`, isAgain ? 'That was not the passphrase.' : null, prompt.keyPath, this.#options.server);
      case 'password': {
        const server = this.#nameOf(prompt.server);
        const password = await this.#askSecret('password', `Password for ${server}`, isAgain ? 'The server did not accept that password.' : null, null, server);
        if (server === this.#options.server) this.lastPassword = password;
        return password;
      }
      case 'question': {
        const server = prompt.server === null ? this.#options.server : this.#nameOf(prompt.server);
        const values = await this.#options.askQuestions({
          server, onWayTo: this.#wayTo(server), title: '', instruction: question.kind === 'confirm' ? 'Answer yes or no.' : '',
          questions: [{ label: prompt.label, echo: question.kind === 'confirm' }], problem: isAgain ? 'That was not accepted.' : null,
        });
        return values?.[0] ?? null;
      }
    }
  }

  async #confirmKey({ address, port, algorithm, fingerprint }: Extract<SshPrompt, { kind: 'host-key' }>): Promise<string> {
    const isTarget = address === this.#options.target.destination;
    const accepted = await this.#options.confirmUnknown({
      address, port, algorithm: algorithms[algorithm] ?? algorithm, fingerprint,
      knownHostsFile: this.#options.target.knownHostsFile ?? '~/.ssh/known_hosts', onWayTo: isTarget ? null : this.#options.server,
    });
    if (!accepted) throw new AppError('hostkey.rejected', 'The host\'s key was not accepted', `Nothing was sent to ${address}.`);
    return 'yes';
  }

  async #askSecret(secret: 'password' | 'passphrase', label: string, problem: string | null, keyPath: string | null, server: string): Promise<string | null> {
    const answer = await this.#options.askSecret({ secret, label, problem, keyPath, server, onWayTo: this.#wayTo(server) });
    if (answer !== null) this.#remembered.set(`${secret} ${keyPath ?? server}`, answer);
    return answer;
  }

  /** ssh names a host as it was named to it; the app by its address. */
  #nameOf(server: string): string {
    const { destination, user } = this.#options.target;
    return server === `${user}@${destination}` ? this.#options.server : server;
  }

  #wayTo(server: string): string | null {
    return server === this.#options.server ? null : this.#options.server;
  }
}
