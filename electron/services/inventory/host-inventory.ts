import { AppError } from '../../../shared/errors/app-error';
import type { ForwardingEntry } from '../../commands/ip/list-forwarding';
import { parseLinkEvent } from '../../commands/ip/monitor';
import { isSwitchEvent } from '../../commands/ovs/monitor-switches';
import { parseMachineEvent } from '../../commands/virsh/machine-events';
import { parseNetworkEvent } from '../../commands/virsh/network-events';
import type { CommandRunner, EventLine } from '../../transport/command-runner';
import { AgentAddresses } from './agent-addresses';
import { Coalescer } from './coalescer';
import { EventFollower } from './event-follower';
import type { FollowGroup } from './event-follower';
import { applyHostFailure, applyHostReply, hostSections } from './gather-host';
import type { GatherReply, HostArea } from './gather-host';
import { emptyParts, forwardingKey, neighbourKey } from './host-parts';
import type { HostParts } from './host-parts';
import type { InventoryTiming } from './inventory-timing';
import { LeaseHints } from './lease-hints';
import { LinkNews } from './link-news';
import { endsSession, problemOf } from './problems';
import { applyLeases, leaseSections, readLeases, servesDhcp } from './read-leases';
import { readClientVersion, readLibvirt } from './read-libvirt';
import type { Wanted } from './read-libvirt';

type LibvirtItem = `${'network' | 'machine'} ${string}`;
const everything = '*';
const allAreas: readonly HostArea[] = ['system', 'interfaces', 'neighbours', 'ovs'];

/** Reads one host over one session and keeps `parts` true by following its events. */
export class HostInventory {
  readonly parts: HostParts = emptyParts();
  private readonly hostLane: Coalescer<HostArea>;
  private readonly libvirtLane: Coalescer<LibvirtItem>;
  private readonly leaseLane: Coalescer<string>;
  private readonly publishLane: Coalescer<'publish'>;
  private readonly follower: EventFollower;
  private readonly hints: LeaseHints;
  private readonly agents: AgentAddresses;
  private readonly news = new LinkNews();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly endings = new Map<string, { at: number; count: number }>();
  private recoveries = 0;
  private losses = 0;
  private clockAheadMs = 0;
  private closed = false;

  /** `onRead` is called whenever `parts` may have changed. */
  constructor(readonly runner: CommandRunner, private readonly onRead: () => void, private readonly timing: InventoryTiming) {
    const onError = (error: unknown): void => this.failed(error);
    this.hostLane = new Coalescer(timing.debounceMs, (areas) => this.readHost(areas), onError);
    this.libvirtLane = new Coalescer(timing.debounceMs, (items) => this.rereadLibvirt(items), onError);
    this.leaseLane = new Coalescer(timing.debounceMs, (uuids) => this.rereadLeases(uuids), onError);
    this.publishLane = new Coalescer(timing.debounceMs, () => Promise.resolve(this.onRead()), onError);
    this.follower = new EventFollower(runner, { onLine: (line) => this.take(line), onLost: () => this.takeLoss() });
    this.hints = new LeaseHints(() => this.parts, (uuid) => this.leaseLane.request(uuid), () => this.clockAheadMs, timing.leaseFollowUpMs);
    this.agents = new AgentAddresses(runner, () => this.parts, () => this.publishLane.request('publish'));
  }

  /** The first full read: gather and virsh at once. Rejects only when the session ends meanwhile. Events are followed afterwards. */
  async open(): Promise<void> {
    const areas = new Set(allAreas);
    const [reply] = await Promise.all([
      this.gather([...allAreas.flatMap((area) => hostSections[area]), ...leaseSections], areas),
      readLibvirt(this.runner, this.parts, 'all', 'all'),
    ]);
    if (reply) applyHostReply(this.parts, areas, reply);
    await this.takeLeases(applyLeases(this.runner, this.parts, 'all', reply ?? new Map()));
    if (this.parts.problems.has('libvirt')) await readClientVersion(this.runner, this.parts);
    if (this.closed) throw new AppError('cancelled', 'Stopped', 'Reading the host was stopped.');
    this.follow();
    this.recoverLibvirt();
    this.agents.look();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    const error = new AppError('host.not-connected', 'The host is not connected', 'The session ended while the host was being read.');
    for (const lane of [this.hostLane, this.libvirtLane, this.leaseLane, this.publishLane]) lane.close(error);
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    this.hints.close();
    this.agents.close();
    this.follower.close().catch((reason: unknown) => this.failed(reason));
  }

  /** `quiet`: what emits no event: leases, autostart, XML changed by `net-update`, links set down. */
  async refresh(scope: 'all' | 'quiet'): Promise<void> {
    await Promise.all([
      this.libvirtLane.requestAndWait(`network ${everything}`, `machine ${everything}`),
      scope === 'all' ? this.hostLane.requestAndWait(...allAreas) : Promise.resolve(),
    ]);
    await this.leaseLane.requestAndWait(everything);
  }

  /** After a write to it. */
  async refreshNetwork(uuid: string): Promise<void> {
    await this.libvirtLane.requestAndWait(`network ${uuid}`);
    await this.leaseLane.requestAndWait(uuid);
  }

