import type { Lease, Network } from '../../../shared/domain/network';
import type { GatherSection } from '../../commands/command';
import { clockArgv, parseClock } from '../../commands/system/clock';
import type { HostClock } from '../../commands/system/clock';
import { leaseStatusArgv, leaseStatusPath, parseLeaseStatus, splitLeaseStatus } from '../../commands/virsh/lease-status';
import { networkLeasesArgv, parseNetworkLeases } from '../../commands/virsh/network-leases';
import type { CommandRunner } from '../../transport/command-runner';
import type { GatherReply } from './gather-host';
import type { HostParts, NetworkRecord } from './host-parts';
import { endsSession, problemOf } from './problems';
import { VirshBatch } from './virsh-batch';

export const leaseSections: readonly GatherSection[] = [
  { name: 'clock', command: { kind: 'argv', argv: clockArgv } },
  { name: 'lease-files', command: { kind: 'argv', argv: leaseStatusArgv } },
];

export interface LeaseRead {
  /** Milliseconds that the host's clock is ahead of this computer's. */
  clockAheadMs: number | null;
}

/** Does its dnsmasq hand out addresses, of this family or of any? */
export function servesDhcp(network: Pick<Network, 'ips'>, family?: Lease['family']): boolean {
  return network.ips.some((ip) => ip.dhcp !== null && (family === undefined || ip.family === family));
}

/** Reads the leases of these networks anew: one round trip, a second one only where the lease files can't be read. */
export async function readLeases(runner: CommandRunner, parts: HostParts, wanted: 'all' | ReadonlySet<string>): Promise<LeaseRead> {
  if (leasingNetworks(parts, wanted).length === 0) return { clockAheadMs: null };
  const reply: GatherReply = await runner.gather(leaseSections).catch((error: unknown) => {
    if (endsSession(error)) throw error;
    return new Map();
  });
  return applyLeases(runner, parts, wanted, reply);
}

/** Puts the lease files of a reply into the parts, and asks virsh for those that it lacks. Rejects when the session ended. */
export async function applyLeases(runner: CommandRunner, parts: HostParts, wanted: 'all' | ReadonlySet<string>, reply: GatherReply): Promise<LeaseRead> {
  const clock = parseClock(reply.get('clock')?.stdout ?? '');
  const answer = reply.get('lease-files');
  const files = answer ? splitLeaseStatus(answer) : null;
  const byTable = new VirshBatch<string>();
  for (const [uuid, record] of leasingNetworks(parts, wanted)) {
    const bridge = record.definition.bridge!.name;
    const leases = clock === null || files === null ? null : fromFile(files.get(bridge) ?? '', bridge, record, clock);
    if (leases) setLeases(parts, uuid, leases);
    else byTable.add(uuid, networkLeasesArgv(uuid));
  }
  if (byTable.size > 0) await readTables(runner, parts, byTable, clock);
  return { clockAheadMs: clock === null ? null : clock.epochSeconds * 1000 - Date.now() };
}

function leasingNetworks(parts: HostParts, wanted: 'all' | ReadonlySet<string>): [string, NetworkRecord][] {
  return [...parts.networks].filter(([uuid, record]) =>
    record.active && record.definition.bridge !== null && servesDhcp(record.definition) && (wanted === 'all' || wanted.has(uuid)));
}

function fromFile(content: string, bridge: string, record: NetworkRecord, clock: HostClock): Lease[] | null {
  try {
    return parseLeaseStatus(leaseStatusPath(bridge), content, record.definition.ips, clock.epochSeconds);
  } catch {
    // dnsmasq's helper may be writing it just now: virsh reads it under libvirt's rules.
    return null;
  }
}

async function readTables(runner: CommandRunner, parts: HostParts, batch: VirshBatch<string>, clock: HostClock | null): Promise<void> {
  try {
    for (const [uuid, read] of await batch.run(runner)) {
      try {
        setLeases(parts, uuid, parseNetworkLeases(read.stdout, clock?.utcOffsetMinutes ?? 0));
        parts.problems.delete(`leases ${uuid}`);
      } catch (error) {
        const problem = problemOf('libvirt', error);
        // A network that was stopped meanwhile has no leases, which is no problem.
        if (problem.code === 'libvirt.not-found' || problem.code === 'libvirt.not-active') continue;
        parts.problems.set(`leases ${uuid}`, { ...problem, title: 'Leases of a network can\'t be read', detail: `Network ${uuid}: ${problem.detail}` });
      }
    }
  } catch (error) {
    if (endsSession(error)) throw error;
    parts.problems.set('libvirt', problemOf('libvirt', error));
  }
}

function setLeases(parts: HostParts, uuid: string, leases: Lease[]): void {
  parts.leases.set(uuid, leases.sort((a, b) => (a.family + a.address < b.family + b.address ? -1 : 1)));
  parts.problems.delete(`leases ${uuid}`);
}
