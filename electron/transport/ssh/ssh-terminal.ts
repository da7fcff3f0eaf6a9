import type { ClientChannel } from 'ssh2';
import type { TerminalSize } from '../../../shared/domain/terminal';
import type { AppError } from '../../../shared/errors/app-error';
import type { TerminalChannel, TerminalEnd } from '../terminal-channel';

/** A session channel of ssh2 with a pseudo-terminal of the server. To be made in ssh2's own callback, as SshProcessChannel. */
export class SshTerminal implements TerminalChannel {
  readonly #channel: ClientChannel;
  #exit: { exitCode: number | null; signal: string | null } | null = null;
  #end: TerminalEnd | null = null;
  #onEnd: ((end: TerminalEnd) => void) | null = null;

  /** @param lost why the connection is gone; asked when the channel closed without a word of its process. */
  constructor(channel: ClientChannel, lost: () => AppError | null) {
    this.#channel = channel;
    channel.once('exit', (code: number | null, signal?: string) => {
      this.#exit = { exitCode: code, signal: signal ? `SIG${signal.replace(/^SIG/, '')}` : null };
    });
    // A terminal has one stream; what the server sends on the other all the same must not hold it up.
    channel.stderr.resume();
    channel.on('error', () => channel.close());
    channel.once('close', () => {
      // The connection's own end comes a moment later.
      queueMicrotask(() => {
        this.#end = this.#exit ? { ...this.#exit, error: null } : { exitCode: null, signal: null, error: lost() };
        this.#onEnd?.(this.#end);
      });
    });
  }

  write(text: string): void {
    if (this.#channel.writable) this.#channel.write(text);
  }

  resize({ columns, rows }: TerminalSize): void {
    if (this.#channel.writable) this.#channel.setWindow(rows, columns, 0, 0);
  }

  pause(): void {
    this.#channel.pause();
  }

  resume(): void {
    this.#channel.resume();
  }

  onData(listener: (data: Uint8Array) => void): void {
    this.#channel.on('data', listener);
  }

  onEnd(listener: (end: TerminalEnd) => void): void {
    if (this.#end) listener(this.#end);
    else this.#onEnd = listener;
  }

  close(): void {
    if (!this.#end) this.#channel.close();
  }
}
