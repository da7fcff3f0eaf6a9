interface Waiter {
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** After a read that hung, nobody waits as long again. */
const longestRestMs = 200;

/**
 * Gathers requests for rereads: the first one opens a short window, what is asked for within it is read together, and
 * while a read is under way the next ones wait for the one after it. So there is at most one in flight, and none is
 * lost: whatever was requested during a read is read again. Where something changes all the time, half of the time is left to it.
 */
export class Coalescer<T> {
  private waiting = new Set<T>();
  private waiters: Waiter[] = [];
  private served: Waiter[] = [];
  private timer: ReturnType<typeof setTimeout> | null = null;
  private running = false;
  /** When the next read may begin that nobody waits for: a pause as long as the last one took, within reason. */
  private restUntil = 0;
  private closed: Error | null = null;

  /**
   * `run` reads what was requested; when it rejects, those who wait by `requestAndWait` get its error, and `onError`
   * is told.
   */
  constructor(
    private readonly delayMs: number,
    private readonly run: (items: ReadonlySet<T>) => Promise<void>,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Something is being read, or will be. */
  get busy(): boolean {
    return this.running || this.timer !== null;
  }

  request(...items: T[]): void {
    if (this.closed) return;
    for (const item of items) this.waiting.add(item);
    if (this.waiting.size > 0 && this.timer === null && !this.running) this.startLater();
  }

  /** Without the window's delay; resolves when a read that began after this call has ended. */
  requestAndWait(...items: T[]): Promise<void> {
    if (this.closed) return Promise.reject(this.closed);
    if (items.length === 0) return Promise.resolve();
    for (const item of items) this.waiting.add(item);
    const done = new Promise<void>((resolve, reject) => this.waiters.push({ resolve, reject }));
    if (!this.running) this.start();
    return done;
  }

  /** Nothing is read any more; those who wait get `error`. A read under way ends by itself. */
  close(error: Error): void {
    this.closed = error;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.waiting.clear();
    for (const waiter of [...this.served, ...this.waiters.splice(0)]) waiter.reject(error);
  }

  private start(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    const items = this.waiting;
    const waiters = this.waiters;
    this.served = waiters;
    this.waiting = new Set();
    this.waiters = [];
    this.running = true;
    const startedAt = performance.now();
    // A throw before the first await must reach the waiters too.
    Promise.resolve().then(() => this.run(items)).then(
      () => { for (const waiter of waiters) waiter.resolve(); },
      (error: unknown) => {
        for (const waiter of waiters) waiter.reject(error);
        if (!this.closed) this.onError(error);
      },
    ).finally(() => {
      this.running = false;
      const now = performance.now();
      this.restUntil = now + Math.min(now - startedAt, longestRestMs);
      if (this.closed) return;
      if (this.waiters.length > 0) this.start();
      else if (this.waiting.size > 0) this.startLater();
    });
  }

  private startLater(): void {
    this.timer = setTimeout(() => this.start(), Math.max(this.delayMs, this.restUntil - performance.now()));
  }
}
