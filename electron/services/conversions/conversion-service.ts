import type { HostProfile } from '../../../shared/domain/host';
import { longestTrialSeconds } from '../../../shared/domain/conversion/conversion-run';
import { hasEnded, isBeingCleared, type ConversionProgress, type HostTransaction } from '../../../shared/domain/conversion/host-transaction';
import type { Transaction } from '../../../shared/domain/conversion/transaction';
import { AppError } from '../../../shared/errors/app-error';
import { defaultConversionTiming, type ConversionTiming } from '../../commands/conversion/stage-transaction';
import type { ActivityLog } from '../activity/activity-log';
import type { PlanClock } from '../plans/plan-clock';
import type { HostOpener } from '../sessions/session-service';
import { ContactOpener, type Access } from './contact-opener';
import type { HostContact } from './host-contact';
import { watchHost } from './watch-host';

export interface ConversionDependencies {
  hosts: { get(id: string): HostProfile };
  opener: HostOpener;
  activity: ActivityLog;
  clock: PlanClock;
  /** So many random bytes, hexadecimal. */
  randomHex(bytes: number): string;
}

export interface ConvertOptions {
  timing?: Partial<ConversionTiming>;
  /** A name that must still resolve afterwards; null: DNS is not looked at. */
  dnsName?: string | null;
  /** Restart the host should it be unable to go back while it runs. Default: no. */
  rebootIfLost?: boolean;
  /** Stop when the host was reached over a new connection, and leave confirming to somebody else. */
  hold?: boolean;
}

/** Between two looks for a host that is at neither of its addresses. */
const seekEveryMs = 2000;

const asRoot: Access = { interactive: true, root: true };
const asUser: Access = { interactive: true, root: false };
const unasked: Access = { interactive: false, root: false };

/**
 * Conversions of hosts' NICs, each run by an engine on the host: the app begins, looks from outside and confirms, and the host
 * goes back by itself if it doesn't. Every connection here is a new one; the session plays no part.
 */
export class ConversionService {
  private readonly listeners = new Set<(progress: ConversionProgress) => void>();
  /** Of transactions that were begun here; others' are read from the host, by root. */
  private readonly tokens = new Map<string, string>();
  /** How many lines of each journal are in the activity. */
  private readonly noted = new Map<string, number>();

  private readonly contacts: ContactOpener;

  constructor(private readonly dependencies: ConversionDependencies) {
    this.contacts = new ContactOpener(dependencies.hosts, dependencies.opener);
  }

