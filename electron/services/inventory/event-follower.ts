import type { EventSource } from '../../commands/command';
import { followLinks } from '../../commands/ip/monitor';
import { followSwitches } from '../../commands/ovs/monitor-switches';
import { followMachines } from '../../commands/virsh/machine-events';
import { followNetworks } from '../../commands/virsh/network-events';
import type { CommandRunner, EventLine, FollowHandle } from '../../transport/command-runner';

/** What can be followed together; a part of the host that can't be read isn't followed either. */
export type FollowGroup = 'links' | 'libvirt' | 'ovs';

/**
 * Keeps one event channel open that follows the groups asked for so far. When a group is added, the new channel opens
 * before the old one closes, so no event is lost; the same one twice harms nothing.
 */
export class EventFollower {
  private groups: ReadonlySet<FollowGroup> = new Set();
  private handle: FollowHandle | null = null;
  private pending: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(private readonly runner: CommandRunner, private readonly onLine: (line: EventLine) => void) {}

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
    const handle = await this.runner.follow(this.sourcesOf(groups), (line) => {
      if (!this.closed) this.onLine(line);
    });
    const former = this.handle;
    this.handle = handle;
    this.groups = groups;
    await former?.close();
    return true;
  }

  private sourcesOf(groups: ReadonlySet<FollowGroup>): EventSource[] {
    return [
      ...(groups.has('libvirt') ? [followNetworks(this.runner.privilege), followMachines(this.runner.privilege)] : []),
      ...(groups.has('links') ? [followLinks] : []),
      ...(groups.has('ovs') ? followSwitches : []),
    ];
  }
}
