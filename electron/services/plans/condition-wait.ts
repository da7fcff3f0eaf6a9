import type { Command, PlanStep } from '../../../shared/domain/plan';
import { describeCommand } from '../../../shared/domain/shell-quote';
import { AppError, toErrorData } from '../../../shared/errors/app-error';
import { awaitSession, isConnectionLost } from './await-session';
import { checkAccess } from './check-access';
import { runCheck } from './checks/run-check';
import type { PlanInventory } from './observe-host';
import type { PlanClock } from './plan-clock';

/** Waits for what a command has only asked for. */
export class ConditionWait {
  constructor(private readonly dependencies: { inventory: PlanInventory; clock: PlanClock; reconnectWaitMs: number }, private readonly hostId: string) {}

  /** Null once it is so; otherwise why not. `lost`: the session ended meanwhile and did not come back. */
  async until({ check, patienceMs, otherwise }: NonNullable<PlanStep['until']>, command: Command): Promise<{ kind: 'failed' | 'lost'; error: AppError } | null> {
    const { inventory, clock, reconnectWaitMs } = this.dependencies;
    try {
      const look = { id: 'until', title: otherwise, check };
      let verdict;
      try {
        verdict = await runCheck(look, checkAccess(inventory, this.hostId), clock, patienceMs);
      } catch (error) {
        if (!isConnectionLost(error) || !(await awaitSession(inventory, this.hostId, null, clock, reconnectWaitMs, () => false))) throw error;
        verdict = await runCheck(look, checkAccess(inventory, this.hostId), clock, patienceMs);
      }
      if (verdict.state === 'passed') return null;
      return { kind: 'failed', error: new AppError('plan.step-failed', 'A step did not take effect', otherwise, { command: describeCommand(command) }) };
    } catch (thrown) {
      const error = thrown instanceof AppError ? thrown : AppError.fromData(toErrorData(thrown));
      return { kind: isConnectionLost(error) ? 'lost' : 'failed', error };
    }
  }
}