  /** After a write to it. */
  async refreshMachine(uuid: string): Promise<void> {
    await this.libvirtLane.requestAndWait(`machine ${uuid}`);
  }

  /** After writes to them. */
  async refreshItems(networks: readonly string[], machines: readonly string[]): Promise<void> {
    await Promise.all([
      this.libvirtLane.requestAndWait(...networks.map((uuid): LibvirtItem => `network ${uuid}`), ...machines.map((uuid): LibvirtItem => `machine ${uuid}`)),
      this.hostLane.requestAndWait('interfaces', 'ovs'),
    ]);
  }

  private async gather(sections: Parameters<CommandRunner['gather']>[0], areas: ReadonlySet<HostArea>): Promise<GatherReply | null> {
    try {
      return await this.runner.gather(sections);
    } catch (error) {
      if (endsSession(error)) throw error;
      applyHostFailure(this.parts, areas, error);
      return null;
    }
  }

  private async readHost(areas: ReadonlySet<HostArea>): Promise<void> {
    const reply = await this.gather([...areas].flatMap((area) => hostSections[area]), areas);
    if (reply) applyHostReply(this.parts, areas, reply);
    this.afterRead();
  }

  private async rereadLibvirt(items: ReadonlySet<LibvirtItem>): Promise<void> {
    const networks = wantedOf(items, 'network');
    await readLibvirt(this.runner, this.parts, networks, wantedOf(items, 'machine'));
    for (const [uuid, record] of this.parts.networks) {
      if (!record.active) this.parts.leases.delete(uuid);
      else if (servesDhcp(record.definition) && (!this.parts.leases.has(uuid) || (networks !== 'all' && networks !== 'none' && networks.has(uuid)))) {
        this.leaseLane.request(uuid);
      }
    }
    this.afterRead();
  }

  private async rereadLeases(uuids: ReadonlySet<string>): Promise<void> {
    await this.takeLeases(readLeases(this.runner, this.parts, uuids.has(everything) ? 'all' : uuids));
    this.afterRead();
  }

  private async takeLeases(read: ReturnType<typeof readLeases>): Promise<void> {
    const { clockAheadMs } = await read;
    if (clockAheadMs !== null) this.clockAheadMs = clockAheadMs;
  }

  private afterRead(): void {
    if (this.closed) return;
    this.onRead();
    this.follow();
    this.recoverLibvirt();
    this.agents.look();
  }

  /** Follows whatever could be read so far, and rereads once when that has begun: changes in between had no listener. */
  private follow(): void {
    const groups = new Set<FollowGroup>();
    if (!this.parts.problems.has('interfaces')) groups.add('links');
    if (!this.parts.problems.has('libvirt')) groups.add('libvirt');
    if (!this.parts.problems.has('ovs')) groups.add('ovs');
    if (this.timers.has('refollow')) return;
    this.follower.follow(groups).then((opened) => {
      if (opened) this.later('settle', this.timing.settleMs, () => this.settle());
    }, (error: unknown) => {
      if (this.closed || endsSession(error)) return;
      this.notFollowed(problemOf('system', error).detail);
    });
  }

  private settle(): void {
    this.losses = 0;
    this.parts.problems.delete('events');
    this.rereadAll();
  }

  /** Without a channel there are no events: said openly, and tried again now and then. */
  private takeLoss(): void {
    const wasFollowed = !this.parts.problems.has('events') && !this.timers.has('settle');
    this.cancel('settle');
    this.notFollowed('The server has no channel to spare for them, or ended it.');
    if (wasFollowed) this.rereadAll();
    const delays = this.timing.refollowMs;
    const delayMs = delays[Math.min(this.losses, delays.length - 1)] ?? 60_000;
    this.losses += 1;
    this.later('refollow', delayMs, () => this.follow());
  }

  private notFollowed(why: string): void {
    this.parts.problems.set('events', {
      area: 'system', code: 'ssh.channel-refused', title: 'Changes on this host are not seen by themselves',
      detail: `Its events can't be followed. ${why}`, hint: 'Refresh by hand to see what changed.',
    });
    this.onRead();
  }

  private rereadAll(): void {
    this.libvirtLane.request(`network ${everything}`, `machine ${everything}`);
    this.hostLane.request('interfaces', 'neighbours', 'ovs');
    this.leaseLane.request(everything);
  }

  /** A libvirt that doesn't answer says nothing when it is back: it is tried again for a minute, and at each change of links. */
  private recoverLibvirt(): void {
    if (!this.libvirtSleeps()) {
      this.recoveries = 0;
      return;
    }
    const delayMs = this.timing.recoverMs[this.recoveries];
    if (delayMs === undefined || this.timers.has('recover')) return;
    this.later('recover', delayMs, () => {
      this.recoveries += 1;
      this.libvirtLane.request(`network ${everything}`, `machine ${everything}`);
    });
  }

  private libvirtSleeps(): boolean {
    return ['libvirt', 'networks', 'machines'].some((key) =>
      ['libvirt.not-running', 'virsh.gone', 'command.timeout'].includes(this.parts.problems.get(key)?.code ?? ''));
  }

