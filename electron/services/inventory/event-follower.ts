import type { EventSource } from '../../commands/command';
import { followLinks } from '../../commands/ip/monitor';
import { followSwitches } from '../../commands/ovs/monitor-switches';
import { followMachines } from '../../commands/virsh/machine-events';
import { followNetworks } from '../../commands/virsh/network-events';
import type { CommandRunner, EventLine, FollowHandle } from '../../transport/command-runner';

/** What can be followed together; a part of the host that can't be read isn't followed either. */
export type FollowGroup = 'links' | 'libvirt' | 'ovs';

export interface FollowListener {
  onLine: (line: EventLine) => void;
  /** The channel itself is gone, or there was none to be had: nothing is followed until `follow` is called again. */
  onLost: () => void;
}

/**
 * Keeps one event channel open that follows the groups asked for so far. When a group is added, the new channel opens
 * before the old one closes, so no event is lost; the same one twice harms nothing.
 */
export class EventFollower {
  private groups: ReadonlySet<FollowGroup> = new Set();
  private handle: FollowHandle | null = null;
  private pending: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(private readonly runner: CommandRunner, private readonly listener: FollowListener) {}

  /** Resolves to true when a channel was opened for groups that were not followed before. */
  follow(wanted: ReadonlySet<FollowGroup>): Promise<boolean> {
    const opened = this.pending.then(() => this.open(wanted));
    this.pending = opened.then(() => undefined, () => undefined);
    return opened;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.pending;
    await this.handle?.close();
    this.handle = null;
  }

  private async open(wanted: ReadonlySet<FollowGroup>): Promise<boolean> {
    const groups = new Set([...this.groups, ...wanted]);
    if (this.closed || groups.size === this.groups.size) return false;
    const sources = this.sourcesOf(groups);
    const former = this.handle;
    let lost = false;
    const handle = await this.runner.follow(sources, this.receive(sources.length, () => {
      lost = true;
      if (this.handle === handle) this.lose();
    }));
    this.handle = handle;
    this.groups = groups;
    if (lost) this.lose();
    await former?.close();
    return !lost;
  }

  private lose(): void {
    this.handle = null;
    this.groups = new Set();
    if (!this.closed) this.listener.onLost();
  }

  /** A tool that ended is one line; all of them in one go are the end of the channel. */
  private receive(sourceCount: number, onLost: () => void): (line: EventLine) => void {
    let endings: EventLine[] = [];
    const sort = (): void => {
      const ended = endings;
      endings = [];
      if (this.closed) return;
      if (new Set(ended.map((line) => line.source)).size === sourceCount && sourceCount > 1) onLost();
      else for (const line of ended) this.listener.onLine(line);
    };
    return (line) => {
      if (this.closed) return;
      if (line.text !== null) this.listener.onLine(line);
      else if (endings.push(line) === 1) queueMicrotask(sort);
    };
  }

  private sourcesOf(groups: ReadonlySet<FollowGroup>): EventSource[] {
    return [
      ...(groups.has('libvirt') ? [followNetworks(this.runner.privilege), followMachines(this.runner.privilege)] : []),
      ...(groups.has('links') ? [followLinks] : []),
      ...(groups.has('ovs') ? followSwitches : []),
    ];
  }
}
