import type { Command, CommandOutcome } from '../../../shared/domain/plan';
import { effectHolds } from '../../../shared/domain/planning/command-effect';
import { failsWithoutTrace, isRouterCommand } from '../../../shared/domain/planning/router-commands';
import { explainOvs, setUpProblem } from '../../commands/ovs/explain-ovs';
import { explainPackages, isPackageCommand } from '../../commands/system/explain-packages';
import { explainRouter } from '../../commands/router/explain-router';
import { explainSystemctl } from '../../commands/system/explain-systemctl';
import { describeCommand } from '../../../shared/domain/shell-quote';
import { AppError, toErrorData } from '../../../shared/errors/app-error';
import { explainVirsh } from '../../commands/virsh/explain-virsh';
import type { CommandRunner } from '../../transport/command-runner';
import { awaitSession, isConnectionLost } from './await-session';
import { observeHost } from './observe-host';
import type { FactsSource, PlanInventory, Touched } from './observe-host';
import { ProgressLine } from './progress-line';
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
  facts: FactsSource;
  clock: PlanClock;
  reconnectWaitMs: number;
}

export interface StepOptions {
  /** Default 30 s. */
  timeoutMs?: number;
  /** Nothing of it is looked for when it fails: what it did stays anyhow. */
  lasting?: boolean;
  /** Whether a failure may have left something behind that is to be found, or must have done all of it. Default `all`. */
  extent?: 'all' | 'any';
  /** Told the line that the command printed last, some times a second at most. */
  onProgress?: (line: string) => void;
}

/** Runs single commands of a plan and finds out what became of them, by looking at the host where the reply doesn't tell. */
export class StepRunner {
  constructor(private readonly dependencies: StepRunnerDependencies, private readonly hostId: string, private readonly touched: Touched) {}

  /** `givenUp`: stop waiting for a lost session. */
  async run(command: Command, givenUp: () => boolean, options: StepOptions = {}): Promise<CommandEnd> {
    let runner: CommandRunner | null = null;
    const { timeoutMs, onProgress } = options;
    const progress = onProgress ? new ProgressLine(onProgress, this.dependencies.clock) : null;
    try {
      runner = this.dependencies.inventory.runner(this.hostId);
      const { exitCode, stdout, stderr, durationMs } = await runner.run(command, {
        ...timeoutMs === undefined ? {} : { timeoutMs }, ...progress ? { onOutput: (text) => progress.take(text) } : {},
      });
      const outcome = { exitCode, stdout, stderr, durationMs };
      if (exitCode === 0 && !failsInSilence(command, outcome)) return { kind: 'done', outcome };
      return { kind: 'failed', outcome, error: failureOf(command, outcome), inForce: failsWithoutTrace(command) ? false : await this.look(command, options) };
    } catch (thrown) {
      const error = thrown instanceof AppError ? thrown : AppError.fromData(toErrorData(thrown));
      if (!isConnectionLost(error)) return { kind: 'failed', outcome: null, error, inForce: await this.look(command, options) };
      const { inventory, clock, reconnectWaitMs } = this.dependencies;
      if (!(await awaitSession(inventory, this.hostId, runner, clock, reconnectWaitMs, givenUp))) return { kind: 'lost', error };
      return { kind: 'failed', outcome: null, error, inForce: await this.look(command, options) };
    }
  }

  /** Rereads the host; null when that fails too. */
  private async look(command: Command, { lasting = false, extent = 'all' }: StepOptions): Promise<boolean | null> {
    if (lasting) return false;
    const { inventory, facts } = this.dependencies;
    try {
      await inventory.refresh(this.hostId, 'all');
      const ofSystem = !['virsh', 'ip', 'ovs-vsctl'].includes(command.argv[0] ?? '') && !isRouterCommand(command);
      const observed = { ...await observeHost(inventory, this.hostId, this.touched), facts: ofSystem ? await facts.facts(this.hostId) : null };
      return effectHolds(command, observed, extent);
    } catch (error) {
      if (error instanceof AppError) return null;
      throw error;
    }
  }
}

function failureOf(command: Command, outcome: CommandOutcome): AppError {
  const explained = explain(command, outcome);
  if (explained && explained.code !== 'command.failed') return explained;
  const said = explained?.data.detail ?? (outcome.stderr.trim().split('\n')[0] || `It ended with ${outcome.exitCode ?? 'a signal'}.`);
  return new AppError('plan.step-failed', 'A step failed', said, { command: describeCommand(command), stderr: outcome.stderr });
}

/** ovs-vsctl ends with 0 once its database has the change, even where ovs-vswitchd could not make the bridge. */
function failsInSilence(command: Command, outcome: CommandOutcome): boolean {
  return command.argv[0] === 'ovs-vsctl' && setUpProblem(outcome.stderr) !== null;
}

function explain(command: Command, outcome: CommandOutcome): AppError | null {
  if (command.argv[0] === 'virsh') return explainVirsh(outcome, command);
  if (command.argv[0] === 'systemctl') return explainSystemctl(outcome, command);
  if (command.argv[0] === 'ovs-vsctl') return explainOvs(outcome, command);
  if (isRouterCommand(command)) return explainRouter(outcome, command);
  return isPackageCommand(command) ? explainPackages(outcome, command) : null;
}
