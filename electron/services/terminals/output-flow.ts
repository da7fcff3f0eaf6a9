import { DrawingPace } from './drawing-pace';
import { ReplayRing } from './replay-ring';

/** Sizes in bytes. xterm discards what it can't take; these, and the window's pace, keep a hundred megabytes whole and Ctrl-C quick. */
export const flowLimits = {
  /** One event carries at most so much: a megabyte in pieces of 64 KB takes 4 ms to send, in pieces of 4 KB twelve … */
  eventBytes: 64 * 1024,
  /** … and waits at most so long for more to come. */
  eventDelayMs: 5,
  /** Reading goes on below this share of what may be on its way. A PTY is read by 4 KB at a time: lower, and the window would wait for it. */
  resumeShare: 0.75,
  replayBytes: 1024 * 1024,
} as const;

export interface OutputChunk {
  /** How many bytes came before `data` in the terminal's whole life. */
  position: number;
  data: Uint8Array;
}

/** The process end of a flow: told to wait while the window has too much to draw. */
export interface OutputSource {
  pause(): void;
  resume(): void;
}

/**
 * Output on its way from a process to the window: gathered into events, counted until the window says that it has drawn
 * it, and kept for a window that is reloaded. Of what the window has not drawn there is never more than it draws in a
 * moment, for that is what a Ctrl-C has to wait for. The first bytes after a silence go at once, so that an echoed key does not
 * wait; what follows within `eventDelayMs` is gathered.
 */
export class OutputFlow {
  private readonly ring = new ReplayRing(flowLimits.replayBytes);
  private readonly pace = new DrawingPace();
  private pending: Uint8Array[] = [];
  private pendingBytes = 0;
  private position = 0;
  private unacknowledged = 0;
  private timer: NodeJS.Timeout | null = null;
  private lastSentAt = -Infinity;
  private paused = false;
  private source: OutputSource | null = null;

  /** @param send false: nobody is there to draw, and nothing is to wait for them; the replay will have it. */
  constructor(private readonly send: (chunk: OutputChunk) => boolean) {}

  /** The process whose output comes from now on; null: none. A pause that holds goes over to it. */
  connect(source: OutputSource | null): void {
    this.source = source;
    if (this.paused) source?.pause();
  }

  push(data: Uint8Array): void {
    if (data.length === 0) return;
    this.ring.append(data);
    this.pending.push(data);
    this.pendingBytes += data.length;
    if (this.pendingBytes >= flowLimits.eventBytes || performance.now() - this.lastSentAt >= flowLimits.eventDelayMs) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), flowLimits.eventDelayMs);
    this.regulate();
  }

  /** Sends what is gathered. */
  flush(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (this.pendingBytes === 0) return;
    const all = joined(this.pending, this.pendingBytes);
    this.pending = [];
    this.pendingBytes = 0;
    this.lastSentAt = performance.now();
    for (let at = 0; at < all.length; at += flowLimits.eventBytes) {
      // Events are serialized with the whole memory under a view: each gets its own.
      const data = all.length <= flowLimits.eventBytes ? all : all.slice(at, at + flowLimits.eventBytes);
      const { position } = this;
      this.position += data.length;
      if (!this.send({ position, data })) continue;
      if (this.unacknowledged === 0) this.pace.begin(performance.now());
      this.unacknowledged += data.length;
    }
  }

  acknowledge(bytes: number): void {
    if (this.unacknowledged > 0) this.pace.drew(bytes, performance.now());
    this.unacknowledged = Math.max(0, this.unacknowledged - bytes);
    this.regulate();
  }

  /** What was printed last and where it ends. What a former window had not drawn is forgotten: it never will. */
  replay(): OutputChunk {
    this.flush();
    this.unacknowledged = 0;
    this.regulate();
    return { position: this.position, data: this.ring.read() };
  }

  /** What was printed last, as far as it is kept. */
  printed(): Uint8Array {
    return this.ring.read();
  }

  /** Nothing more is sent. */
  stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.source = null;
  }

  private regulate(): void {
    const waiting = this.unacknowledged + this.pendingBytes;
    const most = this.pace.backlogBytes;
    if (!this.paused && waiting > most) {
      this.paused = true;
      this.source?.pause();
    } else if (this.paused && waiting < most * flowLimits.resumeShare) {
      this.paused = false;
      this.source?.resume();
    }
  }
}

/** One piece of memory that holds these bytes and no others. */
function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
