import { closeSync, constants, openSync } from 'node:fs';
import { AppError } from '../../../shared/errors/app-error';
import type { TerminalSize } from '../../../shared/domain/terminal';
import type { TerminalChannel, TerminalEnd } from '../terminal-channel';
import { signalName } from './signal-name';
import type { PtyProcess } from 'node-pty';

export interface PtyProgram {
  /** Absolute path. */
  file: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string | undefined>;
  size: TerminalSize;
}

/**
 * Starts a program of this computer behind a pseudo-terminal. node-pty is loaded at the first: it is native code that
 * most sessions never need.
 * @throws AppError `command.failed` when node-pty can't be loaded or there is no pseudo-terminal to be had.
 */
export async function openPtyProcess({ file, args, cwd, env, size }: PtyProgram): Promise<TerminalChannel> {
  try {
    const { spawn } = await import('node-pty');
    return new LocalTerminal(spawn(file, args, { name: 'xterm-256color', cols: size.columns, rows: size.rows, cwd, env, encoding: null }));
  } catch (error) {
    throw new AppError('command.failed', 'No terminal could be started', `${file} could not be started behind a terminal: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}.`);
  }
}

/**
 * Keeps the program's side of the terminal open until its end was told. Without it libuv takes the hang-up for the end
 * of the data, though the kernel still holds some: the last words of a program were lost now and then.
 */
function holdOpen(pty: PtyProcess): () => void {
  if (pty.ptsName === undefined) return () => undefined;
  const held = openSync(pty.ptsName, constants.O_RDWR | constants.O_NOCTTY);
  return () => closeSync(held);
}

class LocalTerminal implements TerminalChannel {
  readonly #pty: PtyProcess;
  #held: Buffer[] = [];
  #onData: ((data: Uint8Array) => void) | null = null;
  #end: TerminalEnd | null = null;
  #onEnd: ((end: TerminalEnd) => void) | null = null;

  constructor(pty: PtyProcess) {
    this.#pty = pty;
    const release = holdOpen(pty);
    pty.onData((chunk) => {
      // Windows gives text, whatever was asked for.
      const data = typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk;
      if (this.#onData) this.#onData(data);
      else this.#held.push(data);
    });
    pty.onExit(({ exitCode, signal }) => {
      release();
      this.#end = signal ? { exitCode: null, signal: signalName(signal), error: null } : { exitCode, signal: null, error: null };
      this.#onEnd?.(this.#end);
    });
  }

  write(text: string): void {
    if (!this.#end) this.#pty.write(text);
  }

  resize({ columns, rows }: TerminalSize): void {
    if (this.#end) return;
    try {
      this.#pty.resize(columns, rows);
    } catch (error) {
      // The process may be gone before its end is told: then there is nothing to resize.
      if (!/EBADF|ENOTTY|already exited/i.test(error instanceof Error ? error.message : '')) throw error;
    }
  }

  pause(): void {
    if (!this.#end) this.#pty.pause();
  }

  resume(): void {
    if (!this.#end) this.#pty.resume();
  }

  onData(listener: (data: Uint8Array) => void): void {
    this.#onData = listener;
    for (const data of this.#held.splice(0)) listener(data);
  }

  onEnd(listener: (end: TerminalEnd) => void): void {
    if (this.#end) listener(this.#end);
    else this.#onEnd = listener;
  }

  close(): void {
    if (this.#end) return;
    // What hangs up must be read to its end, or a paused process would never be told.
    this.#pty.resume();
    this.#pty.kill();
  }
}
