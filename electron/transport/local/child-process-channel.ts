import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { ProcessChannel, ProcessExit } from '../carrier';

/** A child whose three streams are pipes of ours. */
export type PipedChild = ChildProcess & { stdin: Writable; stdout: Readable; stderr: Readable };

/** A process of this computer, started as the leader of a process group of its own. */
export class ChildProcessChannel implements ProcessChannel {
  exit: ProcessExit | null = null;
  readonly #child: PipedChild;
  readonly #stderr: (listener: (chunk: Buffer) => void) => void;
  readonly #exitListeners: (() => void)[] = [];
  readonly #closeListeners: (() => void)[] = [];
  #closed = false;

  /**
   * @param readExit what an exit means; null: it tells nothing of the process (an ssh that lost its connection).
   * @param stderr where its stderr is taken from, when not from the child itself.
   */
  constructor(
    child: PipedChild, readExit: (exit: ProcessExit) => ProcessExit | null | Promise<ProcessExit | null> = (exit) => exit,
    stderr: (listener: (chunk: Buffer) => void) => void = (listener) => child.stderr.on('data', listener),
  ) {
    this.#child = child;
    this.#stderr = stderr;
    let meaning: Promise<void> = Promise.resolve();
    child.once('exit', (exitCode, signal) => {
      meaning = Promise.resolve(readExit({ exitCode, signal })).then((exit) => {
        this.exit = exit;
        for (const listener of this.#exitListeners.splice(0)) listener();
      });
    });
    child.once('close', () => void meaning.then(() => this.#close()));
    // A process that no longer reads (EPIPE): its exit code and stderr tell.
    child.stdin.on('error', () => child.stdin.destroy());
    child.on('error', () => this.close());
  }

  write(text: string): void {
    if (this.#child.stdin.writable) this.#child.stdin.write(text);
  }

  end(text = ''): void {
    if (!this.#child.stdin.writable) return;
    if (text === '') this.#child.stdin.end();
    else this.#child.stdin.end(text);
  }

  onStdout(listener: (chunk: Buffer) => void): void {
    this.#child.stdout.on('data', listener);
  }

  onStderr(listener: (chunk: Buffer) => void): void {
    this.#stderr(listener);
  }

  onExit(listener: () => void): void {
    if (this.exit) listener();
    else this.#exitListeners.push(listener);
  }

  onClose(listener: () => void): void {
    if (this.#closed) listener();
    else this.#closeListeners.push(listener);
  }

  signal(name: string): void {
    signalGroup(this.#child, `SIG${name.replace(/^SIG/, '')}` as NodeJS.Signals);
  }

  close(): void {
    this.#child.stdin.destroy();
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
    this.#close();
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const listener of this.#closeListeners.splice(0)) listener();
  }
}

/** Signals a process group; one that is gone, or root's, is left alone. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    // There are no process groups on Windows.
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Resolves when it runs. Rejects with Node's error when it could not be started. */
export function whenSpawned<C extends ChildProcess>(child: C): Promise<C> {
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child));
    child.once('error', reject);
  });
}
