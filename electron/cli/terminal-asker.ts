import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { PromptAnswer } from '../../shared/domain/host';
import { AppError } from '../../shared/errors/app-error';
import type { Asker, Question } from '../services/sessions/prompts';

export interface TerminalIo {
  input: NodeJS.ReadStream;
  /** Questions go to stderr, so that stdout stays the command's output. */
  error: NodeJS.WriteStream;
}

/** Answers a connection's questions from the terminal, or from the one line that `--password-stdin` gave. */
export class TerminalAsker implements Asker {
  private given = new Set<string>();

  constructor(private readonly io: TerminalIo, private readonly password: string | null) {}

  async ask(question: Question, signal: AbortSignal): Promise<PromptAnswer> {
    if (question.kind === 'host-key') {
      if (!this.interactive()) return { kind: 'cancel' };
      this.io.error.write(
        `The key of ${question.address}:${question.port}${onTheWay(question)} is not known yet.\n  ${question.algorithm} ${question.fingerprint}\n`
        + 'On the host, ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub shows what it must be (the file is named after the kind of key).\n',
      );
      const answer = await this.readLine(`Trust it and keep it in ${question.knownHostsFile}? [y/N] `, false);
      return { kind: 'host-key', accept: /^y(es)?$/i.test(answer.trim()) };
    }
    if (question.kind === 'notice') return this.showNotice(question.text, signal);
    if (question.kind === 'questions') return this.askSeveral(question);
    // A given password is tried once for each thing it may be for; a wrong one must not loop. It is the host's, and not
    // for the eyes of a server on the way.
    const isOfHost = question.secret !== 'password' || question.onWayTo === null;
    if (this.password !== null && isOfHost && !this.given.has(question.secret)) {
      this.given.add(question.secret);
      return { kind: 'secret', value: this.password, remember: false };
    }
    if (!this.interactive()) {
      throw new AppError(question.secret === 'sudo-password' ? 'auth.sudo-password' : 'auth.failed', question.problem ?? 'A secret is needed', `${question.label}: nobody can be asked here.`, {
        hint: 'Give it by --password-stdin, use a key without a passphrase, or run this in a terminal.',
      });
    }
    if (question.problem) this.io.error.write(`${question.problem}\n`);
    return { kind: 'secret', value: await this.readLine(`${question.label}${onTheWay(question)}: `, true), remember: false };
  }

  /** Stays until it is taken back. */
  private showNotice(text: string, signal: AbortSignal): Promise<PromptAnswer> {
    this.io.error.write(`${text}\n`);
    return new Promise((resolve) => {
      if (signal.aborted) resolve({ kind: 'cancel' });
      else signal.addEventListener('abort', () => resolve({ kind: 'cancel' }), { once: true });
    });
  }

  private async askSeveral(question: Extract<Question, { kind: 'questions' }>): Promise<PromptAnswer> {
    const { server, title, instruction, questions, problem } = question;
    if (!this.interactive()) {
      throw new AppError('auth.failed', 'Answers are needed', `${server} asks ${questions.map(({ label }) => `“${label}”`).join(' and ')}: nobody can be asked here.`, {
        hint: 'Run this in a terminal, or log in with a key.',
      });
    }
    this.io.error.write([problem, `${server}${onTheWay(question)} asks:`, title, instruction].filter(Boolean).map((line) => `${line}\n`).join(''));
    const values: string[] = [];
    for (const { label, echo } of questions) values.push(await this.readLine(`${label} `, !echo));
    return { kind: 'questions', values };
  }

  /** "y" or "yes"; false where nobody can be asked. */
  async confirm(text: string): Promise<boolean> {
    return this.interactive() && /^y(es)?$/i.test((await this.readLine(`${text} [y/N] `, false)).trim());
  }

  interactive(): boolean {
    return this.password === null && this.io.input.isTTY === true;
  }

  /** `hidden`: readline echoes into a sink, so that nothing typed shows. */
  private readLine(label: string, hidden: boolean): Promise<string> {
    const sink = new Writable({ write: (_chunk, _encoding, done) => done() });
    const reader = createInterface({ input: this.io.input, output: hidden ? sink : this.io.error, terminal: true });
    if (hidden) this.io.error.write(label);
    return new Promise((resolve) => {
      reader.on('close', () => resolve(''));
      reader.question(hidden ? '' : label, (answer) => {
        resolve(answer);
        reader.close();
        if (hidden) this.io.error.write('\n');
      });
    });
  }
}

const onTheWay = ({ onWayTo }: { onWayTo: string | null }): string => (onWayTo === null ? '' : ` (on the way to ${onWayTo})`);

/** The first line of a stream, without its line end; for `--password-stdin`. */
export async function readFirstLine(stream: NodeJS.ReadStream): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) {
    text += chunk as string;
    if (text.includes('\n')) break;
  }
  return (text.split('\n')[0] ?? '').replace(/\r$/, '');
}
