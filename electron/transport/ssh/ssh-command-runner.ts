import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import type { Command } from '../../../shared/domain/plan';
import type { Privilege } from '../../../shared/domain/snapshot';
import type { EventSource, GatherSection } from '../../commands/command';
import type { CommandResult, CommandRunner, EventLine, FollowHandle, RunOptions } from '../command-runner';
import type { TerminalChannel, TerminalRequest } from '../terminal-channel';
import { connectTcp } from './connect-tcp';
import type { Rights } from './detect-privilege';
import { followEvents } from './follow-events';
import { gather } from './gather';
import type { LeftoverProcesses } from './leftover-processes';
import type { Link } from './link';
import { loginShellCommand, terminalScript } from './launch-script';
import { openSshTerminal } from './open-ssh-terminal';
import type { ProcessKiller } from './process-killer';
import type { ProcessSpawner } from './process-spawner';
import { runCommand, type RunParts } from './run-command';
import { VirshAccess } from './virsh-access';

export interface SshCommandRunnerParts {
  client: Client;
  link: Link;
  spawner: ProcessSpawner;
  killer: ProcessKiller;
  rights: Rights;
  hostLabel: string;
  /** `user@address:port` */
  target: string;
  leftovers: LeftoverProcesses;
}

/** How long a polite farewell may take before the connection is cut. */
const farewellMs = 3000;

/** CommandRunner over one SSH connection. */
export class SshCommandRunner implements CommandRunner {
  readonly privilege: Privilege;
  readonly #parts: SshCommandRunnerParts;
  readonly #virsh: VirshAccess;
  readonly #follows = new Set<FollowHandle>();
  #closing: Promise<void> | null = null;

  constructor(parts: SshCommandRunnerParts) {
    this.#parts = parts;
    this.privilege = parts.rights.privilege;
    this.#virsh = new VirshAccess({ ...parts, lost: () => this.#lost() }, parts.rights.elevation, this.privilege === 'read-only');
  }

  async run(command: Command, options: RunOptions = {}): Promise<CommandResult> {
    return runCommand(this.#runParts(options.elevate ?? true), command, options);
  }

  async gather(sections: readonly GatherSection[], options: RunOptions = {}): Promise<ReadonlyMap<string, CommandResult>> {
    return gather(this.#runParts(options.elevate ?? true), sections, options);
  }

  async virsh(argvs: readonly (readonly string[])[], options: RunOptions = {}): Promise<CommandResult[]> {
    this.#refuseWhenEnded();
    return this.#virsh.run(argvs, options);
  }

  async follow(sources: readonly EventSource[], onLine: (line: EventLine) => void): Promise<FollowHandle> {
    this.#refuseWhenEnded();
    const { spawner, killer, rights } = this.#parts;
    const inner = await followEvents(spawner, killer, rights.elevation, sources, onLine);
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
    return connectTcp(this.#parts.client, this.#parts.hostLabel, address, port, options.timeoutMs);
  }

  async openTerminal({ command, size, elevate = false }: TerminalRequest): Promise<TerminalChannel> {
    this.#refuseWhenEnded();
    const line = command === null ? null : loginShellCommand(terminalScript(command, elevate ? this.#parts.rights.elevation : { kind: 'none' }));
    const { terminal } = await openSshTerminal(this.#parts.client, line, size, () => this.#lost());
    return terminal;
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
    const { client, link, spawner, killer } = this.#parts;
    link.closing = true;
    if (!link.error) {
      spawner.closeWarm();
      const farewell = Promise.all([this.#virsh.close(), ...[...this.#follows].map((follow) => follow.close())])
        .then(() => Promise.all([...spawner.running].map((process) => killer.kill(process))));
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, farewellMs);
      });
      await Promise.race([farewell, patience, link.ended]);
      clearTimeout(timer);
      client.end();
      const cut = setTimeout(() => client.destroy(), farewellMs);
      await link.ended;
      clearTimeout(cut);
    }
  }

  #runParts(elevate: boolean): RunParts {
    this.#refuseWhenEnded();
    const { spawner, killer, rights, hostLabel } = this.#parts;
    return { spawner, killer, hostLabel, elevation: elevate ? rights.elevation : { kind: 'none' }, lost: () => this.#lost() };
  }

  #lost(): ReturnType<() => Link['error']> {
    return this.#parts.link.error;
  }

  #refuseWhenEnded(): void {
    if (this.#parts.link.error) throw this.#parts.link.error;
  }
}
