import type { LabTestRun } from '../../../shared/domain/labs/connectivity/lab-test-run';
import type { PlanRun } from '../../../shared/domain/plan';
import { AppError, toErrorData } from '../../../shared/errors/app-error';
import type { LabTestService } from './lab-test-service';

export interface LabTestDeskDependencies {
  tests: Pick<LabTestService, 'test' | 'canTest'>;
  now: () => Date;
  newId: () => string;
}

/** The window's tests of labs: followed by event, cancelled, and the last of each lab kept, so that a window that is loaded anew finds it. */
export class LabTestDesk {
  /** By host and lab. */
  private readonly held = new Map<string, { run: LabTestRun; stop: AbortController; done: Promise<void> }>();
  private readonly listeners = new Set<(run: LabTestRun) => void>();

  constructor(private readonly dependencies: LabTestDeskDependencies) {}

  /** Begins a test; one of this lab that is under way already is that. Whatever stands against it, its end tells (`error`). */
  start(hostId: string, lab: string): LabTestRun {
    const { now, newId } = this.dependencies;
    const known = this.held.get(keyOf(hostId, lab))?.run;
    if (known && known.step !== 'ended') return structuredClone(known);
    const run: LabTestRun = { id: newId(), hostId, lab, startedAt: now().toISOString(), endedAt: null, step: 'reading', done: 0, total: 0, cancelled: false, report: null, error: null, ground: null };
    const stop = new AbortController();
    const first = structuredClone(run);
    this.held.set(keyOf(hostId, lab), { run, stop, done: Promise.resolve().then(() => this.carryOut(run, stop.signal)) });
    return first;
  }

  /** The run as it ended. Throws `not-found`. */
  async finished(runId: string): Promise<LabTestRun> {
    const { run, done } = this.byId(runId);
    await done;
    return structuredClone(run);
  }

  /** What it had made on the host is taken away; then it has ended. Without effect on one that has. Throws `not-found`. */
  cancel(runId: string): void {
    const { run, stop } = this.byId(runId);
    if (run.step === 'ended' || run.cancelled) return;
    run.cancelled = true;
    stop.abort();
    this.tell(run);
  }

  /** A lab that was just made or changed is tested, where the session may. */
  followPlan({ phase, outcome, plan: { hostId, intent } }: PlanRun): void {
    if (phase === 'ended' && outcome === 'applied' && intent.kind === 'lab.apply' && this.dependencies.tests.canTest(hostId)) this.start(hostId, intent.lab);
  }

  /** Stops what is under way on a host, for a plan that is to be applied: nobody waits for a test. */
  async makeWay(hostId: string): Promise<void> {
    const running = [...this.held.values()].filter(({ run }) => run.hostId === hostId && run.step !== 'ended');
    for (const { run } of running) this.cancel(run.id);
    await Promise.all(running.map(({ done }) => done));
  }

  /** Copies of the last of every lab. */
  list(): LabTestRun[] {
    return [...this.held.values()].map(({ run }) => structuredClone(run));
  }

  /** The host is none of the app's any more. */
  forgetHost(hostId: string): void {
    for (const [key, { run, stop }] of this.held) {
      if (run.hostId !== hostId) continue;
      stop.abort();
      this.held.delete(key);
    }
  }

  /** Returns the function that stops listening. */
  onProgress(listener: (run: LabTestRun) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private async carryOut(run: LabTestRun, signal: AbortSignal): Promise<void> {
    try {
      signal.throwIfAborted();
      run.report = await this.dependencies.tests.test(run.hostId, run.lab, {
        signal, onGround: (ground) => { run.ground = ground; },
        onProgress: (progress) => { Object.assign(run, progress); this.tell(run); },
      });
    } catch (error) {
      if (!signal.aborted) run.error = toErrorData(error);
    }
    // One that had ended before it heard of it has a result all the same.
    run.cancelled = signal.aborted && run.report === null;
    run.step = 'ended';
    run.endedAt = this.dependencies.now().toISOString();
    this.tell(run);
  }

  private byId(runId: string) {
    const found = [...this.held.values()].find(({ run }) => run.id === runId);
    if (!found) throw new AppError('not-found', 'No such test', 'It has ended, and another one has taken its place.');
    return found;
  }

  private tell(run: LabTestRun): void {
    for (const listener of this.listeners) listener(structuredClone(run));
  }
}

const keyOf = (hostId: string, lab: string): string => `${hostId} ${lab}`;
