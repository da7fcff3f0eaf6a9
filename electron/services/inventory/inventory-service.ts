import { AppError } from '../../../shared/errors/app-error';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import { dumpMachineArgv } from '../../commands/virsh/dump-machine';
import { dumpNetworkArgv } from '../../commands/virsh/dump-network';
import type { CommandRunner } from '../../transport/command-runner';
import { assembleSnapshot } from './assemble-snapshot';
import { HostInventory } from './host-inventory';
import { defaultTiming } from './inventory-timing';
import type { InventoryTiming } from './inventory-timing';
import { VirshBatch } from './virsh-batch';

export interface InventoryChange {
  hostId: string;
  revision: number;
  stale: boolean;
}

export interface ObjectXml {
  /** Null when it isn't running. */
  running: string | null;
  /** Null when it is transient. */
  persistent: string | null;
}

interface HostEntry {
  inventory: HostInventory | null;
  snapshot: HostSnapshot | null;
  stale: boolean;
  revision: number;
  /** What the snapshot holds but for its number and time, to tell whether a reread changed anything. */
  content: string;
}

/** Keeps a snapshot of every host that was attached, true to the host while attached. */
export class InventoryService {
  private readonly hosts = new Map<string, HostEntry>();
  private readonly listeners = new Set<(change: InventoryChange) => void>();
  private readonly timing: InventoryTiming;

  constructor(dependencies: { timing?: Partial<InventoryTiming> } = {}) {
    this.timing = { ...defaultTiming, ...dependencies.timing };
  }

  /**
   * First full read, resolves when it is published; then follows events until `detach` or until the runner closes.
   * Rejects with the runner's AppError when the session ends meanwhile. What can't be read is in `problems`.
   */
  async attach(hostId: string, runner: CommandRunner): Promise<void> {
    const entry = this.hosts.get(hostId) ?? { inventory: null, snapshot: null, stale: true, revision: 0, content: '' };
    this.hosts.set(hostId, entry);
    entry.inventory?.close();
    let opened = false;
    const inventory: HostInventory = new HostInventory(runner, () => {
      if (opened && entry.inventory === inventory) this.publish(hostId, entry, inventory);
    }, this.timing);
    entry.inventory = inventory;
    runner.onClose(() => { if (entry.inventory === inventory) this.release(hostId, entry); });
    try {
      await inventory.open();
    } catch (error) {
      inventory.close();
      if (entry.inventory === inventory) this.release(hostId, entry);
      throw error;
    }
    if (entry.inventory !== inventory) throw new AppError('cancelled', 'Stopped', 'Reading the host was stopped.');
    opened = true;
    this.publish(hostId, entry, inventory);
  }

  /** How the host looked when it was last read, in an earlier start of the app: stale until it is attached. */
  restore(snapshot: HostSnapshot): void {
    if (this.hosts.has(snapshot.hostId)) return;
    this.hosts.set(snapshot.hostId, { inventory: null, snapshot, stale: true, revision: snapshot.revision, content: '' });
  }

  /** Stops following; the snapshot stays, stale. The runner is the caller's to close. */
  detach(hostId: string): void {
    const entry = this.hosts.get(hostId);
    if (entry?.inventory) this.release(hostId, entry);
  }

  /** Also drops the snapshot. */
  forget(hostId: string): void {
    this.hosts.get(hostId)?.inventory?.close();
    this.hosts.delete(hostId);
  }

  /** Null: never read. */
  get(hostId: string): { snapshot: HostSnapshot; stale: boolean } | null {
    const entry = this.hosts.get(hostId);
    return entry?.snapshot ? { snapshot: entry.snapshot, stale: entry.stale } : null;
  }

  /**
   * Rereads everything, or only what emits no event (`quiet`: leases, autostart, link states, XML after net-update).
   * Resolves when the new snapshot is published. Rejects with `host.not-connected`.
   */
  async refresh(hostId: string, scope: 'all' | 'quiet'): Promise<void> {
    await this.attached(hostId).refresh(scope);
  }

  /** Rereads one network and its leases, after a write to it; it may be new or gone. */
  async refreshNetwork(hostId: string, uuid: string): Promise<void> {
    await this.attached(hostId).refreshNetwork(uuid.toLowerCase());
  }

  /** Rereads one machine, after a write to it; it may be gone. */
  async refreshMachine(hostId: string, uuid: string): Promise<void> {
    await this.attached(hostId).refreshMachine(uuid.toLowerCase());
  }

  /** Rereads these, and the host's interfaces and switches, after writes to them; they may be new or gone. All else follows by events. */
  async refreshItems(hostId: string, { networks, machines }: { networks: readonly string[]; machines: readonly string[] }): Promise<void> {
    await this.attached(hostId).refreshItems(networks.map((uuid) => uuid.toLowerCase()), machines.map((uuid) => uuid.toLowerCase()));
  }

  /** Both definitions as the host has them now. Rejects with `libvirt.not-found`, `host.not-connected` and what virsh says. */
  async xml(hostId: string, object: 'network' | 'machine', uuid: string): Promise<ObjectXml> {
    const { parts, runner } = this.attached(hostId);
    const key = uuid.toLowerCase();
    const record = object === 'network' ? parts.networks.get(key) : parts.machines.get(key);
    if (!record) throw new AppError('libvirt.not-found', `No such ${object}`, `The host has no ${object} ${uuid}.`);
    const dump = object === 'network' ? dumpNetworkArgv : dumpMachineArgv;
    const batch = new VirshBatch<'running' | 'persistent'>();
    if ('state' in record ? record.state !== 'shut-off' && record.state !== 'crashed' : record.active) batch.add('running', dump(key, { inactive: false }));
    if (record.persistent) batch.add('persistent', dump(key, { inactive: true }));
    const reads = await batch.run(runner);
    return { running: reads.get('running')?.stdout ?? null, persistent: reads.get('persistent')?.stdout ?? null };
  }

  /** Throws `host.not-connected`. */
  runner(hostId: string): CommandRunner {
    return this.attached(hostId).runner;
  }

  /** Returns what takes the listener away again. */
  onChanged(listener: (change: InventoryChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private attached(hostId: string): HostInventory {
    const inventory = this.hosts.get(hostId)?.inventory;
    if (!inventory) throw new AppError('host.not-connected', 'The host is not connected', 'Connect to the host first.');
    return inventory;
  }

  private release(hostId: string, entry: HostEntry): void {
    entry.inventory?.close();
    entry.inventory = null;
    if (entry.stale || !entry.snapshot) return;
    entry.stale = true;
    this.tell(hostId, entry);
  }

  private publish(hostId: string, entry: HostEntry, inventory: HostInventory): void {
    const content = assembleSnapshot(inventory.parts, inventory.runner.privilege);
    const text = JSON.stringify(content);
    const changed = text !== entry.content || !entry.snapshot;
    if (!changed && !entry.stale) return;
    if (changed) entry.revision += 1;
    entry.content = text;
    entry.stale = false;
    entry.snapshot = { hostId, revision: entry.revision, takenAt: new Date().toISOString(), ...content };
    this.tell(hostId, entry);
  }

  private tell(hostId: string, entry: HostEntry): void {
    for (const listener of [...this.listeners]) listener({ hostId, revision: entry.revision, stale: entry.stale });
  }
}
