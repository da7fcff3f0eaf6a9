import { endsOf, type ConversionRun } from '../../../shared/domain/conversion/conversion-run';
import type { ConversionFacts } from '../../../shared/domain/conversion/facts';
import { hasEnded, type ConversionProgress, type HostTransaction } from '../../../shared/domain/conversion/host-transaction';
import { outlookOf } from '../../../shared/domain/conversion/outlook';
import type { ConversionPlan } from '../../../shared/domain/conversion/planned';
import type { ConversionRequest, ConversionReview } from '../../../shared/domain/conversion/review';
import type { ConversionSurvey } from '../../../shared/domain/conversion/survey';
import { surveyConversion } from '../../../shared/domain/conversion/survey-conversion';
import type { Transaction } from '../../../shared/domain/conversion/transaction';
import type { HostView } from '../../../shared/domain/host';
import { AppError, toErrorData } from '../../../shared/errors/app-error';
import type { BegunConversions } from '../../storage/begun-conversions';
import type { ConversionService } from './conversion-service';
import { busyWith, filesOf, namesOf } from './describe-run';
import type { PlannedChange } from './plan-change';
import { reviewConversion } from './review-conversion';

export interface ConversionDeskDependencies {
  conversions: Pick<ConversionService, 'convert' | 'seek' | 'resume' | 'follow' | 'confirm' | 'revert' | 'extend' | 'onProgress'>;
  /** Looks at the host and plans. Rejects as `readFacts` does, and with `not-found` for a transaction the host doesn't know. */
  plan(hostId: string, request: ConversionRequest): Promise<PlannedChange>;
  /** Everything a conversion is planned from, read now. Rejects with `host.not-connected` and what the runner says. */
  readFacts(hostId: string): Promise<ConversionFacts>;
  /** What the host remembers, oldest first. Rejects as `readFacts` does. */
  readTransactions(hostId: string): Promise<HostTransaction[]>;
  begun: BegunConversions;
  sha256(text: string): string;
  /** Told of what went wrong where nobody waits. */
  onProblem(error: unknown): void;
}

export interface StartOptions {
  keep: ConversionRun['keep'];
  /** Restart the host should it be unable to go back while it runs. */
  rebootIfLost: boolean;
}

/** What ends a wait but is no news: the host's own journal tells it. */
const toldByHost = new Set(['conversion.reverted', 'conversion.revert-failed']);

/**
 * Conversions as a window shows them: each from its plan to what came of it, over restarts of the app. What carries it out is
 * the host, and what talks to the host is ConversionService; this keeps the picture of it, one a host.
 */
export class ConversionDesk {
  private readonly runs = new Map<string, ConversionRun>();
  private readonly listeners = new Set<(run: ConversionRun) => void>();
  private readonly goneListeners = new Set<(gone: { hostId: string }) => void>();
  private readonly looking = new Map<string, Promise<ConversionRun | null>>();
  private connected = new Set<string>();

  constructor(private readonly dependencies: ConversionDeskDependencies) {
    dependencies.conversions.onProgress((progress) => this.take(progress));
  }

  onProgress(listener: (run: ConversionRun) => void): void {
    this.listeners.add(listener);
  }

  onGone(listener: (gone: { hostId: string }) => void): void {
    this.goneListeners.add(listener);
  }

  running(): ConversionRun[] {
    return [...this.runs.values()];
  }

  /** Rejects with `host.not-connected`, and with what the runner says. */
  async survey(hostId: string): Promise<ConversionSurvey> {
    return surveyConversion(await this.dependencies.readFacts(hostId));
  }

  /** Rejects as `survey` does. */
  async preview(hostId: string, request: ConversionRequest): Promise<ConversionReview> {
    return (await this.planned(hostId, request)).review;
  }

  /**
   * Begins what was reviewed, and resolves when the host has been told to. Rejects with `conversion.busy`, `plan.stale`, `conversion.refused`,
   * `conversion.not-armed` and what connecting throws; nothing was changed then.
   */
  async start(hostId: string, request: ConversionRequest, digest: string, options: StartOptions): Promise<ConversionRun> {
    this.refuseSecond(hostId);
    const preparing: ConversionRun = {
      hostId, phase: 'preparing', ...namesOf(request), movesTo: null, transaction: null, isOwn: true, keep: options.keep, reached: true, problem: null, attempts: 0,
      told: null, error: null, files: [], leaves: request.kind === 'convert' ? request.leave ?? [] : [], before: null, after: null,
    };
    this.put(preparing);
    try {
      const { review, planned } = await this.planned(hostId, request);
      if (review.digest !== digest) {
        throw new AppError('plan.stale', 'The host has moved on', 'Its network is not any more what this was planned for. Nothing was changed.', { hint: 'Look at the plan anew.' });
      }
      if (!planned.plan || !review.plan) throw new AppError('conversion.refused', 'The host can\'t be changed so', review.findings[0]?.title ?? 'Nothing is known of who configures it.');
      const { goal, nic, bridge, reachedAddress: movesTo } = review.plan;
      this.put({ ...preparing, goal, nic, bridge, movesTo, before: review.before, files: filesOf(review) });
      await this.begin(hostId, planned.plan.transaction, options.rebootIfLost);
    } catch (error) {
      this.forget(hostId);
      throw error;
    }
    return this.runs.get(hostId) ?? preparing;
  }

