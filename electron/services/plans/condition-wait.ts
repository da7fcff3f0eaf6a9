import type { Command, PlanStep } from '../../../shared/domain/plan';
import { describeCommand } from '../../../shared/domain/shell-quote';
import { AppError, toErrorData } from '../../../shared/errors/app-error';
import { awaitSession, isConnectionLost } from './await-session';
import { checkAccess } from './check-access';
import { runCheck } from './checks/run-check';
import type { PlanInventory } from './observe-host';
import type { PlanClock } from './plan-clock';
import type { StepRunner } from './step-runner';

/** Waits for what a command has only asked for, and asks again where the plan says so. */
export class ConditionWait {
  constructor(
    private readonly dependencies: { inventory: PlanInventory; clock: PlanClock; reconnectWaitMs: number }, private readonly hostId: string,
    private readonly commands: StepRunner,
  ) {}

  /** Null once it is so; otherwise why not. `lost`: the session ended meanwhile and did not come back. */
  async until(awaited: NonNullable<PlanStep['until']>, command: Command): Promise<{ kind: 'failed' | 'lost'; error: AppError } | null> {
    const { otherwise, attempts } = awaited;
    try {
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        if (await this.comes(awaited)) return null;
        // Refused or not: what counts is what is looked at.
        if (attempt < attempts) await this.commands.run(command, () => false, { lasting: true });
      }
      return { kind: 'failed', error: new AppError('plan.step-failed', 'A step did not take effect', otherwise, { command: describeCommand(command) }) };
    } catch (thrown) {
      const error = thrown instanceof AppError ? thrown : AppError.fromData(toErrorData(thrown));
      return { kind: isConnectionLost(error) ? 'lost' : 'failed', error };
    }
  }

  /** Looks on through a lost connection that comes back. */
  private async comes({ check, patienceMs, otherwise }: NonNullable<PlanStep['until']>): Promise<boolean> {
    const { inventory, clock, reconnectWaitMs } = this.dependencies;
    const look = async (): Promise<boolean> =>
      (await runCheck({ id: 'until', title: otherwise, check }, () => checkAccess(inventory, this.hostId), clock, patienceMs)).state === 'passed';
    try {
      return await look();
    } catch (error) {
      if (!isConnectionLost(error) || !(await awaitSession(inventory, this.hostId, null, clock, reconnectWaitMs, () => false))) throw error;
      return look();
    }
  }
}
