import { access } from 'node:fs/promises';
import path from 'node:path';
import type { AnyAuthMethod, Prompt } from 'ssh2';
import { AppError } from '../../../shared/errors/app-error';
import { expandHome, readKeyFile, unlockKeyFile } from './key-file';
import { KeyFileAgent } from './key-file-agent';
import { ObservedAgent } from './observed-agent';
import type { AskSecret, AuthMethod } from './ssh-runner-options';

/** Names of authentication methods on the wire (RFC 4252, RFC 4256). */
type WireMethod = 'none' | 'publickey' | 'password' | 'keyboard-interactive';
type Attempt = AuthMethod | { kind: 'none' };

const wireMethods: Record<Attempt['kind'], WireMethod> = {
  none: 'none', agent: 'publickey', key: 'publickey', password: 'password', 'keyboard-interactive': 'keyboard-interactive',
};

const passwordTries = 3;

export interface AuthenticationOptions {
  user: string;
  /** How the host is named to the user: `10.0.0.12` or `10.0.0.12:2222`. */
  hostLabel: string;
  methods: 'auto' | readonly AuthMethod[];
  homeDirectory: string;
  askSecret: AskSecret;
  /** A failure that ends the login at once: the user cancelled, or the named key file can't be used. */
  onFatal: (error: AppError) => void;
}

/**
 * The order of a login: which method is tried next, given what the server still allows. Secrets are asked for when it
 * is their turn, three times at most.
 */
export class Authentication {
  /** The password that was last sent: sudo very often wants the same. Kept in memory for the session only. */
  lastPassword: string | null = null;
  readonly #options: AuthenticationOptions;
  readonly #auto: boolean;
  readonly #tried: string[] = [];
  #queue: Attempt[] | null = null;
  #allowed: readonly string[] | null = null;
  #agent: ObservedAgent | null = null;
  #signedWithKey = false;
  #continued = false;
  #passwordsSent = 0;
  #interactiveRounds = 0;
  #keyProblem: AppError | null = null;

  constructor(options: AuthenticationOptions) {
    this.#options = options;
    this.#auto = options.methods === 'auto';
  }

