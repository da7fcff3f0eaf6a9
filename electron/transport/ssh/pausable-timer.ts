/** A deadline that stands still while a person is being asked something. Milliseconds. */
export class PausableTimer {
  #remainingMs: number;
  #startedAt = 0;
  #timer: NodeJS.Timeout | null = null;
  #onExpire: (() => void) | null = null;
  #pauses = 0;

  constructor(timeoutMs: number) {
    this.#remainingMs = timeoutMs;
  }

  start(onExpire: () => void): void {
    this.#onExpire = onExpire;
    this.#run();
  }

  stop(): void {
    this.#onExpire = null;
    this.#halt();
  }

  async pauseDuring<T>(work: () => Promise<T>): Promise<T> {
    if (this.#pauses++ === 0) this.#halt();
    try {
      return await work();
    } finally {
      if (--this.#pauses === 0) this.#run();
    }
  }

  #run(): void {
    if (this.#onExpire === null || this.#timer !== null) return;
    this.#startedAt = Date.now();
    this.#timer = setTimeout(() => this.#onExpire?.(), this.#remainingMs);
  }

  #halt(): void {
    if (this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#remainingMs = Math.max(0, this.#remainingMs - (Date.now() - this.#startedAt));
  }
}
