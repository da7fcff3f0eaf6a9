/** A line that a cut replay begins with is looked for in so many bytes. */
const lineSearchBytes = 4096;
const firstCapacity = 16 * 1024;

/**
 * The last bytes that a terminal printed, copied: a chunk of one byte may be a view of a whole network packet, which
 * keeping it would keep. Grows up to `capacity` bytes.
 */
export class ReplayRing {
  private buffer: Uint8Array;
  /** Where the next byte goes. */
  private end = 0;
  private length = 0;
  private dropped = false;

  constructor(private readonly capacity: number) {
    this.buffer = new Uint8Array(Math.min(firstCapacity, capacity));
  }

  append(data: Uint8Array): void {
    const kept = data.length > this.capacity ? data.subarray(data.length - this.capacity) : data;
    if (this.length + kept.length > this.buffer.length) this.grow(this.length + kept.length);
    const toEdge = Math.min(kept.length, this.buffer.length - this.end);
    this.buffer.set(kept.subarray(0, toEdge), this.end);
    this.buffer.set(kept.subarray(toEdge), 0);
    this.end = (this.end + kept.length) % this.buffer.length;
    this.dropped ||= this.length + data.length > this.capacity;
    this.length = Math.min(this.buffer.length, this.length + kept.length);
  }

  /** Oldest first, in memory of its own. Where older bytes were dropped it begins with a line, not within a sequence. */
  read(): Uint8Array {
    const all = this.copy(this.length);
    if (!this.dropped) return all;
    const lineEnd = all.subarray(0, lineSearchBytes).indexOf(0x0a);
    return lineEnd === -1 ? all : all.slice(lineEnd + 1);
  }

  private grow(needed: number): void {
    if (this.buffer.length === this.capacity) return;
    let size = this.buffer.length;
    while (size < Math.min(needed, this.capacity)) size = Math.min(size * 2, this.capacity);
    this.buffer = this.copy(size);
    this.end = this.length % size;
  }

  private copy(size: number): Uint8Array {
    const copy = new Uint8Array(size);
    const start = (this.end - this.length + this.buffer.length) % this.buffer.length;
    const toEdge = Math.min(this.length, this.buffer.length - start);
    copy.set(this.buffer.subarray(start, start + toEdge), 0);
    copy.set(this.buffer.subarray(0, this.length - toEdge), toEdge);
    return copy;
  }
}