  /**
   * @param allowed methods the server says it still takes, null when it wasn't asked yet.
   * @param partial the last method succeeded, and the server wants one more.
   * @returns what ssh2 sends next, or null when nothing is left.
   */
  async next(allowed: readonly string[] | null, partial: boolean): Promise<AnyAuthMethod | null> {
    this.#queue ??= await this.#firstQueue();
    if (allowed) this.#allowed = allowed;
    // The signature was taken and yet we are asked again: a key was the first of two factors.
    if (partial || this.#signedWithKey || this.#agent?.signed) this.#continueWithSecondFactor();
    for (let attempt = this.#queue[0]; attempt; attempt = this.#queue[0]) {
      if (this.#allowed && attempt.kind !== 'none' && !this.#allowed.includes(wireMethods[attempt.kind])) {
        this.#queue.shift();
        continue;
      }
      const method = await this.#build(attempt);
      if (method) return method;
    }
    if (this.#allowed === null) {
      // Only for the error message: what would have been accepted.
      this.#allowed = [];
      return { type: 'none', username: this.#options.user };
    }
    return null;
  }

  /** Why nothing worked, for the user. */
  failure(): AppError {
    const { user, hostLabel } = this.#options;
    const accepts = this.#allowed?.length ? ` The server accepts: ${this.#allowed.join(', ')}.` : '';
    if (this.#tried.length === 0) {
      if (this.#keyProblem) return this.#keyProblem;
      if (this.#agent && this.#agent.keyCount === null) return this.#agentFailure('it did not answer');
      if (this.#agent && this.#agent.keyCount === 0) return this.#agentFailure('it holds no keys that can be used');
      return new AppError('auth.no-method', 'No way to log in', `Nothing that ${hostLabel} accepts for ${user} is set up here.${accepts}`, {
        hint: 'Choose another way to log in: a key file, an agent, or a password.',
      });
    }
    if (this.#keyProblem?.code === 'auth.wrong-passphrase') return this.#keyProblem;
    return new AppError('auth.failed', 'The server refused the login', `${user}@${hostLabel} refused: ${[...new Set(this.#tried)].join(', ')}.${accepts}`, {
      hint: 'Check the user name. For a key, its public half must stand in ~/.ssh/authorized_keys on the server (ssh-copy-id puts it there).',
      field: 'user',
    });
  }

  async #firstQueue(): Promise<Attempt[]> {
    const attempts: Attempt[] = this.#options.methods === 'auto' ? await this.#usualMethods() : [...this.#options.methods];
    // Without a key to show, ask first what the server takes, so that no password is asked for in vain.
    const first = attempts[0];
    if (first && wireMethods[first.kind] !== 'publickey') attempts.unshift({ kind: 'none' });
    return attempts;
  }

  async #usualMethods(): Promise<Attempt[]> {
    const attempts: Attempt[] = process.env.SSH_AUTH_SOCK ? [{ kind: 'agent' }] : [];
    for (const name of ['id_ed25519', 'id_ecdsa', 'id_rsa']) {
      const file = path.join(this.#options.homeDirectory, '.ssh', name);
      const exists = await access(file).then(() => true, () => false);
      if (exists) attempts.push({ kind: 'key', path: file });
    }
    return [...attempts, { kind: 'keyboard-interactive' }, { kind: 'password' }];
  }

  #continueWithSecondFactor(): void {
    this.#signedWithKey = false;
    if (this.#agent) this.#agent.signed = false;
    if (this.#continued) return;
    this.#continued = true;
    const rest = (this.#queue ?? []).filter((attempt) => wireMethods[attempt.kind] === 'publickey');
    this.#queue = [{ kind: 'none' }, { kind: 'keyboard-interactive' }, { kind: 'password' }, ...rest];
  }

  async #build(attempt: Attempt): Promise<AnyAuthMethod | null> {
    const username = this.#options.user;
    switch (attempt.kind) {
      case 'none':
        this.#queue?.shift();
        return { type: 'none', username };
      case 'agent':
        this.#queue?.shift();
        this.#askAllowedAfterKeys();
        return this.#buildAgent(attempt.socket ?? process.env.SSH_AUTH_SOCK);
      case 'key':
        this.#queue?.shift();
        this.#askAllowedAfterKeys();
        return this.#buildKey(expandHome(attempt.path, this.#options.homeDirectory));
      case 'password':
        return this.#buildPassword();
      case 'keyboard-interactive':
        if (this.#passwordsSent >= passwordTries || this.#interactiveRounds >= passwordTries) {
          this.#queue?.shift();
          return null;
        }
        this.#interactiveRounds++;
        this.#tried.push('keyboard-interactive');
        return { type: 'keyboard-interactive', username, prompt: (_name, _text, _language, prompts, finish) => {
          this.#answerPrompts(prompts).then(finish, (error: unknown) => this.#fatal(error));
        } };
    }
  }

  /** ssh2 keeps the server's list of allowed methods to itself after agent attempts: one `none` request tells it. */
  #askAllowedAfterKeys(): void {
    const next = this.#queue?.[0];
    if (next && next.kind !== 'none' && wireMethods[next.kind] !== 'publickey') this.#queue?.unshift({ kind: 'none' });
  }

  #buildAgent(socket: string | undefined): AnyAuthMethod | null {
    if (!socket) {
      if (this.#auto) return null;
      const error = this.#agentFailure('SSH_AUTH_SOCK names none');
      if (this.#queue?.length === 0) throw error;
      this.#keyProblem = error;
      return null;
    }
    const agent = new ObservedAgent(socket, (count) => {
      if (count > 0) this.#tried.push(`agent (${count} ${count === 1 ? 'key' : 'keys'})`);
    });
    this.#agent = agent;
    return { type: 'agent', username: this.#options.user, agent };
  }

  async #buildKey(file: string): Promise<AnyAuthMethod | null> {
    try {
      const key = await readKeyFile(file);
      this.#tried.push(`key ${file}`);
      if (!key.publicKey) {
        return { type: 'publickey', username: this.#options.user, key: await unlockKeyFile(key, this.#options.askSecret) };
      }
      const askSecret: AskSecret = (question) => this.#options.askSecret(question);
      const agent = new KeyFileAgent(key, askSecret, {
        onSigned: () => { this.#signedWithKey = true; },
        onFailure: (error) => this.#keyFailed(error),
      });
      return { type: 'agent', username: this.#options.user, agent };
    } catch (error) {
      this.#keyFailed(error);
      return null;
    }
  }

  /** With `auto` a key that can't be used is passed over, as ssh(1) does; one the user named ends the login. */
  #keyFailed(error: unknown): void {
    if (!(error instanceof AppError) || error.code === 'cancelled' || !this.#auto) this.#fatal(error);
    else this.#keyProblem ??= error;
  }

  async #buildPassword(): Promise<AnyAuthMethod | null> {
    if (this.#passwordsSent >= passwordTries) {
      this.#queue?.shift();
      return null;
    }
    const password = await this.#askPassword();
    this.#tried.push('password');
    return { type: 'password', username: this.#options.user, password };
  }

  async #askPassword(): Promise<string> {
    const { user, hostLabel, askSecret } = this.#options;
    const password = await askSecret({
      secret: 'password', label: `Password for ${user}@${hostLabel}`,
      problem: this.#passwordsSent > 0 ? 'The server did not accept that password.' : null, keyPath: null, echo: false,
    });
    if (password === null) throw new AppError('cancelled', 'Cancelled', `No password was given for ${user}@${hostLabel}.`);
    this.#passwordsSent++;
    this.lastPassword = password;
    return password;
  }

  async #answerPrompts(prompts: readonly Prompt[]): Promise<string[]> {
    const answers: string[] = [];
    for (const prompt of prompts) {
      // A lone hidden "Password:" is the password in another dress: asked, kept and counted as such.
      if (prompts.length === 1 && prompt.echo !== true && /password/i.test(prompt.prompt) && !/one-?time|verification/i.test(prompt.prompt)) {
        answers.push(await this.#askPassword());
        continue;
      }
      const answer = await this.#options.askSecret({
        secret: 'keyboard-interactive', label: prompt.prompt.trim(), problem: this.#passwordsSent > 0 ? 'The server asks again.' : null,
        keyPath: null, echo: prompt.echo === true,
      });
      if (answer === null) throw new AppError('cancelled', 'Cancelled', 'The login was cancelled.');
      this.#passwordsSent++;
      answers.push(answer);
    }
    return answers;
  }

  #fatal(error: unknown): void {
    this.#options.onFatal(error instanceof AppError ? error
      : new AppError('auth.failed', 'The login failed', error instanceof Error ? error.message : String(error)));
  }

  #agentFailure(reason: string): AppError {
    return new AppError('auth.agent', 'The SSH agent can\'t be used', `Logging in as ${this.#options.user}@${this.#options.hostLabel} needs an agent, but ${reason}.`, {
      hint: 'Start an agent and add your key (ssh-add), or choose a key file instead.',
    });
  }
}