  private take({ source, text }: EventLine): void {
    if (text === null) return this.takeEnding(source);
    if (source === 'network') return this.takeNetworkEvent(text);
    if (source === 'machine') return this.takeMachineEvent(text);
    if (source === 'link') return this.takeLinkEvent(text);
    if (isSwitchEvent(text)) this.hostLane.request('ovs');
  }

  /**
   * The tool died, and is started again after a pause; what happens until then is unknown. So its area is read now (less
   * often when it dies again and again), and once more when it must be back.
   */
  private takeEnding(source: string): void {
    const now = Date.now();
    const before = this.endings.get(source);
    const count = before && now - before.at < this.timing.calmMs ? before.count + 1 : 0;
    this.endings.set(source, { at: now, count });
    const delayMs = count === 0 ? 0 : Math.min(this.timing.calmMs, this.timing.debounceMs * 2 ** Math.min(count, 16));
    this.later(`ending ${source}`, delayMs, () => this.rereadOf(source));
    this.timing.restartMs.forEach((restartMs, index) => {
      this.cancel(`restart ${index} ${source}`);
      this.later(`restart ${index} ${source}`, restartMs, () => this.rereadOf(source));
    });
  }

  private rereadOf(source: string): void {
    if (source === 'network') this.libvirtLane.request(`network ${everything}`);
    else if (source === 'machine') this.libvirtLane.request(`machine ${everything}`);
    else if (source === 'link') this.hostLane.request('interfaces', 'neighbours');
    else this.hostLane.request('ovs');
  }

  private takeNetworkEvent(text: string): void {
    const name = parseNetworkEvent(text);
    if (name === null) return;
    // A name that is new here is found by the lists.
    this.libvirtLane.request(`network ${uuidOf(this.parts.networks, name)}`);
  }

  private takeMachineEvent(text: string): void {
    const event = parseMachineEvent(text);
    if (event?.changesSnapshot) this.libvirtLane.request(`machine ${uuidOf(this.parts.machines, event.name)}`);
  }

  private takeLinkEvent(text: string): void {
    const event = parseLinkEvent(text);
    if (event.kind === 'forwarding') return this.takeForwarding(event.entry, event.gone);
    if (event.kind !== 'neighbour') {
      // While a reread is under way, what is known is not yet what the host has: then everything is news.
      const news = this.news.isNews(event, text, this.parts);
      if (event.kind === 'nothing' || (!news && !this.hostLane.busy)) return;
      this.hostLane.request('interfaces');
      // Daemons that start make bridges.
      if (this.parts.problems.get('ovs')?.code === 'ovs.not-running') this.hostLane.request('ovs');
      if (this.libvirtSleeps()) this.libvirtLane.request(`network ${everything}`, `machine ${everything}`);
      return;
    }
    const key = neighbourKey(event.device, event.address);
    const known = this.parts.neighbours.get(key)?.mac ?? null;
    if (event.mac === null) this.parts.neighbours.delete(key);
    else this.parts.neighbours.set(key, { address: event.address, device: event.device, mac: event.mac });
    if (event.mac !== known) this.publishLane.request('publish');
    if (event.mac !== null) this.hints.seen(event.device, event.address, event.mac, event.mac !== known);
  }

  /** A LAN's bridge hears hundreds of strangers; only machines of this host are news. */
  private takeForwarding(entry: ForwardingEntry, gone: boolean): void {
    const key = forwardingKey(entry);
    if (this.parts.forwarding.has(key) !== gone) return;
    if (gone) this.parts.forwarding.delete(key);
    else this.parts.forwarding.set(key, entry);
    const isOurs = [...this.parts.machines.values()].some(({ definition }) => definition.nics.some((nic) => nic.mac === entry.mac));
    if (isOurs) this.publishLane.request('publish');
  }

  /** One timer a name; the earlier one stands. */
  private later(name: string, delayMs: number, act: () => void): void {
    if (this.closed || this.timers.has(name)) return;
    this.timers.set(name, setTimeout(() => {
      this.timers.delete(name);
      act();
    }, delayMs));
  }

  private cancel(name: string): void {
    clearTimeout(this.timers.get(name));
    this.timers.delete(name);
  }

  /** Reads turn what they meet into problems; this is for what nobody foresaw. */
  private failed(error: unknown): void {
    if (this.closed || endsSession(error)) return;
    this.parts.problems.set('internal', problemOf('system', error));
    this.onRead();
  }
}

function wantedOf(items: ReadonlySet<LibvirtItem>, sort: 'network' | 'machine'): Wanted {
  const uuids = [...items].filter((item) => item.startsWith(`${sort} `)).map((item) => item.slice(sort.length + 1));
  if (uuids.length === 0) return 'none';
  return uuids.includes(everything) ? 'all' : new Set(uuids.filter((uuid) => uuid !== ''));
}

/** Empty when no such name is known: then only the lists are read, and what they show to be new. */
function uuidOf(records: ReadonlyMap<string, { definition: { name: string } }>, name: string): string {
  for (const [uuid, record] of records) if (record.definition.name === name) return uuid;
  return '';
}
