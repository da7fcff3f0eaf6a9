/** Time in milliseconds, sizes in bytes. */
export const paceLimits = {
  /**
   * So much drawing may be on its way: it stands between Ctrl-C and the prompt. Longer than the window takes for some
   * output and a frame, or it would wait for more in between.
   */
  backlogMs: 60,
  /** Shorter measurements say more about when messages come than about drawing. */
  sampleMs: 10,
  leastBytes: 64 * 1024,
  mostBytes: 1024 * 1024,
  /** Before anything was measured. */
  firstBytes: 256 * 1024,
} as const;

/**
 * How fast a window draws a terminal's output, and so how much of it may be on its way. In bytes that differs severalfold
 * from one program to the next, for lines cost more than characters: `yes` has one for every two.
 */
export class DrawingPace {
  private bytesPerMs: number | null = null;
  private sampleBytes = 0;
  private sampleStart = 0;

  /** The window has something to draw after it had nothing. `now`: of a clock that never goes back. */
  begin(now: number): void {
    this.sampleBytes = 0;
    this.sampleStart = now;
  }

  /** It drew so much since `begin`, or since this was called last, and did nothing else meanwhile. */
  drew(bytes: number, now: number): void {
    this.sampleBytes += bytes;
    const took = now - this.sampleStart;
    if (took < paceLimits.sampleMs) return;
    const measured = this.sampleBytes / took;
    this.bytesPerMs = this.bytesPerMs === null ? measured : (this.bytesPerMs + measured) / 2;
    this.begin(now);
  }

  /** How many bytes may be on their way to the window. */
  get backlogBytes(): number {
    if (this.bytesPerMs === null) return paceLimits.firstBytes;
    return Math.min(paceLimits.mostBytes, Math.max(paceLimits.leastBytes, this.bytesPerMs * paceLimits.backlogMs));
  }
}
