import type { Command, CommandOutcome } from '../../../shared/domain/plan';
import { effectHolds } from '../../../shared/domain/planning/command-effect';
import { describeCommand } from '../../../shared/domain/shell-quote';
import { AppError, toErrorData } from '../../../shared/errors/app-error';
import { explainVirsh } from '../../commands/virsh/explain-virsh';
import type { CommandRunner } from '../../transport/command-runner';
import { awaitSession, isConnectionLost } from './await-session';
import { observeHost } from './observe-host';
import type { PlanInventory } from './observe-host';
import type { PlanClock } from './plan-clock';

/**
 * How one command ended. `done`: it succeeded. `failed`: it did not, and `inForce` says what the host shows of its effect
 * all the same (null: nobody could look). `lost`: the session ended under it and did not come back.
 */
export type CommandEnd =
  | { kind: 'done'; outcome: CommandOutcome }
  | { kind: 'failed'; outcome: CommandOutcome | null; error: AppError; inForce: boolean | null }
  | { kind: 'lost'; error: AppError };

export interface StepRunnerDependencies {
  inventory: PlanInventory;
  clock: PlanClock;
  reconnectWaitMs: number;
}

/** Runs single commands of a plan and finds out what became of them, by looking at the host where the reply doesn't tell. */
export class StepRunner {
  constructor(private readonly dependencies: StepRunnerDependencies, private readonly hostId: string, private readonly uuids: readonly string[]) {}

  /** `givenUp`: stop waiting for a lost session. */
  async run(command: Command, givenUp: () => boolean): Promise<CommandEnd> {
    let runner: CommandRunner | null = null;
    try {
      runner = this.dependencies.inventory.runner(this.hostId);
      const { exitCode, stdout, stderr, durationMs } = await runner.run(command);
      const outcome = { exitCode, stdout, stderr, durationMs };
      if (exitCode === 0) return { kind: 'done', outcome };
      return { kind: 'failed', outcome, error: failureOf(command, outcome), inForce: await this.look(command) };
    } catch (thrown) {
      const error = thrown instanceof AppError ? thrown : AppError.fromData(toErrorData(thrown));
      if (!isConnectionLost(error)) return { kind: 'failed', outcome: null, error, inForce: await this.look(command) };
      const { inventory, clock, reconnectWaitMs } = this.dependencies;
      if (!(await awaitSession(inventory, this.hostId, runner, clock, reconnectWaitMs, givenUp))) return { kind: 'lost', error };
      return { kind: 'failed', outcome: null, error, inForce: await this.look(command) };
    }
  }

  /** Rereads the host; null when that fails too. */
  private async look(command: Command): Promise<boolean | null> {
    const { inventory } = this.dependencies;
    try {
      await inventory.refresh(this.hostId, 'all');
      return effectHolds(command, await observeHost(inventory, this.hostId, this.uuids));
    } catch (error) {
      if (error instanceof AppError) return null;
      throw error;
    }
  }
}

function failureOf(command: Command, outcome: CommandOutcome): AppError {
  const explained = command.argv[0] === 'virsh' ? explainVirsh(outcome, command) : null;
  if (explained && explained.code !== 'command.failed') return explained;
  const said = explained?.data.detail ?? (outcome.stderr.trim().split('\n')[0] || `It ended with ${outcome.exitCode ?? 'a signal'}.`);
  return new AppError('plan.step-failed', 'A step failed', said, { command: describeCommand(command), stderr: outcome.stderr });
}