  onProgress(listener: (progress: ConversionProgress) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** What the host remembers, oldest first. */
  async list(hostId: string): Promise<HostTransaction[]> {
    return this.over(hostId, asUser, (contact) => contact.transactions());
  }

  /**
   * Makes the change of any goal: stage, arm, go, watch, confirm. Where it moves the host to another address, it is looked for at both, and
   * confirmed at the new one only. Resolves with the transaction DONE, or VERIFIED with `hold`.
   * @throws AppError `conversion.busy`, `conversion.refused`, `conversion.not-armed` (nothing was changed), `conversion.reverted`
   * (the old network is back), `conversion.revert-failed`, `conversion.lost`, and what connecting throws
   */
  async convert(hostId: string, transaction: Transaction, options: ConvertOptions = {}): Promise<HostTransaction> {
    const timing = { ...defaultConversionTiming, ...options.timing };
    const id = `${this.dependencies.clock.now().toISOString().slice(0, 19).replace(/\D/g, '')}-${this.dependencies.randomHex(4)}`;
    const token = this.dependencies.randomHex(16);
    const moves = transaction.wants?.reachedAddress;
    if (moves !== undefined) this.contacts.expectAt(hostId, moves);
    const staging = await this.contacts.open(hostId, asRoot);
    let known: HostTransaction;
    try {
      const { dnsName = 'example.org', rebootIfLost = false } = options;
      await staging.stage({ id, token, transaction, timing, login: await staging.login(), dnsName, rebootIfLost });
      this.tokens.set(id, token);
      await staging.arm(id);
      known = await this.begin(hostId, id, token, staging);
    } finally {
      await staging.close().catch(() => undefined);
    }
    const verified = await this.watch(hostId, known, timing, ({ state }) => state === 'VERIFIED');
    return hasEnded(verified) || options.hold ? this.settled(verified) : this.confirm(hostId, id);
  }

  /**
   * Looks for a host that an earlier start of the app has moved, at its old and at its new address and asking nobody, for as long as a trial
   * can last: no session finds it there. What it remembers, oldest first. `resume` and the others know both addresses from then on.
   * @throws what connecting throws at last
   */
  async seek(hostId: string, movesTo: string): Promise<HostTransaction[]> {
    this.contacts.expectAt(hostId, movesTo);
    return this.patiently(longestTrialSeconds, () => this.over(hostId, unasked, (contact) => contact.transactions()));
  }

  /**
   * Takes up what an earlier start of the app left under way: says that the host was reached, and resolves when only the user's
   * word is missing (VERIFIED) or when it has ended. Null: nothing is under way.
   */
  async resume(hostId: string): Promise<HostTransaction | null> {
    // It may be changing over just now.
    const known = await this.patiently(defaultConversionTiming.trialSeconds, () => this.over(hostId, asRoot, async (contact) => {
      const found = (await contact.transactions()).find(({ pending }) => pending);
      if (found && !hasEnded(found)) await this.tokenOf(contact, found.id);
      return found ?? null;
    }));
    return known === null || hasEnded(known) ? known : this.watch(hostId, known, defaultConversionTiming, ({ state }) => state === 'VERIFIED');
  }

  /**
   * Keeps the change: says so over a new connection and waits for the end. Asked again after the reply was lost, it answers
   * the same. Without `id`: the one under way, else the last.
   * @throws AppError `not-found`, `conversion.reverted`, `conversion.revert-failed`, `conversion.lost`
   */
  async confirm(hostId: string, id?: string): Promise<HostTransaction> {
    return this.conclude(hostId, id, this.rightsFor(id), async (contact, transaction) => {
      const token = await this.tokenOf(contact, transaction.id);
      await contact.say(transaction.id, token, { word: 'verified' });
      await contact.say(transaction.id, token, { word: 'confirm' });
    });
  }

  /** Goes back now, or tries again where going back has failed; resolves when the host is as it was. @throws as `confirm` */
  async revert(hostId: string, id?: string): Promise<HostTransaction> {
    const reverted = await this.conclude(hostId, id, asRoot, (contact, transaction) => contact.revert(transaction.id), { again: 'REVERT_FAILED', wanted: 'REVERTED' });
    if (reverted.state === 'REVERTED') return reverted;
    throw new AppError('conversion.refused', 'It can\'t be taken back any more', `${reverted.bridge} was confirmed before.`, { hint: 'Undo it as a change of its own.' });
  }

  /** Looks on until it has ended, saying nothing to the host. @throws AppError `conversion.lost` */
  async follow(hostId: string, known: HostTransaction): Promise<HostTransaction> {
    return this.watch(hostId, known, defaultConversionTiming, () => false);
  }

  /** Makes the trial last so many seconds in all, 600 at most. The host's next progress tells whether it took it. */
  async extend(hostId: string, seconds: number, id?: string): Promise<void> {
    await this.over(hostId, this.rightsFor(id), async (contact) => {
      const transaction = chosen(await contact.transactions(), id);
      await contact.say(transaction.id, await this.tokenOf(contact, transaction.id), { word: 'extend', seconds });
    });
  }

  /** The word to begin, over a second connection: that one can be made is what everything hangs on. */
  private async begin(hostId: string, id: string, token: string, staging: HostContact): Promise<HostTransaction> {
    try {
      return await this.over(hostId, unasked, async (contact) => {
        const armed = await contact.transaction(id);
        if (armed.state !== 'ARMED') throw new AppError('conversion.not-armed', 'Nothing would bring the network back', 'The host is not armed, so nothing was changed.');
        await contact.say(id, token, { word: 'go' });
        this.tell({ hostId, transaction: armed, reached: true, problem: null });
        return armed;
      });
    } catch (error) {
      // Should that fail as well, the host gives up by itself soon.
      await staging.say(id, token, { word: 'revert' }).catch(() => undefined);
      throw error;
    }
  }

  /** Does something to a transaction that is under way, and waits for its end. */
  private async conclude(
    hostId: string, id: string | undefined, rights: Access, act: (contact: HostContact, transaction: HostTransaction) => Promise<void>,
    { again = null, wanted = 'DONE' }: { again?: HostTransaction['state'] | null; wanted?: HostTransaction['state'] } = {},
  ): Promise<HostTransaction> {
    const transaction = await this.over(hostId, rights, async (contact) => {
      const found = chosen(await contact.transactions(), id);
      if (hasEnded(found) && found.state !== again) return found;
      try {
        await act(contact, found);
      } catch (error) {
        // It may have ended, or the connection with the old network: the watch below finds out.
        if (!(error instanceof AppError) || !/^(ssh\.|conversion\.lost|command\.timeout)/.test(error.code)) throw error;
      }
      return { ...found, state: hasEnded(found) ? 'REVERTING' as const : found.state };
    });
    const ended = hasEnded(transaction) && !isBeingCleared(transaction) ? transaction : await this.watch(hostId, transaction, defaultConversionTiming, () => false);
    return wanted === 'DONE' || ended.state === 'REVERT_FAILED' ? this.settled(ended) : ended;
  }

  private async watch(hostId: string, known: HostTransaction, timing: ConversionTiming, until: (transaction: HostTransaction) => boolean): Promise<HostTransaction> {
    return watchHost({
      hostId, id: known.id, known, until,
      open: () => this.contacts.open(hostId, unasked),
      clock: this.dependencies.clock,
      onProgress: (progress) => this.tell(progress),
      onTrial: async (contact) => {
        if (!this.contacts.isAtItsPlace(hostId, contact)) throw new AppError('conversion.lost', 'The host is not where it should be', 'It answers at its former address still.');
        // Whoever began it says so; who only looks on has no token.
        const token = this.tokens.get(known.id);
        if (token !== undefined) await contact.say(known.id, token, { word: 'verified' });
      },
      patienceMs: (timing.trialSeconds + timing.graceSeconds + 2 * timing.settleSeconds + 30) * 1000,
    });
  }

  private settled(transaction: HostTransaction): HostTransaction {
    const reason = transaction.journal.filter(({ state }) => state === 'REVERTING').at(0)?.text ?? transaction.journal.at(-1)?.text ?? '';
    if (transaction.state === 'REVERTED') {
      throw new AppError('conversion.reverted', 'The old network is back', `The change did not last: ${reason}.`, { hint: 'The host’s journal has all of it: “netwright transactions HOST”.' });
    }
    if (transaction.state === 'REVERT_FAILED') {
      throw new AppError('conversion.revert-failed', 'The old network is not whole again', `${reason}.`, {
        hint: `Try “netwright revert HOST”; restarting the host puts its files back. They are kept in /var/lib/netwright/tx/${transaction.id}.`,
      });
    }
    return transaction;
  }

  /** Does it until the host is reached, as long as a host that is changing over may be silent. Rejects at once with what is not about that. */
  private async patiently<T>(seconds: number, work: () => Promise<T>): Promise<T> {
    const { clock } = this.dependencies;
    const until = clock.now().getTime() + seconds * 1000;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (clock.now().getTime() >= until || !(error instanceof AppError) || !/^(ssh\.(unreachable|refused|closed|timeout)|command\.timeout)/.test(error.code)) throw error;
      }
      await clock.sleep(seekEveryMs);
    }
  }

  /** Who has the token needs no root. */
  private rightsFor(id: string | undefined): Access {
    return id !== undefined && this.tokens.has(id) ? asUser : asRoot;
  }

  private async tokenOf(contact: HostContact, id: string): Promise<string> {
    const token = this.tokens.get(id) ?? await contact.readToken(id);
    this.tokens.set(id, token);
    return token;
  }

  private async over<T>(hostId: string, access: Access, work: (contact: HostContact) => Promise<T>): Promise<T> {
    const contact = await this.contacts.open(hostId, access);
    try {
      return await work(contact);
    } finally {
      await contact.close().catch(() => undefined);
    }
  }

  private tell(progress: ConversionProgress): void {
    this.contacts.note(progress.hostId, progress.transaction.state, progress.reached);
    this.note(progress);
    for (const listener of this.listeners) listener(progress);
  }

  /** Each line of the host's journal once. Commands are not recorded one by one: their input holds the token. */
  private note({ hostId, transaction: { id, journal } }: ConversionProgress): void {
    for (const { state, text } of journal.slice(this.noted.get(id) ?? 0)) {
      this.dependencies.activity.record({ hostId, kind: 'session', argv: [`Conversion, ${state}: ${text}`], state: state === 'REVERT_FAILED' ? 'failed' : 'info' });
    }
    this.noted.set(id, journal.length);
  }
}

/** By id, else the one under way, else the last. */
function chosen(transactions: readonly HostTransaction[], id: string | undefined): HostTransaction {
  const found = id === undefined
    ? transactions.find(({ pending }) => pending) ?? transactions.at(-1)
    : transactions.find((candidate) => candidate.id === id);
  if (!found) throw new AppError('not-found', 'No such transaction', id === undefined ? 'This host was never converted.' : `The host knows of no transaction ${id}.`);
  return found;
}
