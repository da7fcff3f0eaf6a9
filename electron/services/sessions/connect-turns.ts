import PQueue from 'p-queue';

/** Handshakes are computed in the main process, which also moves the window: this many at a time leave it room. */
const atOnce = 4;

/** A connection that takes longer is waiting for the network or for a person, and needs no processor for that. */
const turnMs = 1_000;

/** Spreads the starts of connections, so that many hosts at once don't stop the window. */
export class ConnectTurns {
  private readonly queue = new PQueue({ concurrency: atOnce });

  /**
   * Waits for a turn, then connects. The turn ends with the work or after a second, whichever is first: hosts that don't
   * answer hold nobody up. What the user asked for by name goes before what starts by itself.
   */
  async take<T>(work: () => Promise<T>, asked: boolean, signal: AbortSignal): Promise<T> {
    let started: Promise<T> | undefined;
    await this.queue.add(async () => {
      signal.throwIfAborted();
      started = work();
      await firstOf(started, turnMs);
    }, { priority: asked ? 1 : 0 });
    return started!;
  }
}

/** Resolves when the work ended, in whatever way, or when the time is over. */
function firstOf(work: Promise<unknown>, timeMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeMs);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    work.then(done, done);
  });
}
