import type { Observation } from '../../../shared/domain/planning/command-effect';
import type { Command } from '../../../shared/domain/plan';
import { AppError } from '../../../shared/errors/app-error';
import type { CommandResult, CommandRunner, RunOptions } from '../../transport/command-runner';
import { checkAccess } from './check-access';
import type { CheckAccess } from './checks/check';
import { observeHost } from './observe-host';
import type { PlanInventory, Touched } from './observe-host';
import { machineIn } from './observe-machine';

interface Read { argv: readonly string[]; resolve: (result: CommandResult) => void; reject: (error: unknown) => void }

/**
 * One look at the host for many checks: what they ask for in the same turn goes in one round trip, the same question once, and what the
 * plan touched is reread once for all. Who looks again later takes another one.
 */
export class SharedLook implements CheckAccess {
  private readonly asked = new Map<string, Promise<CommandResult>>();
  /** By whether they need rights. */
  private readonly waiting = new Map<boolean, Read[]>();
  private readonly alone: CheckAccess;
  private observing: Promise<Observation> | null = null;
  private seen: Observation | null = null;

  /** Throws `host.not-connected`. */
  constructor(private readonly inventory: PlanInventory, private readonly hostId: string, private readonly touched: Touched) {
    this.alone = checkAccess(inventory, hostId);
  }

  readonly runner: CheckAccess['runner'] = {
    run: (command, options) => this.ask(command, options),
    gather: (sections, options) => this.alone.runner.gather(sections, options),
    connectTcp: (address, port, options) => this.alone.runner.connectTcp(address, port, options),
  };

  /** The host with all that the plan touched, as this look has seen it; null: nobody has asked for that. */
  get observed(): Observation | null {
    return this.seen;
  }

  private observeAll(): Promise<Observation> {
    this.observing ??= this.inventory.refreshItems(this.hostId, this.touched).then(async () => {
      this.seen = await observeHost(this.inventory, this.hostId, this.touched);
      return this.seen;
    });
    return this.observing;
  }

  observe(uuid: string): Promise<Observation> {
    return this.touched.networks.includes(uuid) ? this.observeAll() : this.alone.observe(uuid);
  }

  async observeMachine(uuid: string): ReturnType<CheckAccess['observeMachine']> {
    return this.touched.machines.includes(uuid) ? machineIn(await this.observeAll(), uuid) : this.alone.observeMachine(uuid);
  }

  private ask({ argv }: Command, { elevate = true }: RunOptions = {}): Promise<CommandResult> {
    const key = JSON.stringify([elevate, ...argv]);
    const reply = this.asked.get(key) ?? new Promise<CommandResult>((resolve, reject) => this.enqueue({ argv, resolve, reject }, elevate));
    this.asked.set(key, reply);
    return reply;
  }

  private enqueue(read: Read, elevate: boolean): void {
    const others = this.waiting.get(elevate);
    if (others) {
      others.push(read);
      return;
    }
    this.waiting.set(elevate, [read]);
    setImmediate(() => void this.send(elevate));
  }

  private async send(elevate: boolean): Promise<void> {
    const reads = this.waiting.get(elevate) ?? [];
    this.waiting.delete(elevate);
    try {
      const replies = await this.gather(reads, elevate);
      reads.forEach(({ argv, resolve, reject }, at) => {
        const reply = replies.get(String(at));
        if (reply) resolve(reply);
        else reject(new AppError('internal', 'A reply is missing', `${argv.join(' ')} was not answered.`));
      });
    } catch (error) {
      for (const { reject } of reads) reject(error);
    }
  }

  private gather(reads: readonly Read[], elevate: boolean): ReturnType<CommandRunner['gather']> {
    return this.alone.runner.gather(reads.map(({ argv }, at) => ({ name: String(at), command: { kind: 'argv', argv } })), { elevate });
  }
}
