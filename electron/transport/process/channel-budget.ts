import PQueue from 'p-queue';
import { ChannelRefused, type ProcessChannel } from '../carrier';

/** sshd frees a channel's place a moment after it closed: alone and refused, an open is tried again after so many ms. */
const retryDelaysMs = [40, 80, 160];

export interface OpenChannelOptions {
  /** Higher goes first. Default 0. */
  priority?: number;
  /** Rejects at once when no channel is free, instead of waiting for one. */
  optional?: boolean;
  /** It stays until a person ends it, and is never asked to go: room for others is always left. A refusal teaches nothing. */
  lasting?: boolean;
}

/** Anything that keeps a place until it closes: a process, a terminal. */
type Channel = Pick<ProcessChannel, 'onClose'>;

/**
 * How many channels one connection may have open at a time. Starts at what the carrier supposes and learns from refusals:
 * the number that was open then is the limit. Opens wait their turn; long-lived channels never take the last place.
 */
export class ChannelBudget {
  readonly #queue: PQueue;
  readonly #held: { evict: () => void }[] = [];
  #open = 0;
  /** Of these, the lasting ones. */
  #lasting = 0;
  /** Asked for, and not answered yet. */
  #opening = 0;
  /** Called when the server turned out to allow fewer channels than were wanted. */
  onScarcity: (() => void) | null = null;

  constructor(maxChannels: number) {
    this.#queue = new PQueue({ concurrency: maxChannels });
  }

  /** Opens that wait for a place. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** Whether a channel that stays open would leave a place for others. */
  get canHold(): boolean {
    return this.#held.length + 1 < this.#queue.concurrency;
  }

  /** Places that nobody has or waits for. */
  get free(): number {
    return Math.max(0, this.#queue.concurrency - this.#queue.pending - this.#queue.size);
  }

  get limit(): number {
    return this.#queue.concurrency;
  }

  /**
   * Registers a long-lived channel. `evict` is called, the most recently registered first, when the server turns out to
   * allow too few, or has done so while the channel was being opened; never from inside this call.
   * @returns call it when the channel is closed.
   */
  hold(evict: () => void): () => void {
    const entry = { evict };
    this.#held.push(entry);
    queueMicrotask(() => this.#evictSurplus());
    return () => {
      const index = this.#held.indexOf(entry);
      if (index >= 0) this.#held.splice(index, 1);
    };
  }

  /**
   * Opens a channel when there is room. A refusal lowers the limit, and the open waits for another channel to close; it
   * rejects with the last refusal when there is none that could.
   */
  open<C extends Channel>(start: () => Promise<C>, options: OpenChannelOptions = {}): Promise<C> {
    const { priority = 0, optional = false, lasting = false } = options;
    if (optional && this.#queue.pending + this.#queue.size >= this.#queue.concurrency) {
      return Promise.reject(new ChannelRefused('No channel is free'));
    }
    let retries = 0;
    return new Promise((resolve, reject) => {
      const attempt = async (): Promise<void> => {
        this.#opening++;
        try {
          const channel = await start().finally(() => this.#opening--);
          this.#open++;
          if (lasting) this.#lasting++;
          const closed = new Promise<void>((done) => channel.onClose(done));
          resolve(channel);
          await closed;
          this.#open--;
          if (lasting) this.#lasting--;
        } catch (error) {
          const alone = this.#open + this.#opening === 0;
          const delayMs = retryDelaysMs[retries];
          if (!(error instanceof ChannelRefused) || lasting || (alone && delayMs === undefined)) {
            reject(error instanceof Error ? error : new Error(String(error)));
            return;
          }
          if (alone) {
            retries++;
            await new Promise((done) => setTimeout(done, delayMs));
            return attempt();
          }
          const learned = this.#lower();
          if (optional) {
            reject(error);
            return;
          }
          // A refusal that says nothing new was a place on its way to be free.
          if (!learned) await new Promise((done) => setTimeout(done, retryDelaysMs[0]));
          this.open(start, { priority: priority + 1 }).then(resolve, reject);
        }
      };
      this.#queue.add(attempt, { priority }).catch(reject);
    });
  }

  /** Whether the limit is lower now than it was. */
  #lower(): boolean {
    const before = this.#queue.concurrency;
    this.#queue.concurrency = Math.max(1 + this.#lasting, Math.min(before, this.#open + this.#opening));
    this.#evictSurplus();
    this.onScarcity?.();
    return this.#queue.concurrency < before;
  }

  /** Long-lived channels leave one place for all others. */
  #evictSurplus(): void {
    const surplus = Math.max(0, this.#held.length - (this.#queue.concurrency - 1));
    for (const { evict } of this.#held.slice(this.#held.length - surplus).reverse()) evict();
  }
}
