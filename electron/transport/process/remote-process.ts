import type { ProcessChannel, ProcessExit } from '../carrier';

/** Both null when the channel closed without saying: the connection was lost. */
export type ProcessEnd = ProcessExit;

/** The program never began: the login shell or sudo ended before it. */
export class NotStarted extends Error {
  readonly end: ProcessEnd;
  readonly output: string;

  constructor(end: ProcessEnd, output: string) {
    super(output.trim() || 'The process did not start');
    this.name = 'NotStarted';
    this.end = end;
    this.output = output;
  }
}

/** More than this before the mark is no greeting of a login shell any more. */
const maxNoiseBytes = 1024 * 1024;
/**
 * A daemon that inherited the output keeps the channel open: the exit is then enough, once nothing came for so long. (The
 * exit overtakes output that still waits on its way: a slow link needs the time.)
 */
const graceAfterExitMs = 2000;

/** Takes one stream up to the mark away; `onData` gets what follows. */
class MarkedStream {
  #head: Buffer | null = Buffer.alloc(0);
  onData: ((chunk: Buffer) => void) | null = null;
  readonly #held: Buffer[] = [];

  constructor(private readonly mark: string, private readonly onMark: (pid: number) => void) {}

  /** What came before the mark; the whole output when the mark never came. */
  noise = '';

  push(chunk: Buffer): void {
    if (this.#head === null) {
      this.#deliver(chunk);
      return;
    }
    this.#head = Buffer.concat([this.#head, chunk]);
    const start = this.#head.indexOf(`@${this.mark} `);
    const end = start < 0 ? -1 : this.#head.indexOf(10, start);
    if (end < 0) {
      if (this.#head.length > maxNoiseBytes) this.#head = this.#head.subarray(-maxNoiseBytes);
      this.noise = this.#head.toString('utf8');
      return;
    }
    this.noise = this.#head.toString('utf8', 0, start);
    const pid = Number(this.#head.toString('latin1', start + this.mark.length + 2, end));
    const rest = this.#head.subarray(end + 1);
    this.#head = null;
    this.onMark(pid);
    if (rest.length > 0) this.#deliver(rest);
  }

  listen(listener: (chunk: Buffer) => void): void {
    this.onData = listener;
    for (const chunk of this.#held.splice(0)) listener(chunk);
  }

  #deliver(chunk: Buffer): void {
    if (this.onData) this.onData(chunk);
    else this.#held.push(chunk);
  }
}

/**
 * A process on the host, started by `buildLaunch`. Both its streams are always read (a channel whose output nobody
 * takes never closes).
 */
export class RemoteProcess {
  /** Its pid on the host, once it runs. Rejects with `NotStarted`. */
  readonly started: Promise<number>;
  readonly ended: Promise<ProcessEnd>;
  readonly mark: string;
  readonly elevated: boolean;
  /** Null until it runs. */
  pid: number | null = null;
  isOver = false;
  readonly #channel: ProcessChannel;
  readonly #stdout: MarkedStream;
  readonly #stderr: MarkedStream;

  constructor(channel: ProcessChannel, mark: string, elevated: boolean) {
    this.#channel = channel;
    this.mark = mark;
    this.elevated = elevated;
    let marks = 0;
    let begin: (pid: number) => void;
    let refuse: (error: NotStarted) => void;
    this.started = new Promise((resolve, reject) => {
      begin = resolve;
      refuse = reject;
    });
    // A caller may only be interested in `ended`.
    this.started.catch(() => undefined);
    const onMark = (pid: number): void => {
      if (++marks < 2) return;
      this.pid = pid;
      begin(pid);
    };
    this.#stdout = new MarkedStream(mark, onMark);
    this.#stderr = new MarkedStream(mark, onMark);
    let grace: NodeJS.Timeout | null = null;
    channel.onStdout((chunk) => {
      grace?.refresh();
      this.#stdout.push(chunk);
    });
    channel.onStderr((chunk) => {
      grace?.refresh();
      this.#stderr.push(chunk);
    });

    this.ended = new Promise((resolve) => {
      const finish = (): void => {
        if (this.isOver) return;
        this.isOver = true;
        if (grace) clearTimeout(grace);
        const end: ProcessEnd = channel.exit ?? { exitCode: null, signal: null };
        if (marks < 2) refuse(new NotStarted(end, `${this.#stdout.noise}${this.#stderr.noise}`));
        resolve(end);
      };
      channel.onExit(() => {
        grace = setTimeout(() => {
          if (!this.isOver) channel.close();
          finish();
        }, graceAfterExitMs);
        grace.unref();
      });
      channel.onClose(finish);
    });
  }

  /** stdout after the mark; chunks that came before are handed over at once. */
  onStdout(listener: (chunk: Buffer) => void): void {
    this.#stdout.listen(listener);
  }

  onStderr(listener: (chunk: Buffer) => void): void {
    this.#stderr.listen(listener);
  }

  write(text: string): void {
    if (!this.isOver) this.#channel.write(text);
  }

  /** Ends its stdin. */
  end(text = ''): void {
    if (!this.isOver) this.#channel.end(text);
  }

  /** A signal by the carrier's own means, which may not reach root's processes. `TERM`, `KILL`… */
  signal(name: string): void {
    if (!this.isOver) this.#channel.signal(name);
  }

  /** Gives the channel up. The process may live on. */
  abandon(): void {
    this.#channel.close();
  }
}
