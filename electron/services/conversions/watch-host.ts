import { hasEnded, isBeingCleared, type ConversionProgress, type HostTransaction } from '../../../shared/domain/conversion/host-transaction';
import { AppError, toErrorData } from '../../../shared/errors/app-error';
import type { PlanClock } from '../plans/plan-clock';
import type { HostContact } from './host-contact';

export interface WatchOptions {
  hostId: string;
  id: string;
  /** What was known of it when the watch begins. */
  known: HostTransaction;
  /** A new connection, made without asking anybody. */
  open(): Promise<HostContact>;
  clock: PlanClock;
  onProgress(progress: ConversionProgress): void;
  /** Who says that the host was reached: over a connection that was made after the trial began. */
  onTrial(contact: HostContact): Promise<void>;
  /** Whether this is what is waited for. */
  until(transaction: HostTransaction): boolean;
  /** How long the host may be out of reach before it is given up, ms. */
  patienceMs: number;
}

const everyMs = 500;

/** So long the host may take to clear away what a change needed; whoever was killed at that leaves it to a timer, for which nobody waits. */
const clearingPatienceMs = 10_000;

/** A read is given up after 4 s; what lies beyond that would wait for the connection to be found dead. */
const answerPatienceMs = 5_000;

/**
 * Follows a transaction by the host's own journal, over new connections: a connection is kept only as long as it answers,
 * and none that is older than the trial counts as proof that the host can be reached. Resolves when it has ended, and the host is ready
 * for the next one, or when `until` says so.
 * @throws AppError `conversion.lost` when the host was out of reach for too long; it goes back by itself meanwhile
 */
export async function watchHost(options: WatchOptions): Promise<HostTransaction> {
  const { hostId, id, clock, onProgress, patienceMs } = options;
  let known = options.known;
  let contact: HostContact | null = null;
  let trialSeen = false;
  let verified = false;
  let reachedAt = clock.now().getTime();
  let endedAt: number | null = null;
  try {
    for (;;) {
      try {
        contact ??= await options.open();
        known = await answered(contact.transaction(id));
        reachedAt = clock.now().getTime();
        onProgress({ hostId, transaction: known, reached: true, problem: null });
        if (hasEnded(known)) {
          endedAt ??= reachedAt;
          if (!isBeingCleared(known) || reachedAt - endedAt > clearingPatienceMs) return known;
          await clock.sleep(everyMs);
          continue;
        }
        if (known.state === 'TRIAL' && !verified) {
          if (!trialSeen) {
            // That this one has survived proves nothing.
            trialSeen = true;
            await closeQuietly(contact);
            contact = null;
            continue;
          }
          await answered(options.onTrial(contact));
          verified = true;
        }
        if (options.until(known)) return known;
      } catch (error) {
        if (hasEnded(known)) return known;
        const { title, detail } = toErrorData(error);
        onProgress({ hostId, transaction: known, reached: false, problem: `${title}: ${detail}` });
        // A dead one takes seconds to close, and a host on trial has no time to lose.
        if (contact) void closeQuietly(contact);
        contact = null;
        if (clock.now().getTime() - reachedAt > patienceMs) {
          throw new AppError('conversion.lost', 'The host is out of reach', `It has not answered for ${Math.round(patienceMs / 1000)} s. ${title}: ${detail}`, {
            hint: 'Unless it was confirmed, the host goes back to its old network by itself. Connect again, and “netwright transactions HOST” tells what it did.',
          });
        }
      }
      await clock.sleep(everyMs);
    }
  } finally {
    if (contact) await closeQuietly(contact);
  }
}

/** A connection that is gone can't be closed, and that is all right; nobody waits for that either. */
async function closeQuietly(contact: HostContact): Promise<void> {
  await answered(contact.close()).catch(() => undefined);
}

/** To give up a command on a connection that is dead takes as long as it takes to know that: nobody waits for it. */
async function answered<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError('conversion.lost', 'The host does not answer', 'The connection may be gone.')), answerPatienceMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
