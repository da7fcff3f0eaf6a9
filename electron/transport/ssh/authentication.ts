import type { AnyAuthMethod, ParsedKey, Prompt } from 'ssh2';
import { AppError } from '../../../shared/errors/app-error';
import { AgentKeys, usualAgent } from './agent-keys';
import { explainRefusal, type LoginRecord } from './authentication-errors';
import { expandHome, readKeyFile, readPublicKey, unlockKeyFile } from './key-file';
import { KeyFileAgent } from './key-file-agent';
import { planAttempts, wireMethods, type Attempt } from './login-attempts';
import type { AskHere, Asking, QuestionRound, SshServer } from './ssh-runner-options';

const passwordTries = 3;
/** No login of this world asks as many at once. */
const maxQuestions = 32;

export interface AuthenticationOptions {
  server: SshServer;
  /** How the server is named to the user: `10.0.0.12` or `10.0.0.12:2222`. */
  hostLabel: string;
  homeDirectory: string;
  ask: AskHere;
  /** Null when the user cancelled. */
  askQuestions: (round: Omit<QuestionRound, keyof Asking>) => Promise<readonly string[] | null>;
  /** The deadline stands still meanwhile: a key may have to be touched, or its use confirmed. */
  waitForPerson: (work: Promise<unknown>) => void;
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
  readonly #record: LoginRecord = { tried: [], keyFiles: [], allowed: null, agent: null, agentKeysOffered: 0, secretsSent: 0, keyProblem: null };
  readonly #offered = new Set<string>();
  #queue: Attempt[] | null = null;
  #agent: Promise<AgentKeys | null> | null = null;
  #signed = false;
  #continued = false;
  #hasTried = false;
  /** A secret is with the server, which hasn't answered yet. */
  #secretUnderWay = false;
  #interactiveAttempts = 0;
  /** The keyboard-interactive attempt that runs: whether the server asked anything in it. */
  #interactive: 'unasked' | 'asked' | null = null;

  constructor(options: AuthenticationOptions) {
    this.#options = options;
    this.#auto = options.server.auth === 'auto';
  }

