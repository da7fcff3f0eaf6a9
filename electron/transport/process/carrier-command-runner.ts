import type { Duplex } from 'node:stream';
import type { Command } from '../../../shared/domain/plan';
import type { Privilege } from '../../../shared/domain/snapshot';
import type { AppError } from '../../../shared/errors/app-error';
import type { EventSource, GatherSection } from '../../commands/command';
import type { Carrier } from '../carrier';
import { connectionClosed } from '../ssh/connection-errors';
import type { CommandResult, CommandRunner, EventLine, FollowHandle, RunOptions } from '../command-runner';
import type { TerminalChannel, TerminalRequest } from '../terminal-channel';
import type { Rights } from './detect-privilege';
import { followEvents } from './follow-events';
import { gather } from './gather';
import type { LeftoverProcesses } from './leftover-processes';
import type { Link } from './link';
import type { ProcessKiller } from './process-killer';
import type { ProcessSpawner } from './process-spawner';
import { runCommand, type RunParts } from './run-command';
import type { TerminalOpener } from './terminal-opener';
import { VirshAccess } from './virsh-access';

export interface CarrierCommandRunnerParts {
  carrier: Carrier;
  link: Link;
  spawner: ProcessSpawner;
  killer: ProcessKiller;
  terminals: TerminalOpener;
  rights: Rights;
  hostLabel: string;
  /** A name for what is reached, by which leftover processes are found again: `user@address:port`. */
  target: string;
  leftovers: LeftoverProcesses;
}

/** How long a polite farewell may take before the connection is cut. */
const farewellMs = 3000;

const tcpTimeoutMs = 5000;

/** CommandRunner over one carrier. */
export class CarrierCommandRunner implements CommandRunner {
  readonly privilege: Privilege;
  readonly #parts: CarrierCommandRunnerParts;
  readonly #virsh: VirshAccess;
  readonly #follows = new Set<FollowHandle>();
  #closing: Promise<void> | null = null;

  constructor(parts: CarrierCommandRunnerParts) {
    this.#parts = parts;
    this.privilege = parts.rights.privilege;
    this.#virsh = new VirshAccess({ ...parts, lost: () => this.#lost() }, parts.rights.elevation, this.privilege === 'read-only');
  }

  async run(command: Command, options: RunOptions = {}): Promise<CommandResult> {
    return runCommand(await this.#runParts(options.elevate ?? true), command, options);
  }

  async gather(sections: readonly GatherSection[], options: RunOptions = {}): Promise<ReadonlyMap<string, CommandResult>> {
    return gather(await this.#runParts(options.elevate ?? true), sections, options);
  }

  async virsh(argvs: readonly (readonly string[])[], options: RunOptions = {}): Promise<CommandResult[]> {
    this.#refuseWhenEnded();
    return this.#virsh.run(argvs, options);
  }

  async follow(sources: readonly EventSource[], onLine: (line: EventLine) => void): Promise<FollowHandle> {
    this.#refuseWhenEnded();
    const { spawner, killer, rights } = this.#parts;
    const inner = await followEvents(spawner, killer, await rights.elevation.obtain(), sources, onLine);
    const handle: FollowHandle = {
      close: async () => {
        this.#follows.delete(handle);
        await inner.close();
      },
    };
    this.#follows.add(handle);
    return handle;
  }

  async connectTcp(address: string, port: number, options: { timeoutMs?: number } = {}): Promise<Duplex> {
    this.#refuseWhenEnded();
    return this.#parts.carrier.connectTcp(address, port, options.timeoutMs ?? tcpTimeoutMs);
  }

  async openTerminal(request: TerminalRequest): Promise<TerminalChannel> {
    this.#refuseWhenEnded();
    return this.#parts.terminals.open(request);
  }

  ping(timeoutMs: number): Promise<boolean> {
    return this.#parts.link.error ? Promise.resolve(false) : this.#parts.carrier.ping(timeoutMs);
  }

  onClose(listener: (error: Error | null) => void): void {
    this.#parts.link.onEnd(listener);
  }

  /** Ends everything this runner started on the host, then the connection. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    const { carrier, link, spawner, killer, terminals } = this.#parts;
    link.closing = true;
    if (link.error) return;
    spawner.closeWarm();
    terminals.closeAll();
    const farewell = Promise.all([this.#virsh.close(), ...[...this.#follows].map((follow) => follow.close())])
      .then(() => Promise.all([...spawner.running].map((process) => killer.kill(process))));
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, farewellMs);
    });
    await Promise.race([farewell, patience, link.ended]);
    clearTimeout(timer);
    carrier.end();
    const cut = setTimeout(() => carrier.destroy(), farewellMs);
    await link.ended;
    clearTimeout(cut);
  }

  async #runParts(elevate: boolean): Promise<RunParts> {
    this.#refuseWhenEnded();
    const { spawner, killer, rights, hostLabel } = this.#parts;
    const elevation = elevate ? await rights.elevation.obtain() : { kind: 'none' as const };
    return { spawner, killer, hostLabel, elevation, lost: () => this.#lost() };
  }

  #lost(): AppError | null {
    const { link, hostLabel } = this.#parts;
    return link.error ?? (link.closing ? connectionClosed(hostLabel) : null);
  }

  #refuseWhenEnded(): void {
    if (this.#parts.link.error) throw this.#parts.link.error;
  }
}
