import type { Readable } from 'node:stream';

/** What ssh says once the server has opened a session, or a connection: over a master with -v, by itself with -vv. */
const openedLine = /^debug1: mux_client_request_(?:session|stdio_fwd): master session id: \d+\r?\n|^debug2: channel \d+: open confirm [^\n]*\n/m;
const versionLine = /^OpenSSH[^\n]*\n/m;

/**
 * stderr of an ssh that joined a master: its own lines come out, what the process on the host printed stays.
 * `opened` rejects with everything it said when it ended without being let in.
 */
export class OpenedChannel {
  readonly opened: Promise<void>;
  #head: string | null = '';
  #held: Buffer[] = [];
  #onData: ((chunk: Buffer) => void) | null = null;

  constructor(stderr: Readable) {
    this.opened = new Promise((resolve, reject) => {
      stderr.on('data', (chunk: Buffer) => {
        if (this.#head === null) {
          this.#deliver(chunk);
          return;
        }
        // latin1 keeps every byte: what the host printed may have come first.
        this.#head += chunk.toString('latin1');
        if (!openedLine.test(this.#head)) return;
        const rest = this.#head.replace(openedLine, '').replace(versionLine, '');
        this.#head = null;
        if (rest !== '') this.#deliver(Buffer.from(rest, 'latin1'));
        resolve();
      });
      stderr.once('close', () => reject(new Error(this.#head ?? '')));
    });
    this.opened.catch(() => undefined);
  }

  onData(listener: (chunk: Buffer) => void): void {
    this.#onData = listener;
    for (const chunk of this.#held.splice(0)) listener(chunk);
  }

  #deliver(chunk: Buffer): void {
    if (this.#onData) this.#onData(chunk);
    else this.#held.push(chunk);
  }
}
