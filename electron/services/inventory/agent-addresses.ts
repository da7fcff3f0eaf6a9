import { agentAddressesArgv, parseAgentAddresses } from '../../commands/virsh/agent-addresses';
import type { CommandRunner } from '../../transport/command-runner';
import type { HostParts } from './host-parts';
import { endsSession } from './problems';

/** A guest's addresses seldom change, and no event says that they did. */
const freshMs = 60_000;
/** libvirt waits five seconds for an agent. */
const timeoutMs = 8_000;

/**
 * Asks the guest agents of machines that have one connected, one after the other, apart from all other reads and at most once
 * a minute each. A guest that doesn't answer costs nobody anything: its addresses are not known by this way.
 */
export class AgentAddresses {
  private readonly askedAt = new Map<string, number>();
  private busy = false;
  private closed = false;

  constructor(private readonly runner: CommandRunner, private readonly parts: () => HostParts, private readonly onChange: () => void) {}

  close(): void {
    this.closed = true;
  }

  /** Called after every read of machines; returns at once. */
  look(): void {
    const { machines, agentAddresses } = this.parts();
    for (const uuid of [...this.askedAt.keys(), ...agentAddresses.keys()]) {
      if (machines.get(uuid)?.definition.agent === 'connected') continue;
      this.askedAt.delete(uuid);
      agentAddresses.delete(uuid);
    }
    // Asking an agent counts as a change, which a read-only session may not make.
    if (this.busy || this.closed || this.runner.privilege === 'read-only') return;
    const now = Date.now();
    const due = [...machines].find(([uuid, machine]) => machine.definition.agent === 'connected' && machine.state === 'running' && now - (this.askedAt.get(uuid) ?? -Infinity) >= freshMs);
    if (due) void this.ask(due[0]);
  }

  private async ask(uuid: string): Promise<void> {
    this.busy = true;
    this.askedAt.set(uuid, Date.now());
    const { agentAddresses } = this.parts();
    const before = JSON.stringify(agentAddresses.get(uuid) ?? []);
    try {
      const result = await this.runner.run({ argv: agentAddressesArgv(uuid, this.runner.privilege) }, { timeoutMs });
      agentAddresses.set(uuid, result.exitCode === 0 ? parseAgentAddresses(result.stdout) : []);
    } catch (error) {
      // The session's end is told elsewhere; a silent guest is no news.
      if (endsSession(error)) return;
      agentAddresses.set(uuid, []);
    } finally {
      this.busy = false;
    }
    if (this.closed) return;
    if (JSON.stringify(agentAddresses.get(uuid) ?? []) !== before) this.onChange();
    this.look();
  }
}
