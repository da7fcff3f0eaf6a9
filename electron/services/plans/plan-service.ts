import type { Intent } from '../../../shared/domain/intent';
import type { HistoryEntry, MachineCondition, NetworkState, Plan, PlanRun } from '../../../shared/domain/plan';
import type { Observation } from '../../../shared/domain/planning/command-effect';
import { conditionOf } from '../../../shared/domain/planning/machine-condition';
import { readIdentity } from '../../../shared/domain/network-xml/network-identity';
import { needsFacts, touchedItems } from '../../../shared/domain/planning/plan-fix';
import { machinesThatFollow } from '../../../shared/domain/planning/follow-rename';
import { planIntent, touchedMachines, touchedNetworks } from '../../../shared/domain/planning/plan-intent';
import { touchedRouters } from '../../../shared/domain/planning/plan-lab-routers';
import { touchedSwitches } from '../../../shared/domain/planning/switch-steps';
import { currentItem } from '../../../shared/domain/preflight/system-item';
import type { SystemItem } from '../../../shared/domain/preflight/system-item';
import { routerStatesOf } from '../../../shared/domain/router/router-state';
import type { RouterState } from '../../../shared/domain/router/router-state';
import { seesSwitches, switchStateOf } from '../../../shared/domain/switch-state';
import type { SwitchState } from '../../../shared/domain/switch-state';
import { AppError, toErrorData } from '../../../shared/errors/app-error';
import type { HistoryService } from '../history/history-service';
import { conditionsOf, currentSnapshot, observeHost, statesOf } from './observe-host';
import type { FactsSource, PlanInventory } from './observe-host';
import { macsElsewhere } from '../networks/macs-elsewhere';
import { usedRangesFor } from '../networks/used-ranges-for';
import type { HostNames } from '../networks/used-ranges-for';
import { systemSleep } from './plan-clock';
import { PlanExecution, startOfRun } from './plan-execution';

export interface PlanDependencies {
  inventory: PlanInventory;
  preflight: FactsSource;
  history: Pick<HistoryService, 'append' | 'get' | 'markUndone'>;
  hosts: HostNames;
  now: () => Date;
  newId: () => string;
  /** Lower-case hex. */
  sha256: (text: string) => string;
  sleep?: (ms: number) => Promise<void>;
  /** How long a run whose session was lost waits for it to come back. Default 20 s. */
  reconnectWaitMs?: number;
}

interface Planned {
  plan: Plan;
  before: NetworkState[];
  /** Null: the plan touches nothing but networks. */
  systemBefore: SystemItem[] | null;
  /** Empty: it touches none. */
  switchesBefore: SwitchState[];
  machinesBefore: MachineCondition[];
  routersBefore: RouterState[];
  entry: HistoryEntry | null;
}

/** How many ended runs `finished` still answers for. */
const keptRuns = 50;

/** Plan → preview → apply → verify → history, the same for every change of every host; one run per host at a time. */
export class PlanService {
  private readonly executions = new Map<string, { execution: PlanExecution; done: Promise<PlanRun> }>();
  private readonly busyHosts = new Set<string>();
  private readonly listeners = new Set<(run: PlanRun) => void>();

  constructor(private readonly dependencies: PlanDependencies) {}

  /** What would run. Throws what `planIntent` throws, and `host.not-connected`. */
  async preview(hostId: string, intent: Intent): Promise<Plan> {
    currentSnapshot(this.dependencies.inventory, hostId);
    // Autostart and `net-update` change without an event.
    await this.dependencies.inventory.refresh(hostId, 'quiet');
    return (await this.plan(hostId, intent)).plan;
  }

  /**
   * Rereads the host, plans again, and runs if the result is what was reviewed. Resolves with the run's first state;
   * progress comes by `onProgress`, the end by `finished`. Throws `plan.stale`, `plan.busy`, `libvirt.denied`, and what
   * `preview` throws.
   */
  async apply(hostId: string, intent: Intent, digest: string): Promise<PlanRun> {
    const release = this.holdHost(hostId);
    try {
      return await this.start(hostId, intent, digest);
    } catch (error) {
      release();
      throw error;
    }
  }

  /** No plan is applied on this host until the function it returns is called. Throws `plan.busy`. */
  holdHost(hostId: string): () => void {
    if (this.busyHosts.has(hostId)) throw new AppError('plan.busy', 'Another plan is running', 'This host takes one change at a time. Wait until the other one has ended.');
    this.busyHosts.add(hostId);
    return () => { this.busyHosts.delete(hostId); };
  }