  /** What is under way on the host, or ended unseen. Goes on with what this app began. Rejects with `host.not-connected`. */
  async state(hostId: string): Promise<ConversionRun | null> {
    const known = this.runs.get(hostId);
    if (known && (known.phase === 'preparing' || known.phase === 'watching')) return known;
    const looking = this.looking.get(hostId) ?? this.look(hostId).finally(() => this.looking.delete(hostId));
    this.looking.set(hostId, looking);
    return looking;
  }

  /** What the host remembers, oldest first. Rejects with `host.not-connected`. */
  async list(hostId: string): Promise<HostTransaction[]> {
    return this.dependencies.readTransactions(hostId);
  }

  /** Resolves when it has ended, whichever way. Rejects with `not-found` and what connecting throws. */
  async confirm(hostId: string): Promise<void> {
    await this.tell(hostId, 'keep', (id) => this.dependencies.conversions.confirm(hostId, id));
  }

  /** As `confirm`. Where going back has failed it is tried again. */
  async revert(hostId: string): Promise<void> {
    await this.tell(hostId, 'revert', (id) => this.dependencies.conversions.revert(hostId, id));
  }

  async extend(hostId: string, seconds: number): Promise<void> {
    await this.dependencies.conversions.extend(hostId, seconds, this.runs.get(hostId)?.transaction?.id);
  }

  /** The user has seen how it ended. One under way is not put aside. */
  async dismiss(hostId: string): Promise<void> {
    const run = this.runs.get(hostId);
    if (run && (run.phase === 'preparing' || run.phase === 'watching')) return;
    await this.dependencies.begun.remove(hostId);
    this.forget(hostId);
  }

  /** For a host that is removed from the app: what is under way on it goes on there. */
  async removeHost(hostId: string): Promise<void> {
    await this.dependencies.begun.remove(hostId);
    this.forget(hostId);
  }

  /** Looks at every host that has just been connected to. */
  followSessions(views: readonly HostView[]): void {
    const now = new Set(views.filter(({ session }) => session.phase === 'connected').map(({ profile }) => profile.id));
    const fresh = [...now].filter((hostId) => !this.connected.has(hostId));
    this.connected = now;
    for (const hostId of fresh) this.inBackground(this.lookAfterConnect(hostId));
  }

  /**
   * For the app's start: goes on with changes that move their hosts to another address, where no session looks for them. A trial does not wait for
   * somebody to connect.
   */
  takeUpMoves(): void {
    for (const { hostId, movesTo } of this.dependencies.begun.all()) if (movesTo !== null) this.inBackground(this.seek(hostId, movesTo));
  }

  private async seek(hostId: string, movesTo: string): Promise<void> {
    const known = await this.dependencies.conversions.seek(hostId, movesTo);
    // A session may have been first.
    if (!this.runs.has(hostId)) await this.show(hostId, known);
  }

  private async lookAfterConnect(hostId: string): Promise<void> {
    const known = this.runs.get(hostId);
    if (known?.phase === 'ended') await this.readAfter(hostId);
    else if (known?.phase !== 'preparing' && known?.phase !== 'watching') await this.state(hostId);
  }

  private async look(hostId: string): Promise<ConversionRun | null> {
    return this.show(hostId, await this.list(hostId));
  }

  /** `known`: what the host remembers. */
  private async show(hostId: string, known: readonly HostTransaction[]): Promise<ConversionRun | null> {
    const begun = this.dependencies.begun.of(hostId);
    const found = known.find(({ pending }) => pending) ?? known.find(({ id }) => id === begun?.id);
    if (begun && !known.some(({ id }) => id === begun.id)) await this.dependencies.begun.remove(hostId);
    if (!found) {
      this.forget(hostId);
      return null;
    }
    const isOwn = found.id === begun?.id;
    const run: ConversionRun = {
      hostId, phase: hasEnded(found) ? 'ended' : 'watching', goal: found.goal ?? 'bridge', nic: found.nic, bridge: found.bridge, movesTo: isOwn ? begun.movesTo : null, transaction: found, isOwn, keep: isOwn ? begun.keep : 'asked',
      reached: true, problem: null, attempts: 0, told: null, error: null, files: isOwn ? begun.files : [], leaves: found.leaves ?? [], before: isOwn ? begun.before : null, after: null,
    };
    this.put(run);
    const { conversions } = this.dependencies;
    if (hasEnded(found)) this.inBackground(this.readAfter(hostId));
    else if (isOwn) this.carryOn(hostId, conversions.resume(hostId));
    else this.settle(hostId, conversions.follow(hostId, found));
    return run;
  }

