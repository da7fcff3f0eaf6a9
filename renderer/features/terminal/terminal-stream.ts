import { incompleteTail } from './utf8-tail';

/** A piece of what a terminal printed; `position`: how many bytes came before it, over its whole life. */
export interface OutputChunk { position: number; data: Uint8Array }

export interface StreamPorts {
  /** What was printed last, and the position after it. */
  attach(): Promise<{ replay: Uint8Array; position: number }>;
  acknowledge(bytes: number): void;
  /** Draws; calls back once it is drawn. */
  draw(data: Uint8Array, drawn: () => void): void;
}

/** Drawn bytes are reported in batches of this, or when nothing more came for a moment. */
const batchBytes = 16_384;
const idleMs = 50;

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/**
 * From main's events to the screen, without loss, repetition or flood. What comes before the replay is held back, and of
 * it only what the replay does not have is drawn. What was drawn is acknowledged: main stops reading the process while too
 * much is under way, so that xterm never has to throw anything away. What comes while it draws it gets as one piece: xterm
 * lets the page have a frame after 12 ms, but not within a piece, and in a flood frames take as long as all the rest.
 */
export class TerminalStream {
  private held: OutputChunk[] | null = [];
  private unreported = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isClosed = false;
  private isDrawing = false;
  /** Came while the screen was drawing. */
  private waiting: Uint8Array[] = [];
  /** The beginning of a character whose rest has not come yet. */
  private tail: Uint8Array = new Uint8Array();

  constructor(private readonly ports: StreamPorts) {}

  /** Rejects when the terminal can't be attached to: it is gone. */
  async start(): Promise<void> {
    const { replay, position } = await this.ports.attach();
    if (this.isClosed) return;
    if (replay.length > 0) this.ports.draw(this.takeWhole([replay]), () => undefined);
    const held = this.held ?? [];
    this.held = null;
    for (const chunk of held) if (chunk.position >= position) this.draw(chunk.data);
  }

  receive(chunk: OutputChunk): void {
    if (this.isClosed) return;
    if (this.held) this.held.push(chunk);
    else this.draw(chunk.data);
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
  }

  private takeWhole(parts: readonly Uint8Array[]): Uint8Array {
    const all = this.tail.length === 0 ? parts : [this.tail, ...parts];
    const joined = all.length === 1 ? all[0]! : concatenate(all);
    const end = joined.length - incompleteTail(joined);
    this.tail = joined.slice(end);
    return joined.subarray(0, end);
  }

  private draw(data: Uint8Array): void {
    this.waiting.push(data);
    if (!this.isDrawing) this.drawWaiting();
  }

  private drawWaiting(): void {
    const parts = this.waiting;
    this.waiting = [];
    const bytes = parts.reduce((sum, { length }) => sum + length, 0);
    this.isDrawing = true;
    this.ports.draw(this.takeWhole(parts), () => {
      this.isDrawing = false;
      if (this.isClosed) return;
      this.unreported += bytes;
      clearTimeout(this.timer);
      if (this.unreported >= batchBytes) this.report();
      else this.timer = setTimeout(() => this.report(), idleMs);
      if (this.waiting.length > 0) this.drawWaiting();
    });
  }

  private report(): void {
    const bytes = this.unreported;
    this.unreported = 0;
    this.ports.acknowledge(bytes);
  }
}
