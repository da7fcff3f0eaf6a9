import type { PreflightFacts } from '../../../shared/domain/preflight/facts';
import { assessHost } from '../../../shared/domain/preflight/assess-host';
import type { PreflightReport } from '../../../shared/domain/preflight/finding';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import type { CommandRunner } from '../../transport/command-runner';
import type { InventoryService } from '../inventory/inventory-service';
import { currentSnapshot } from '../plans/observe-host';
import { endsSession } from '../inventory/problems';
import { readFacts } from './read-facts';

export interface PreflightDependencies {
  inventory: Pick<InventoryService, 'get' | 'refresh' | 'runner' | 'onChanged'>;
  now: () => Date;
  /** Told of a look that went wrong and that nobody waits for. */
  onProblem: (error: unknown) => void;
}

interface Held {
  report: PreflightReport | null;
  /** What of the snapshot the report depends on, and the session it is of. */
  basis: string;
  runner: CommandRunner | null;
  looking: Promise<PreflightReport> | null;
  again: boolean;
  /** A look that waits for changes to pause, and when the first of these was (by performance.now). */
  pending: { timer: NodeJS.Timeout; since: number } | null;
}

/** A plan of many steps would have the host looked at after each: a look costs it as much as a step does. */
const pauseMs = 400;
const longestWaitMs = 5_000;

/** Looks at each host after it was connected, and again whenever what preflight depends on has changed. */
export class PreflightService {
  private readonly hosts = new Map<string, Held>();
  private readonly listeners = new Set<(change: { hostId: string }) => void>();
  private readonly stop: () => void;

  constructor(private readonly dependencies: PreflightDependencies) {
    this.stop = dependencies.inventory.onChanged(({ hostId, stale }) => { if (!stale) this.follow(hostId); });
  }

  close(): void {
    this.stop();
    for (const hostId of this.hosts.keys()) this.callOff(hostId);
  }

  /** The last report, of an ended session too; null: the host was not looked at yet. */
  get(hostId: string): PreflightReport | null {
    return this.hosts.get(hostId)?.report ?? null;
  }

  /** Looks anew, with what emits no event (units, groups, packages). Rejects with `host.not-connected` and what the runner says. */
  async refresh(hostId: string): Promise<PreflightReport> {
    await this.dependencies.inventory.refresh(hostId, 'all');
    return this.look(hostId);
  }

  /** What fixes are planned from, read at this moment. Rejects as `refresh` does. */
  async facts(hostId: string): Promise<PreflightFacts> {
    const { inventory } = this.dependencies;
    return readFacts(inventory.runner(hostId), currentSnapshot(inventory, hostId));
  }

  forget(hostId: string): void {
    this.callOff(hostId);
    this.hosts.delete(hostId);
  }

  /** Returns what takes the listener away again. */
  onChanged(listener: (change: { hostId: string }) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** After a change: a session that ended meanwhile is looked at when it is back. */
  async lookAfterPlan(hostId: string): Promise<void> {
    try {
      await this.look(hostId);
    } catch (error) {
      if (!endsSession(error)) throw error;
    }
  }

  /** Calls while a look is under way are answered by a further one, which has seen what they are about. */
  look(hostId: string): Promise<PreflightReport> {
    const held = this.held(hostId);
    if (held.looking) {
      held.again = true;
      return held.looking;
    }
    held.looking = this.lookUntilCalm(hostId, held).finally(() => { held.looking = null; });
    return held.looking;
  }

  private async lookUntilCalm(hostId: string, held: Held): Promise<PreflightReport> {
    const { inventory, now } = this.dependencies;
    let report: PreflightReport;
    do {
      held.again = false;
      const snapshot = currentSnapshot(inventory, hostId);
      held.runner = inventory.runner(hostId);
      held.basis = basisOf(snapshot);
      report = { hostId, takenAt: now().toISOString(), ...assessHost(await readFacts(held.runner, snapshot)) };
    } while (held.again);
    held.report = report;
    for (const listener of [...this.listeners]) listener({ hostId });
    return report;
  }

  private follow(hostId: string): void {
    const { inventory, onProblem } = this.dependencies;
    const held = this.held(hostId);
    const snapshot = inventory.get(hostId)?.snapshot;
    if (!snapshot || (held.runner === inventory.runner(hostId) && held.basis === basisOf(snapshot))) return;
    const look = (): void => {
      held.pending = null;
      this.look(hostId).catch((error: unknown) => { if (!endsSession(error)) onProblem(error); });
    };
    const since = held.pending?.since ?? performance.now();
    this.callOff(hostId);
    if (held.runner !== inventory.runner(hostId)) look();
    else held.pending = { timer: setTimeout(look, Math.max(0, Math.min(pauseMs, since + longestWaitMs - performance.now()))), since };
  }

  private callOff(hostId: string): void {
    const held = this.hosts.get(hostId);
    if (!held?.pending) return;
    clearTimeout(held.pending.timer);
    held.pending = null;
  }

  private held(hostId: string): Held {
    const known = this.hosts.get(hostId) ?? { report: null, basis: '', runner: null, looking: null, again: false, pending: null };
    this.hosts.set(hostId, known);
    return known;
  }
}

/** A new lease or a machine that starts says nothing about the host's health. */
function basisOf({ system, privilege, networks, problems }: HostSnapshot): string {
  return JSON.stringify([
    system.libvirtVersion, system.ovsVersion, system.tools, system.ipv4Forwarding, privilege, problems.map(({ code, detail }) => [code, detail]),
    networks.map(({ name, active, kind, bridge }) => [name, active, kind, bridge?.name]),
  ]);
}