  /** The run as it ended; at once when it has. Throws `not-found`. */
  finished(runId: string): Promise<PlanRun> {
    return this.executionOf(runId).done;
  }

  /** Between two steps; what is done is then taken back. Without effect on a run that has done its last step. */
  cancel(runId: string): void {
    this.executionOf(runId).execution.cancel();
  }

  /** Copies of the runs under way. */
  running(): PlanRun[] {
    return [...this.executions.values()].map(({ execution }) => execution.run).filter((run) => run.phase !== 'ended').map((run) => structuredClone(run));
  }

  /** Returns the function that stops listening. */
  onProgress(listener: (run: PlanRun) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private async plan(hostId: string, asked: Intent): Promise<Planned> {
    const intent = 'uuid' in asked ? { ...asked, uuid: asked.uuid.toLowerCase() } : asked;
    const entry = intent.kind === 'undo' ? this.dependencies.history.get(intent.historyId) : null;
    if (entry && entry.hostId !== hostId) throw new AppError('undo.refused', 'This can\'t be undone here', `It was done on ${entry.hostName}.`);
    const snapshot = currentSnapshot(this.dependencies.inventory, hostId);
    const following = machinesThatFollow(intent, entry, snapshot);
    const observed = await observeHost(this.dependencies.inventory, hostId, {
      networks: touchedNetworks(intent, entry, snapshot),
      machines: [...touchedMachines(intent, entry, snapshot), ...touchedRouters(intent, entry, snapshot).map(({ uuid }) => uuid), ...following],
    });
    const facts = needsFacts(intent, entry) ? await this.dependencies.preflight.facts(hostId) : null;
    const plan = planIntent(intent, {
      ...observed, used: usedRangesFor(hostId, this.dependencies), macsElsewhere: macsElsewhere(hostId, this.dependencies), entry, facts, sha256: this.dependencies.sha256,
    });
    return {
      plan, before: this.statesBefore(intent, entry, observed), systemBefore: facts ? touchedItems(intent, entry, facts) : null,
      switchesBefore: touchedSwitches(intent, entry, observed.snapshot).map((name) => switchStateOf(name, observed.snapshot)),
      machinesBefore: touchedMachines(intent, entry, observed.snapshot).flatMap((uuid) => conditionOf(uuid, observed) ?? []), entry,
      routersBefore: routerStatesOf(touchedRouters(intent, entry, observed.snapshot).map((router) => ({ ...router, xml: null, active: false, autostart: false })), observed),
    };
  }

  private statesBefore(intent: Intent, entry: HistoryEntry | null, observed: Observation): NetworkState[] {
    const name = (uuid: string): string => (intent.kind === 'network.create' ? intent.spec.name
      : intent.kind === 'lab.apply' ? intent.networks.find((network) => network.uuid === uuid)?.spec.name ?? uuid
      : intent.kind === 'network.define' ? readIdentity(intent.xml).name ?? uuid
      : entry?.before?.find((state) => state.uuid === uuid)?.name ?? uuid);
    return statesOf(observed, touchedNetworks(intent, entry, observed.snapshot).map((uuid) => ({ uuid, name: name(uuid), xml: null, active: false, autostart: false })));
  }

  private async start(hostId: string, intent: Intent, digest: string): Promise<PlanRun> {
    const { inventory, preflight, newId, now, sleep = systemSleep, reconnectWaitMs = 20_000 } = this.dependencies;
    const snapshot = currentSnapshot(inventory, hostId);
    if (snapshot.privilege === 'read-only') {
      throw new AppError('libvirt.denied', 'This session may only read', 'libvirt refuses changes from this user.', { hint: 'Connect as root, with sudo, or as a member of group libvirt.' });
    }
    await inventory.refresh(hostId, 'all');
    const planned = await this.plan(hostId, intent);
    if (planned.plan.digest !== digest) {
      throw new AppError('plan.stale', 'The host has changed', 'What would run now differs from what you reviewed.', { hint: 'Look at the new plan, then apply it.' });
    }
    const run = startOfRun(newId(), planned.plan, now());
    const execution = new PlanExecution({
      inventory, facts: preflight, clock: { now, sleep }, reconnectWaitMs, onProgress: (state) => this.tell(state),
    }, run, { networks: planned.before.map((state) => state.uuid), machines: [...planned.machinesBefore, ...planned.routersBefore].map((machine) => machine.uuid) });
    const first = structuredClone(run);
    // Not before this run can be found: its first command may already make someone cancel it.
    this.executions.set(run.id, { execution, done: Promise.resolve().then(() => this.carryOut(execution, planned)) });
    this.forgetOldRuns();
    return first;
  }

  private async carryOut(execution: PlanExecution, planned: Planned): Promise<PlanRun> {
    const { run } = execution;
    const { systemBefore, switchesBefore, machinesBefore, routersBefore } = planned;
    const { hostId } = run.plan;
    try {
      await execution.execute();
    } catch (error) {
      run.outcome = 'half-done';
      run.error = toErrorData(error);
    }
    const left = await this.leftBehind(hostId, planned, execution.observed);
    run.endedAt = this.dependencies.now().toISOString();
    run.phase = 'ended';
    try {
      const system = systemBefore ? { before: systemBefore, after: await this.itemsAfter(hostId, systemBefore) } : undefined;
      const machines = machinesBefore.length > 0 ? { before: machinesBefore, after: left?.machines ?? null } : undefined;
      const networks = left?.networks ?? [];
      const routers = routersBefore.length > 0 ? { before: routersBefore, after: left?.routers ?? null } : undefined;
      const switches = switchesBefore.length > 0 ? { before: switchesBefore, after: left ? this.switchesAfter(hostId, switchesBefore) : null } : undefined;
      await this.record(run, planned, networks, { ...system ? { system } : {}, ...switches ? { switches } : {}, ...machines ? { machines } : {}, ...routers ? { routers } : {} });
    } catch (error) {
      run.error ??= toErrorData(error);
    }
    this.busyHosts.delete(hostId);
    this.tell(structuredClone(run));
    return structuredClone(run);
  }

  /** From what the checks saw, or reread. Null when nobody can look, for whatever reason: the entry then says that the state is not known. */
  private async leftBehind(
    hostId: string, { before: networks, machinesBefore: machines, routersBefore: routers }: Planned, seen: Observation | null,
  ): Promise<{ networks: NetworkState[]; machines: MachineCondition[]; routers: RouterState[] } | null> {
    const { inventory } = this.dependencies;
    try {
      const uuids = (items: readonly { uuid: string }[]): string[] => items.map((item) => item.uuid);
      if (!seen) await inventory.refresh(hostId, 'all');
      const observed = seen ?? await observeHost(inventory, hostId, { networks: uuids(networks), machines: uuids([...machines, ...routers]) });
      return { networks: statesOf(observed, networks), machines: conditionsOf(observed, machines), routers: routerStatesOf(routers, observed) };
    } catch {
      return null;
    }
  }

  /** From the reread for `after`; null when that failed or Open vSwitch could not be asked. */
  private switchesAfter(hostId: string, before: readonly SwitchState[]): SwitchState[] | null {
    const snapshot = this.dependencies.inventory.get(hostId)?.snapshot;
    return snapshot && seesSwitches(snapshot) ? before.map(({ name }) => switchStateOf(name, snapshot)) : null;
  }

  private async itemsAfter(hostId: string, before: readonly SystemItem[]): Promise<SystemItem[] | null> {
    try {
      const facts = await this.dependencies.preflight.facts(hostId);
      return before.map((item) => currentItem(item, facts));
    } catch {
      return null; // the entry then says that the state is not known
    }
  }

  private async record(run: PlanRun, { before, entry: undone }: Planned, after: NetworkState[], more: Pick<HistoryEntry, 'system' | 'switches' | 'machines' | 'routers'>): Promise<void> {
    const { history, hosts } = this.dependencies;
    const { hostId } = run.plan;
    await history.append({
      id: run.id, hostId, hostName: hosts.get(hostId).name, run: structuredClone(run), before, after, ...more, undoneBy: null, undoes: undone?.id ?? null,
    });
    if (undone && run.outcome === 'applied') await history.markUndone(undone.id, run.id);
  }

  private executionOf(runId: string): { execution: PlanExecution; done: Promise<PlanRun> } {
    const held = this.executions.get(runId);
    if (!held) throw new AppError('not-found', 'No such run', 'It has ended; History has it.');
    return held;
  }

  private forgetOldRuns(): void {
    const ended = [...this.executions].filter(([, { execution }]) => execution.run.phase === 'ended');
    for (const [id] of ended.slice(0, Math.max(0, ended.length - keptRuns))) this.executions.delete(id);
  }

  private tell(run: PlanRun): void {
    for (const listener of this.listeners) listener(run);
  }
}