  /**
   * @param allowed methods the server says it still takes, null when it wasn't asked yet.
   * @param partial the last method succeeded, and the server wants one more.
   * @returns what ssh2 sends next, or null when nothing is left.
   */
  async next(allowed: readonly string[] | null, partial: boolean): Promise<AnyAuthMethod | null> {
    this.#secretUnderWay = false;
    this.#queue ??= await planAttempts(this.#options.server, this.#options.homeDirectory);
    if (allowed) this.#record.allowed = allowed;
    // Refused without a question: it has none to ask.
    if (this.#interactive === 'unasked') this.#queue = this.#queue.filter(({ kind }) => kind !== 'keyboard-interactive');
    this.#interactive = null;
    if (partial) this.#record.secretsSent = 0;
    // The signature was taken and yet we are asked again: a key was the first of two factors.
    if (partial || this.#signed) this.#continueWithSecondFactor();
    for (let attempt = this.#queue[0]; attempt; attempt = this.#queue[0]) {
      if (this.#record.allowed && attempt.kind !== 'none' && !this.#record.allowed.includes(wireMethods[attempt.kind])) {
        this.#queue.shift();
        continue;
      }
      // Without a key to show, ask first what the server takes: that costs none of its attempts (sshd counts no `none`
      // that comes first).
      const method = this.#hasTried || wireMethods[attempt.kind] === 'publickey' ? await this.#build(attempt) : { type: 'none' as const, username: this.#user };
      if (!method) continue;
      this.#hasTried = true;
      return method;
    }
    if (this.#record.allowed === null) {
      // Only for the error message: what would have been accepted.
      this.#record.allowed = [];
      return { type: 'none', username: this.#user };
    }
    return null;
  }

  /** Why nothing worked, for the user. */
  failure(): Promise<AppError> {
    return explainRefusal(this.#record, this.#options.server, this.#options.hostLabel, 'refused');
  }

  /** The server ended the connection instead of answering; null when that has nothing to do with the login. */
  hungUp(tooMany: boolean): Promise<AppError> | null {
    if (!tooMany && !this.#secretUnderWay) return null;
    return explainRefusal(this.#record, this.#options.server, this.#options.hostLabel, tooMany ? 'too-many' : 'hung-up');
  }

  get #user(): string {
    return this.#options.server.user;
  }

  #continueWithSecondFactor(): void {
    this.#signed = false;
    if (this.#continued) return;
    this.#continued = true;
    const rest = (this.#queue ?? []).filter((attempt) => wireMethods[attempt.kind] === 'publickey');
    this.#queue = [{ kind: 'keyboard-interactive' }, { kind: 'none' }, { kind: 'password' }, ...rest];
  }

  async #build(attempt: Attempt): Promise<AnyAuthMethod | null> {
    const username = this.#user;
    switch (attempt.kind) {
      case 'none':
        this.#queue?.shift();
        // Asking costs one of the server's attempts: only where it hasn't said what it takes.
        return this.#record.allowed === null ? { type: 'none', username } : null;
      case 'agent':
        this.#queue?.shift();
        return this.#buildAgent(attempt);
      case 'key':
        this.#queue?.shift();
        return this.#buildKey(expandHome(attempt.path, this.#options.homeDirectory), attempt.named);
      case 'password':
        return this.#buildPassword();
      case 'keyboard-interactive':
        if (this.#record.secretsSent >= passwordTries || this.#interactiveAttempts >= passwordTries) {
          this.#queue?.shift();
          return null;
        }
        this.#interactiveAttempts++;
        this.#interactive = 'unasked';
        return { type: 'keyboard-interactive', username, prompt: (name, instruction, _language, prompts, finish) => {
          const isFirst = this.#interactive === 'unasked';
          this.#interactive = 'asked';
          this.#answer(name, instruction, prompts, isFirst).then((answers) => {
            this.#secretUnderWay = true;
            finish([...answers]);
          }, (error: unknown) => this.#fatal(error));
        } };
    }
  }

  async #buildAgent({ socket, only, required }: Extract<Attempt, { kind: 'agent' }>): Promise<AnyAuthMethod | null> {
    const agent = await (this.#agent ??= this.#loadAgent(socket));
    if (!agent || agent.problem !== null || agent.keys.length === 0) {
      if (!required) return null;
      const error = this.#agentFailure(agent === null ? 'none is set up here (SSH_AUTH_SOCK)' : agent.problem ?? 'it holds no keys that can be used');
      if (this.#queue?.length === 0) throw error;
      this.#record.keyProblem = error;
      return null;
    }
    const wanted = only === null ? agent.keys : await this.#matching(agent, only);
    const keys = wanted.filter((key) => !this.#offered.has(idOf(key)));
    if (keys.length === 0) return null;
    for (const key of keys) this.#offered.add(idOf(key));
    this.#record.agentKeysOffered += keys.length;
    this.#record.tried.push(`agent (${keys.length} ${keys.length === 1 ? 'key' : 'keys'})`);
    const offering = agent.offering(keys, {
      onSigning: this.#options.waitForPerson,
      onSigned: () => { this.#signed = true; },
      onRefused: (key) => { this.#offered.delete(idOf(key)); },
    });
    return { type: 'agent', username: this.#user, agent: offering };
  }

  async #loadAgent(socket: string | undefined): Promise<AgentKeys | null> {
    const { agentSocket } = this.#options.server;
    const place = socket ?? (agentSocket === undefined ? usualAgent() : agentSocket);
    this.#record.agent = place === null ? null : await AgentKeys.load(place);
    return this.#record.agent;
  }

  async #matching(agent: AgentKeys, files: readonly string[]): Promise<ParsedKey[]> {
    const publicKeys = await Promise.all(files.map((file) => readPublicKey(expandHome(file, this.#options.homeDirectory))));
    return publicKeys.map((key) => (key ? agent.find(key.getPublicSSH()) : undefined)).filter((key): key is ParsedKey => key !== undefined);
  }

  async #buildKey(file: string, named: boolean): Promise<AnyAuthMethod | null> {
    try {
      const key = await readKeyFile(file);
      // The agent has shown it already.
      if (key.publicKey && this.#offered.has(idOf(key.publicKey))) return null;
      if (key.publicKey) this.#offered.add(idOf(key.publicKey));
      this.#record.tried.push(`key ${file}`);
      this.#record.keyFiles.push(file);
      if (!key.publicKey) {
        return { type: 'publickey', username: this.#user, key: await unlockKeyFile(key, this.#options.ask) };
      }
      const agent = new KeyFileAgent(key, this.#options.ask, {
        onSigned: () => { this.#signed = true; },
        onFailure: (error) => this.#keyFailed(error, named),
      });
      return { type: 'agent', username: this.#user, agent };
    } catch (error) {
      this.#keyFailed(error, named);
      return null;
    }
  }

  /** With `auto` a key that can't be used is passed over, as ssh(1) does; one the user named ends the login. */
  #keyFailed(error: unknown, named: boolean): void {
    if (!(error instanceof AppError) || error.code === 'cancelled' || named) this.#fatal(error);
    else this.#record.keyProblem ??= error;
  }

  async #buildPassword(): Promise<AnyAuthMethod | null> {
    if (this.#record.secretsSent >= passwordTries) {
      this.#queue?.shift();
      return null;
    }
    const password = await this.#askPassword(this.#record.secretsSent > 0 ? 'The server did not accept that password.' : null);
    this.#record.secretsSent++;
    this.#record.tried.push('password');
    this.#secretUnderWay = true;
    return { type: 'password', username: this.#user, password };
  }

  async #askPassword(problem: string | null): Promise<string> {
    const { hostLabel, ask } = this.#options;
    const password = await ask({ secret: 'password', label: `Password for ${this.#user}@${hostLabel}`, problem, keyPath: null });
    if (password === null) throw new AppError('cancelled', 'Cancelled', `No password was given for ${this.#user}@${hostLabel}.`);
    this.lastPassword = password;
    return password;
  }

  /** @param isFirst the first round of an attempt; a password and then a code are one attempt. */
  async #answer(title: string, instruction: string, prompts: readonly Prompt[], isFirst: boolean): Promise<readonly string[]> {
    const [first] = prompts;
    if (!first) return [];
    const again = isFirst && this.#record.secretsSent > 0;
    if (isFirst) {
      this.#record.secretsSent++;
      this.#record.tried.push('keyboard-interactive');
    }
    // A lone hidden "Password:" is the password in another dress: asked and kept as such.
    if (prompts.length === 1 && first.echo !== true && /password/i.test(first.prompt) && !/one-?time|verification|new password|otp/i.test(first.prompt)) {
      return [await this.#askPassword(again ? 'The server did not accept that password.' : null)];
    }
    if (prompts.length > maxQuestions) {
      throw new AppError('auth.failed', 'The server asks too much', `${this.#user}@${this.#options.hostLabel} asked ${prompts.length} questions at once.`);
    }
    const answers = await this.#options.askQuestions({
      title: printable(title), instruction: printable(instruction),
      questions: prompts.map(({ prompt, echo }) => ({ label: printable(prompt), echo: echo === true })),
      problem: again ? 'The server did not accept the answers.' : null,
    });
    if (answers === null) throw new AppError('cancelled', 'Cancelled', `The questions of ${this.#user}@${this.#options.hostLabel} were not answered.`);
    return prompts.map((_prompt, index) => answers[index] ?? '');
  }

  #fatal(error: unknown): void {
    this.#options.onFatal(error instanceof AppError ? error
      : new AppError('auth.failed', 'The login failed', error instanceof Error ? error.message : String(error)));
  }

  #agentFailure(reason: string): AppError {
    return new AppError('auth.agent', 'The SSH agent can\'t be used', `Logging in as ${this.#user}@${this.#options.hostLabel} needs an agent, but ${reason}.`, {
      hint: 'Start an agent and add your key (ssh-add), or choose a key file instead.',
    });
  }
}

/** RFC 4256 §3.2: control characters of the server's texts must not reach a terminal. Line ends and tabs stay. */
// eslint-disable-next-line no-control-regex -- they are what is taken out
const printable = (text: string): string => text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '').trim().slice(0, 4000);

const idOf = (key: ParsedKey): string => key.getPublicSSH().toString('base64');
