import type { Client, ClientChannel } from 'ssh2';
import type { TerminalSize } from '../../../shared/domain/terminal';
import type { AppError } from '../../../shared/errors/app-error';
import type { TerminalChannel, TerminalEnd } from '../terminal-channel';

/** Locale for the host's programs: the user's own where it is UTF-8, since the terminal reads nothing else. sshd takes it where AcceptEnv allows. */
export function terminalLocale(environment: NodeJS.ProcessEnv = process.env): string {
  const wanted = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || '';
  return /utf-?8$/i.test(wanted) ? wanted : 'C.UTF-8';
}

/**
 * A login shell (`command` null) or a command behind a pseudo-terminal of the server. Rejects with ssh2's error.
 */
export function openSshTerminal(
  client: Client, command: string | null, size: TerminalSize, lost: () => AppError | null,
): Promise<{ channel: ClientChannel; terminal: TerminalChannel }> {
  const pty = { term: 'xterm-256color', cols: size.columns, rows: size.rows };
  const env = { LANG: terminalLocale() };
  return new Promise((resolve, reject) => {
    const opened = (error: Error | undefined, channel: ClientChannel): void => {
      if (error) reject(error);
      else resolve({ channel, terminal: new SshTerminal(channel, lost) });
    };
    // Both throw when the socket is already gone: then the promise rejects with that.
    if (command === null) client.shell(pty, { env }, opened);
    else client.exec(command, { pty, env }, opened);
  });
}

class SshTerminal implements TerminalChannel {
  readonly #channel: ClientChannel;
  #exit: { exitCode: number | null; signal: string | null } | null = null;
  #end: TerminalEnd | null = null;
  #onEnd: ((end: TerminalEnd) => void) | null = null;

  constructor(channel: ClientChannel, lost: () => AppError | null) {
    this.#channel = channel;
    channel.once('exit', (code: number | null, signal?: string) => {
      this.#exit = { exitCode: code, signal: signal ? `SIG${signal.replace(/^SIG/, '')}` : null };
    });
    // A terminal has one stream; what the server sends on the other all the same must not hold it up.
    channel.stderr.resume();
    channel.on('error', () => channel.close());
    channel.once('close', () => {
      this.#end = this.#exit ? { ...this.#exit, error: null } : { exitCode: null, signal: null, error: lost() };
      this.#onEnd?.(this.#end);
    });
  }

  write(text: string): void {
    if (this.#channel.writable) this.#channel.write(text);
  }

  resize({ columns, rows }: TerminalSize): void {
    if (!this.#end) this.#channel.setWindow(rows, columns, 0, 0);
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
