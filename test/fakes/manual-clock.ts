import type { Clock } from '../../electron/transport/practice/clock';

/** A clock that stands still until it is told to move: for tests. */
export class ManualClock implements Clock {
  private waiting: { at: number; action: () => void }[] = [];

  constructor(private time = Date.UTC(2026, 0, 15, 9, 30)) {}

  now(): number {
    return this.time;
  }

  schedule(delayMs: number, action: () => void): () => void {
    const entry = { at: this.time + delayMs, action };
    this.waiting.push(entry);
    return () => {
      this.waiting = this.waiting.filter((other) => other !== entry);
    };
  }

  /** Moves on, and runs what falls due on the way in its order. */
  advance(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const due = this.waiting.filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.waiting = this.waiting.filter((entry) => entry !== due);
      this.time = Math.max(this.time, due.at);
      due.action();
    }
    this.time = end;
  }
}
