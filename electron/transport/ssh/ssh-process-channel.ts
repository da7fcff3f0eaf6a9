import type { ClientChannel } from 'ssh2';
import type { ProcessChannel, ProcessExit } from '../carrier';

/**
 * A session channel of ssh2. To be made in ssh2's own callback: a quick command's start, output and exit can arrive in
 * one piece of data, and the events are over before any promise goes on.
 */
export class SshProcessChannel implements ProcessChannel {
  exit: ProcessExit | null = null;
  readonly #channel: ClientChannel;

  constructor(channel: ClientChannel) {
    this.#channel = channel;
    channel.once('exit', (code: number | null, signal?: string) => {
      this.exit = { exitCode: code, signal: signal ? `SIG${signal.replace(/^SIG/, '')}` : null };
    });
    // Writing to a process that no longer reads is its affair. (The same as EPIPE locally.)
    channel.on('error', () => channel.close());
  }

  write(text: string): void {
    if (this.#channel.writable) this.#channel.write(text);
  }

  end(text = ''): void {
    if (!this.#channel.writable) return;
    if (text === '') this.#channel.end();
    else this.#channel.end(text);
  }

  onStdout(listener: (chunk: Buffer) => void): void {
    this.#channel.on('data', listener);
  }

  onStderr(listener: (chunk: Buffer) => void): void {
    this.#channel.stderr.on('data', listener);
  }

  onExit(listener: () => void): void {
    if (this.exit) listener();
    else this.#channel.once('exit', listener);
  }

  onClose(listener: () => void): void {
    this.#channel.once('close', listener);
  }

  /** sshd ignores it for root's processes. */
  signal(name: string): void {
    this.#channel.signal(name);
  }

  close(): void {
    this.#channel.close();
  }
}
