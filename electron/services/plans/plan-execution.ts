import type { Plan, PlanCheck, PlanRun, StepRun } from '../../../shared/domain/plan';
import { toErrorData } from '../../../shared/errors/app-error';
import type { AppError } from '../../../shared/errors/app-error';
import type { AppErrorData } from '../../../shared/errors/app-error-data';
import { packageTrouble } from '../../commands/system/explain-packages';
import type { Observation } from '../../../shared/domain/planning/command-effect';
import { checkAccess } from './check-access';
import type { CheckAccess } from './checks/check';
import { runCheck } from './checks/run-check';
import { ConditionWait } from './condition-wait';
import type { Touched } from './observe-host';
import { StepRunner } from './step-runner';
import type { StepRunnerDependencies } from './step-runner';
import { SharedLook } from './shared-look';

export interface ExecutionDependencies extends StepRunnerDependencies {
  /** Told after every change of the run. */
  onProgress: (run: PlanRun) => void;
}

/** The run of a plan before its first step. */
export function startOfRun(id: string, plan: Plan, startedAt: Date): PlanRun {
  return {
    id, plan, phase: 'applying',
    steps: plan.steps.map(() => ({ state: 'waiting', outcome: null, inverseOutcomes: [] })),
    checks: plan.checks.map(() => ({ state: 'waiting', detail: '' })),
    outcome: null, cancelled: false, error: null, startedAt: startedAt.toISOString(), endedAt: null,
  };
}

/**
 * One run: steps in order; after a failure or a cancel the finished steps' inverses backwards; after success the checks.
 * Leaves `outcome` set and the phase before `ended`, which its owner sets once the run is in History.
 */
export class PlanExecution {
  private readonly commands: StepRunner;
  private readonly waiting: ConditionWait;
  private cancelRequested = false;
  private seen: Observation | null = null;

  constructor(private readonly dependencies: ExecutionDependencies, readonly run: PlanRun, private readonly touched: Touched) {
    this.commands = new StepRunner(dependencies, run.plan.hostId, touched);
    this.waiting = new ConditionWait(dependencies, run.plan.hostId, this.commands);
  }

  /** Takes effect between two steps; the command that runs is allowed to finish. Too late once all steps are done. */
  cancel(): void {
    if (this.run.phase !== 'applying') return;
    this.cancelRequested = true;
    this.run.phase = 'cancelling';
    this.tell();
  }

  async execute(): Promise<void> {
    const applied = await this.applySteps();
    if (applied) {
      this.run.phase = 'verifying';
      this.run.outcome = 'applied';
      this.tell();
      await this.verify();
      return;
    }
    this.run.cancelled = this.cancelRequested;
    for (const step of this.run.steps) if (step.state === 'waiting') step.state = 'not-run';
    for (const check of this.run.checks) check.state = 'not-run';
    if (this.run.outcome === null) await this.takeBack();
    this.tell();
  }

  /** True when all steps are done and nobody cancelled. Sets the outcome `half-done` when the session is gone. */
  private async applySteps(): Promise<boolean> {
    for (const [at, step] of this.run.plan.steps.entries()) {
      if (this.cancelRequested) return false;
      const state = this.stepAt(at);
      state.state = 'running';
      this.tell();
      const end = await this.commands.run(step.command, () => this.cancelRequested, {
        timeoutMs: step.timeoutMs, lasting: step.lasting, extent: 'any',
        ...step.timeoutMs === undefined ? {} : { onProgress: (line: string) => { state.progress = line; this.tell(); } },
      });
      delete state.progress;
      if (end.kind === 'done') {
        state.outcome = end.outcome;
        const missing = step.until ? await this.waiting.until(step.until, step.command) : null;
        if (missing) {
          this.run.error = missing.error.data;
          state.state = missing.kind === 'lost' ? 'unknown' : 'failed';
          if (missing.kind === 'lost') this.run.outcome = 'half-done';
          return false;
        }
        state.state = 'done';
        this.tell();
        continue;
      }
      if (step.optional === true && end.kind === 'failed') {
        state.outcome = end.outcome;
        state.state = 'failed';
        this.tell();
        continue;
      }
      this.run.error = end.error.data;
      if (end.kind === 'lost') {
        state.state = 'unknown';
        this.run.outcome = 'half-done';
        this.run.error = withDetail(end.error.data, `The connection was lost during “${step.title}”. Whether that step took effect is not known; the ones before it did.`);
        return false;
      }
      const earlier = step.lasting === true ? this.earlierTrouble(at) : null;
      if (earlier !== null) this.run.error = withDetail(end.error.data, earlier);
      state.outcome = end.outcome;
      // Whatever it answered: what is in force has to be taken back like a step that succeeded.
      state.state = end.inForce === true ? 'done' : end.inForce === null ? 'unknown' : 'failed';
      return false;
    }
    return !this.cancelRequested;
  }