  /** Until the host has been told to begin; everything after that is nobody's wait. */
  private async begin(hostId: string, transaction: Transaction, rebootIfLost: boolean): Promise<void> {
    const { conversions } = this.dependencies;
    let stop = (): void => undefined;
    const begins = new Promise<void>((resolve) => {
      stop = conversions.onProgress((progress) => { if (progress.hostId === hostId) resolve(); });
    });
    const work = conversions.convert(hostId, transaction, { hold: true, rebootIfLost });
    this.carryOn(hostId, work);
    try {
      await Promise.race([begins, work]);
    } finally {
      stop();
    }
  }

  /** From VERIFIED to the end. */
  private carryOn(hostId: string, verified: Promise<HostTransaction | null>): void {
    this.settle(hostId, verified.then(async (transaction) => {
      if (transaction === null || hasEnded(transaction)) return;
      const { conversions } = this.dependencies;
      if (this.runs.get(hostId)?.keep === 'verified') await conversions.confirm(hostId, transaction.id);
      else await conversions.follow(hostId, transaction);
    }));
  }

  /** What is to be told of a wait's end; nobody else waits for it. */
  private settle(hostId: string, work: Promise<unknown>): void {
    this.inBackground(work.catch((error: unknown) => {
      const run = this.runs.get(hostId);
      // Before the host was told to begin, whoever started it hears why not.
      if (!run || run.phase !== 'watching') return;
      if (error instanceof AppError && toldByHost.has(error.code)) return;
      this.put({ ...run, phase: 'unknown', reached: false, told: null, error: toErrorData(error) });
    }).then(() => this.readAfter(hostId)));
  }

  private async tell(hostId: string, told: 'keep' | 'revert', work: (id: string | undefined) => Promise<HostTransaction>): Promise<void> {
    const run = this.runs.get(hostId);
    if (run) this.put({ ...run, told });
    try {
      await work(run?.transaction?.id);
    } catch (error) {
      if (!(error instanceof AppError) || !toldByHost.has(error.code)) throw error;
    } finally {
      const now = this.runs.get(hostId);
      if (now?.told === told) this.put({ ...now, told: null });
    }
    await this.readAfter(hostId);
  }

  private take({ hostId, transaction, reached, problem }: ConversionProgress): void {
    const run = this.runs.get(hostId);
    if (!run || (run.transaction !== null && run.transaction.id !== transaction.id)) return;
    if (run.transaction === null && run.isOwn) {
      this.inBackground(this.dependencies.begun.add({ hostId, id: transaction.id, keep: run.keep, movesTo: run.movesTo, files: run.files, before: run.before }));
    }
    this.put({ ...run, phase: hasEnded(transaction) ? 'ended' : 'watching', transaction, reached, problem, attempts: reached ? 0 : run.attempts + 1, error: null });
  }

  /** What came of it, from the host itself. Without a session it has to wait for the next one. */
  private async readAfter(hostId: string): Promise<void> {
    const run = this.runs.get(hostId);
    if (run?.phase !== 'ended' || !run.transaction || run.after !== null) return;
    const { from, to } = endsOf(run);
    const device = run.transaction.state === 'DONE' ? to : from;
    let after: ConversionRun['after'];
    try {
      after = outlookOf(await this.dependencies.readFacts(hostId), device);
    } catch (error) {
      if (error instanceof AppError) return;
      throw error;
    }
    const now = this.runs.get(hostId);
    if (now?.transaction?.id === run.transaction.id) this.put({ ...now, after });
  }

  private async planned(hostId: string, request: ConversionRequest): Promise<{ planned: ConversionPlan; review: ConversionReview }> {
    const { planned, facts } = await this.dependencies.plan(hostId, request);
    return { planned, review: reviewConversion(request, planned, facts, this.dependencies.sha256) };
  }

  private refuseSecond(hostId: string): void {
    const run = this.runs.get(hostId);
    if (run && run.phase !== 'ended') {
      throw new AppError('conversion.busy', 'Another change is under way on this host', busyWith(run), { hint: 'Let it end, or revert it, first.' });
    }
  }

  private put(run: ConversionRun): void {
    this.runs.set(run.hostId, run);
    for (const listener of this.listeners) listener(run);
  }

  private forget(hostId: string): void {
    if (this.runs.delete(hostId)) for (const listener of this.goneListeners) listener({ hostId });
  }

  private inBackground(work: Promise<unknown>): void {
    work.catch((error: unknown) => { if (!(error instanceof AppError)) this.dependencies.onProblem(error); });
  }
}
