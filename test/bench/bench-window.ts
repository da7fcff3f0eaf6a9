import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

export interface BenchWindowOptions {
  electron: string;
  /** Folder of the app: the repository's root, or the empty window. */
  appFolder: string;
  /** All of the environment. */
  env: Record<string, string>;
  /** Chromium's own data. */
  userDataDir: string;
}

/** The parts of replies that are used here. */
interface Result {
  result?: { value?: unknown };
  exceptionDetails?: { text: string; exception?: { description?: string } };
  targetInfos?: { targetId: string; type: string }[];
  sessionId?: string;
}

interface Reply {
  id?: number;
  result?: Result;
  error?: { message: string };
}

function resultOf(method: string, reply: Reply): Result {
  if (reply.error) throw new Error(`${method}: ${reply.error.message}`);
  return reply.result ?? {};
}

/**
 * An Electron window as a user starts it, watched over DevTools' own pipe (Chrome DevTools Protocol: NUL-terminated JSON
 * on descriptors 3 and 4). Playwright would hold the start back until it is attached; here nothing is attached before
 * the first `evaluate`.
 */
export class BenchWindow {
  /** Milliseconds since 1970, with fractions: just before the process was started. */
  readonly startedAt: number;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #lastId = 0;
  #session: Promise<string> | null = null;
  #errors = '';

  constructor(options: BenchWindowOptions) {
    const isRoot = process.getuid?.() === 0;
    const args = [...(isRoot ? ['--no-sandbox'] : []), '--log-level=3', '--remote-debugging-pipe', `--user-data-dir=${options.userDataDir}`, options.appFolder];
    this.startedAt = performance.timeOrigin + performance.now();
    this.#child = spawn(options.electron, args, { env: options.env, stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'], detached: true });
    this.#child.stderr?.on('data', (chunk: Buffer) => { this.#errors += chunk.toString(); });
    // A window that has ended reads no more; whoever waits for its answer is told below.
    (this.#child.stdio[3] as Writable).on('error', () => this.#failAll());
    this.#child.once('exit', () => this.#failAll());
    let buffered = '';
    (this.#child.stdio[4] as Readable).setEncoding('utf8').on('data', (chunk: string) => {
      const messages = (buffered + chunk).split('\0');
      buffered = messages.pop() ?? '';
      for (const message of messages) {
        const reply = JSON.parse(message) as Reply;
        if (reply.id === undefined) continue;
        this.#waiting.get(reply.id)?.(reply);
        this.#waiting.delete(reply.id);
      }
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Runs an expression (a promise is awaited) in the page, as soon as there is one; its value must be JSON. */
  async evaluate<T>(expression: string): Promise<T> {
    const session = await this.#pageSession();
    for (const deadline = performance.now() + 30_000; ; await delay(20)) {
      const reply = await this.#call('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true }, session);
      // While its first document is on the way, a page runs nothing, or forgets what it was asked.
      if (reply.error && /execution context/i.test(reply.error.message) && performance.now() < deadline) continue;
      const result = resultOf('Runtime.evaluate', reply);
      if (result.exceptionDetails) throw new Error(result.exceptionDetails.exception?.description ?? result.exceptionDetails.text);
      return result.result?.value as T;
    }
  }

  /** Asks the page every 50 ms until the expression is truthy. */
  async waitFor(what: string, expression: string, timeoutMs = 60_000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!(await this.evaluate<boolean>(`Boolean(${expression})`))) {
      if (performance.now() > deadline) throw new Error(`The window waited in vain for ${what}. It shows:\n${await this.evaluate<string>('document.body.innerText')}\n${this.#errors}`);
      await delay(50);
    }
  }

  /** Presses and releases a key in the page, as a keyboard does: a character, or `Enter`. Resolves once the page has had it. */
  async press(key: string, { control = false } = {}): Promise<void> {
    const session = await this.#pageSession();
    const text = control ? {} : { text: key === 'Enter' ? '\r' : key };
    const code = key === 'Enter' ? 13 : key.toUpperCase().charCodeAt(0);
    for (const type of ['keyDown', 'keyUp']) {
      const event = { type, key, windowsVirtualKeyCode: code, modifiers: control ? 2 : 0, ...(type === 'keyDown' ? text : {}) };
      resultOf('Input.dispatchKeyEvent', await this.#call('Input.dispatchKeyEvent', event, session));
    }
  }

  /** Puts text where the focus is, as an input method does. */
  async insertText(text: string): Promise<void> {
    resultOf('Input.insertText', await this.#call('Input.insertText', { text }, await this.#pageSession()));
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await Promise.race([ended, delay(8000, undefined, { ref: false })]);
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
    await ended;
  }

  #pageSession(): Promise<string> {
    this.#session ??= this.#attach();
    return this.#session;
  }

  async #attach(): Promise<string> {
    for (const deadline = performance.now() + 30_000; performance.now() < deadline; await delay(50)) {
      const { targetInfos } = resultOf('Target.getTargets', await this.#call('Target.getTargets', {}));
      const page = targetInfos?.find((target) => target.type === 'page');
      if (!page) continue;
      const attached = resultOf('Target.attachToTarget', await this.#call('Target.attachToTarget', { targetId: page.targetId, flatten: true }));
      return attached.sessionId!;
    }
    throw new Error(`No window came up.\n${this.#errors}`);
  }

  #call(method: string, params: object, sessionId?: string): Promise<Reply> {
    if (this.#child.exitCode !== null) throw new Error(`The window has ended.\n${this.#errors}`);
    const id = ++this.#lastId;
    return new Promise<Reply>((resolve) => {
      this.#waiting.set(id, resolve);
      (this.#child.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  #failAll(): void {
    for (const settle of this.#waiting.values()) settle({ error: { message: `the window has ended.\n${this.#errors}` } });
    this.#waiting.clear();
  }
}