  /** What steps that may fail complained about before the one that had to succeed: often the reason. */
  private earlierTrouble(at: number): string | null {
    for (const [index, step] of this.run.plan.steps.slice(0, at).entries()) {
      const outcome = this.stepAt(index).outcome;
      const trouble = step.optional === true && outcome ? packageTrouble(outcome) : null;
      if (trouble !== null) return `Before that, “${step.title}” had said: ${trouble}`;
    }
    return null;
  }

  private async takeBack(): Promise<void> {
    this.run.phase = 'rolling-back';
    this.tell();
    for (let at = this.run.steps.length - 1; at >= 0; at -= 1) {
      const state = this.stepAt(at);
      if (state.state === 'unknown') {
        this.run.outcome = 'half-done';
        return;
      }
      if (state.state === 'done' && this.run.plan.steps[at]?.lasting !== true && !(await this.takeBackStep(at, state))) {
        this.run.outcome = 'half-done';
        return;
      }
    }
    this.run.outcome = 'rolled-back';
  }

  /** False: stop here. Going on could make it worse, such as taking the definition from a network that still runs. */
  private async takeBackStep(at: number, state: StepRun): Promise<boolean> {
    const step = this.run.plan.steps[at];
    state.state = 'undoing';
    this.tell();
    for (const command of step?.inverse ?? []) {
      const end = await this.commands.run(command, () => false, { timeoutMs: step?.timeoutMs });
      if (end.kind !== 'lost' && end.outcome) state.inverseOutcomes.push(end.outcome);
      if (end.kind === 'done' || (end.kind === 'failed' && end.inForce === true)) continue;
      return this.undoFailed(step?.title ?? '', state, end);
    }
    const last = step?.inverse.at(-1);
    const missing = step?.inverseUntil && last ? await this.waiting.until(step.inverseUntil, last) : null;
    if (missing) return this.undoFailed(step?.title ?? '', state, missing);
    state.state = 'undone';
    this.tell();
    return true;
  }

  private undoFailed(title: string, state: StepRun, { kind, error }: { kind: 'failed' | 'lost'; error: AppError }): false {
    state.state = kind === 'lost' ? 'unknown' : 'undo-failed';
    this.run.error = rollbackError(title, error, this.run.error);
    this.tell();
    return false;
  }

  /** What its checks saw of all that the plan touched, once it has ended; null: not all was true at the first look. */
  get observed(): Observation | null {
    return this.seen;
  }

  /** Checks only look, so all do so at once: first by one look for all, and those that are not true yet by looks of their own. */
  private async verify(): Promise<void> {
    const { inventory } = this.dependencies;
    const { plan: { hostId, checks } } = this.run;
    const shared = new SharedLook(inventory, hostId, this.touched);
    let again = 0;
    const accessOf = (isAgain: boolean): CheckAccess => {
      if (!isAgain) return shared;
      again += 1;
      return checkAccess(inventory, hostId);
    };
    await Promise.all(checks.map((check, at) => this.verifyOne(at, check, accessOf)));
    if (again === 0) this.seen = shared.observed;
  }

  private async verifyOne(at: number, check: PlanCheck, accessOf: (again: boolean) => CheckAccess): Promise<void> {
    const state = this.run.checks[at];
    if (!state) return;
    state.state = 'running';
    this.tell();
    try {
      Object.assign(state, await runCheck(check, accessOf, this.dependencies.clock));
    } catch (error) {
      state.state = 'unknown';
      state.detail = `it could not be looked at: ${toErrorData(error).detail}`;
    }
    this.tell();
  }

  private stepAt(at: number): StepRun {
    const state = this.run.steps[at];
    if (!state) throw new Error(`The plan has no step ${at}`);
    return state;
  }

  private tell(): void {
    this.dependencies.onProgress(structuredClone(this.run));
  }
}

function withDetail(error: AppErrorData, detail: string): AppErrorData {
  return { ...error, detail: `${error.detail} ${detail}` };
}

function rollbackError(title: string, error: AppError, first: AppErrorData | null): AppErrorData {
  const cause = first ? ` It was being taken back because: ${first.detail}` : '';
  return {
    ...error.data, code: 'plan.rollback-failed', title: 'Taking back did not work',
    detail: `“${title}” is still in force: ${error.data.detail}${cause}`,
    hint: 'Look at each step: it says what is in force. The remaining commands are in the step\'s “How it is undone”.',
  };
}
