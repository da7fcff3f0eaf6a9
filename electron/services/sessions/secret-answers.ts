import type { HostProfile } from '../../../shared/domain/host';
import { AppError } from '../../../shared/errors/app-error';
import type { SecretKind, SecretStore } from '../../storage/secret-store';
import type { CommandRunner } from '../../transport/command-runner';
import type { HostKeyQuestion, QuestionRound, SecretQuestion } from '../../transport/ssh/ssh-runner-options';
import type { Asker } from './prompts';
import type { OpenAttempt } from './session-service';

export interface SecretAnswersDependencies {
  secrets: SecretStore;
  asker: Asker;
}

/** The secrets of one attempt: taken from what is kept, else asked for, and kept once they are known to be right. */
export class SecretAnswers {
  #typed: { kind: SecretKind; subject: string; server: string; value: string; remember: boolean }[] = [];
  /** A kept password that was given to a server which has said nothing to it yet. */
  #unproven: { subject: string; server: string } | null = null;
  /** Once it stands, the user is there whenever sudo wants its password anew, or a terminal a connection. */
  #life: AbortController | null = null;

  constructor(private readonly dependencies: SecretAnswersDependencies, private readonly profile: HostProfile, private readonly attempt: OpenAttempt) {}

  /** Null: the user cancelled. */
  async ask({ secret: kind, keyPath, server, onWayTo, label, problem }: SecretQuestion): Promise<string | null> {
    const { secrets, asker } = this.dependencies;
    const { id: hostId } = this.profile;
    const subject = keyPath ?? server;
    // A host that boots may refuse a right password, too (its directory service is not up yet): forgotten only with the user there.
    if (problem && this.#mayAsk) await secrets.forget(hostId, kind, subject);
    const held = problem ? null : secrets.get(hostId, kind, subject);
    if (held !== null) {
      if (kind === 'password') {
        this.attempt.onPasswordSent();
        this.#unproven = { subject, server };
      }
      return held;
    }
    if (!this.#mayAsk) throw secretNeeded(this.profile.name, label, problem);
    const answer = await asker.ask({ kind: 'secret', hostId, server, onWayTo, secret: kind, label, problem, canRemember: secrets.canRemember() }, this.#signal);
    if (answer.kind !== 'secret') return null;
    this.#typed.push({ kind, subject, server, value: answer.value, remember: answer.remember });
    return answer.value;
  }

  /** Codes are for one login: nothing of it is kept. */
  async askSeveral(round: QuestionRound): Promise<readonly string[] | null> {
    if (!this.#mayAsk) throw secretNeeded(this.profile.name, `${round.server}: ${round.questions.map(({ label }) => label).join(' ')}`, round.problem);
    const answer = await this.dependencies.asker.ask({ kind: 'questions', hostId: this.profile.id, ...round, questions: [...round.questions] }, this.#signal);
    return answer.kind === 'questions' ? answer.values : null;
  }

  /**
   * What got us in is right, what did not is replaced: of each kind the last answer is the one that worked.
   * @param server the one that let us in; null: everything worked
   */
  async keep(server: string | null): Promise<void> {
    if (server === null || this.#unproven?.server === server) this.#unproven = null;
    const proven = this.#typed.filter((typed) => server === null || (typed.server === server && typed.kind !== 'sudo-password'));
    this.#typed = this.#typed.filter((typed) => !proven.includes(typed));
    for (const { kind, subject, value, remember } of proven) await this.dependencies.secrets.set(this.profile.id, kind, subject, value, remember);
  }

  /** A server may end the connection at a wrong password instead of asking again: then too it must not be sent again. */
  async doubt(error: unknown): Promise<void> {
    if (this.#unproven && this.attempt.interactive && error instanceof AppError && error.code === 'auth.failed') {
      await this.dependencies.secrets.forget(this.profile.id, 'password', this.#unproven.subject);
    }
  }

  /** The key of a server that no file knows: only a person can say that it is right. */
  async confirmKey(question: HostKeyQuestion): Promise<boolean> {
    if (!this.attempt.interactive) return false;
    const answer = await this.dependencies.asker.ask({ kind: 'host-key', hostId: this.profile.id, ...question }, this.attempt.signal);
    return answer.kind === 'host-key' && answer.accept;
  }

  /** Shows a sentence until `gone`; resolves earlier when the user gives up. */
  async showNotice(text: string, gone: AbortSignal): Promise<void> {
    // A notice asks for a hand at this computer: with nobody there it would only wait.
    if (!this.#mayAsk) throw secretNeeded(this.profile.name, text, null);
    await this.dependencies.asker.ask({ kind: 'notice', hostId: this.profile.id, text }, gone);
  }

  stand(runner: CommandRunner): void {
    const life = new AbortController();
    this.#life = life;
    runner.onClose(() => life.abort());
  }

  get #mayAsk(): boolean {
    return this.attempt.interactive || this.#life !== null;
  }

  get #signal(): AbortSignal {
    return this.#life?.signal ?? this.attempt.signal;
  }
}

/** A lost session can't be made anew without the user. */
function secretNeeded(hostName: string, label: string, problem: string | null): AppError {
  return new AppError('auth.secret-needed', `${hostName} waits for you to log in`, `To reconnect it asks for: ${label}. ${problem ?? 'None is kept for it.'}`, {
    hint: 'Connect, and type it when you are asked.',
  });
}
