import type { TerminalChannel, TerminalEnd } from '../terminal-channel';
import type { TerminalLaunch } from './terminal-script';

/** The command never began: sudo, doas or pkexec ended before it. */
export class TerminalNotStarted extends Error {
  constructor(readonly output: string, readonly end: TerminalEnd) {
    super(output.trim() || 'The terminal\'s command did not start');
    this.name = 'TerminalNotStarted';
  }
}

/** More than this before the command is no question of sudo any more. */
const maxNoiseBytes = 64 * 1024;

/**
 * Answers for the password, and resolves when the command has begun, to the terminal without all that came before.
 * @throws TerminalNotStarted
 */
export function beginElevatedTerminal(inner: TerminalChannel, launch: TerminalLaunch & { beginMark: string }, password: string | null): Promise<TerminalChannel> {
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    let answered = false;
    let begun: StartedTerminal | null = null;
    inner.onData((data) => {
      if (begun) {
        begun.deliver(data);
        return;
      }
      head = Buffer.concat([head, data]).subarray(-maxNoiseBytes);
      const begin = head.indexOf(launch.beginMark);
      const lineEnd = begin < 0 ? -1 : head.indexOf(10, begin);
      if (lineEnd >= 0) {
        begun = new StartedTerminal(inner);
        resolve(begun);
        if (lineEnd + 1 < head.length) begun.deliver(head.subarray(lineEnd + 1));
        return;
      }
      const asked = launch.askMark === null ? -1 : head.indexOf(launch.askMark);
      if (asked < 0) return;
      if (answered || password === null) {
        // A second question means that the first answer was wrong.
        inner.close();
        return;
      }
      answered = true;
      head = head.subarray(asked + (launch.askMark ?? '').length);
      inner.write(`${password}\n`);
    });
    inner.onEnd((end) => {
      if (begun) begun.finish(end);
      else reject(new TerminalNotStarted(head.toString('utf8'), end));
    });
  });
}

/** What the command prints; held back until somebody listens. */
class StartedTerminal implements TerminalChannel {
  readonly #inner: TerminalChannel;
  #held: Uint8Array[] = [];
  #end: TerminalEnd | null = null;
  #onData: ((data: Uint8Array) => void) | null = null;
  #onEnd: ((end: TerminalEnd) => void) | null = null;

  constructor(inner: TerminalChannel) {
    this.#inner = inner;
  }

  deliver(data: Uint8Array): void {
    if (this.#onData) this.#onData(data);
    else this.#held.push(data);
  }

  finish(end: TerminalEnd): void {
    this.#end = end;
    this.#onEnd?.(end);
  }

  write(text: string): void {
    this.#inner.write(text);
  }

  resize(size: { columns: number; rows: number }): void {
    this.#inner.resize(size);
  }

  pause(): void {
    this.#inner.pause();
  }

  resume(): void {
    this.#inner.resume();
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
    this.#inner.close();
  }
}
