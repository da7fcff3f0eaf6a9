import { isOn } from '../../../shared/domain/machine-state';
import type { Machine, MachineNic } from '../../../shared/domain/machine';
import type { Network } from '../../../shared/domain/network';
import type { HostProblem, HostSnapshot, Privilege } from '../../../shared/domain/snapshot';
import type { AgentAddress } from '../../commands/virsh/agent-addresses';
import type { ForwardingEntry } from '../../commands/ip/list-forwarding';
import type { Neighbour } from '../../commands/ip/list-neighbours';
import type { HostParts, MachineRecord } from './host-parts';

export type SnapshotContent = Omit<HostSnapshot, 'hostId' | 'revision' | 'takenAt'>;

const areas: readonly HostProblem['area'][] = ['privilege', 'libvirt', 'ovs', 'interfaces', 'system'];

const readOnlyProblem: HostProblem = {
  area: 'privilege', code: 'auth.no-privilege', title: 'This user may only look',
  detail: 'libvirt lets this user read networks and machines, not change them.',
  hint: 'Add the user to group “libvirt” on the host and log in again, or use sudo.',
};

/** Puts the parts together; pure. What belongs to several parts (addresses of machines) is joined here. */
export function assembleSnapshot(parts: HostParts, privilege: Privilege): SnapshotContent {
  const networks = [...parts.networks].map(([uuid, record]): Network => ({
    ...record.definition,
    uuid,
    active: record.active,
    autostart: record.autostart,
    persistent: record.persistent,
    leases: record.active ? parts.leases.get(uuid) ?? [] : [],
    pendingRestart: record.pendingRestart,
  })).sort(byName);
  const byNetworkName = new Map(networks.map((network) => [network.name, network]));
  const byMac = new Map<string, Neighbour[]>();
  for (const neighbour of parts.neighbours.values()) byMac.set(neighbour.mac, [...byMac.get(neighbour.mac) ?? [], neighbour]);
  const heard = new Map<string, ForwardingEntry[]>();
  for (const entry of parts.forwarding.values()) heard.set(entry.mac, [...heard.get(entry.mac) ?? [], entry]);
  const bridgeOf = (port: string): string | null => parts.interfaces.find((device) => device.name === port)?.controller ?? null;
  const machines = [...parts.machines].map(([uuid, record]): Machine => ({
    ...record.definition,
    uuid,
    state: record.state,
    autostart: record.autostart,
    persistent: record.persistent,
    nics: record.definition.nics.map((nic) => completeNic(nic, record, nic.network === null ? null : byNetworkName.get(nic.network) ?? null, byMac, parts.agentAddresses.get(uuid) ?? []))
      .map((nic) => ({ ...nic, seenOn: isOn(record) ? placeSeen(nic, heard.get(nic.mac) ?? [], bridgeOf) : null })),
  })).sort(byName);
  const problems = [...parts.problems.values(), ...(privilege === 'read-only' ? [readOnlyProblem] : [])];
  return {
    system: parts.system,
    privilege,
    networks,
    machines,
    interfaces: parts.interfaces,
    routes: parts.routes,
    ovsBridges: parts.ovsBridges,
    problems: problems.sort((a, b) => areas.indexOf(a.area) - areas.indexOf(b.area) || (a.detail < b.detail ? -1 : 1)),
  };
}

/** Bridge and addresses from what else is known. Leases, neighbours and what agents said only count while the machine is on. */
function completeNic(nic: MachineNic, machine: MachineRecord, network: Network | null, byMac: ReadonlyMap<string, Neighbour[]>, said: readonly AgentAddress[]): MachineNic {
  const addresses: MachineNic['addresses'] = [];
  const add = (entry: MachineNic['addresses'][number]): void => {
    if (!addresses.some((known) => known.address === entry.address)) addresses.push(entry);
  };
  if (isOn(machine)) {
    for (const lease of network?.leases ?? []) {
      if (lease.mac === nic.mac) add({ address: lease.address, source: 'lease', expiresAt: lease.expiresAt });
    }
    for (const { mac, address } of said) if (mac === nic.mac) add({ address, source: 'agent', expiresAt: null });
    const seen = [...byMac.get(nic.mac) ?? []].sort((a, b) => (a.address < b.address ? -1 : 1));
    for (const neighbour of seen) {
      if (!/^fe[89ab]/.test(neighbour.address)) add({ address: neighbour.address, source: 'arp', expiresAt: null });
    }
  }
  for (const { mac, address } of machine.definition.labRouter?.addresses ?? []) if (mac === nic.mac) add({ address, source: 'definition', expiresAt: null });
  for (const host of network?.ips.flatMap((ip) => ip.dhcp?.hosts ?? []) ?? []) {
    if (host.mac?.toLowerCase() === nic.mac && host.ip !== undefined) add({ address: host.ip, source: 'static-lease', expiresAt: null });
  }
  return { ...nic, bridge: nic.bridge ?? network?.bridge?.name ?? null, addresses };
}

/** Another port than its own tap comes first: it is the one to be told. */
function placeSeen({ target }: MachineNic, entries: readonly ForwardingEntry[], bridgeOf: (port: string) => string | null): MachineNic['seenOn'] {
  const places = entries.flatMap(({ port }) => { const bridge = bridgeOf(port); return bridge === null ? [] : [{ port, bridge }]; });
  return places.find(({ port }) => port !== target) ?? places[0] ?? null;
}

function byName(a: { name: string; uuid: string }, b: { name: string; uuid: string }): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.uuid < b.uuid ? -1 : 1;
}
