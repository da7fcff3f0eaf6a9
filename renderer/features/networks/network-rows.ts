import type { HostSnapshot } from '../../../shared/domain/snapshot';
import { networkKindLabel } from '../../../shared/domain/network-kinds';
import type { Network } from '../../../shared/domain/network';
import { assignNetworkColours } from '../../ui/network-colour';
import { networkState } from '../../ui/state-marks';
import type { StateText } from '../../ui/state-marks';
import type { TableColumn } from '../../ui/table-rows';

/** A line of the networks table: the network with what takes counting. */
export interface NetworkRow {
  network: Network;
  colour: number | undefined;
  kind: string;
  state: StateText;
  /** Bridge, or the NICs it leaves through when it has none. */
  device: string;
  addresses: string[];
  dhcp: string;
  machineCount: number;
  leaseCount: number;
  searchText: string;
}

/** Shortens the end of a range to what differs: `192.168.122.2–.254`, `fd00::100–::1ff` stays whole. */
export function shortRange(start: string, end: string): string {
  const from = start.split('.');
  const to = end.split('.');
  if (from.length !== 4 || to.length !== 4) return `${start} – ${end}`;
  const same = from.findIndex((part, index) => part !== to[index]);
  return same <= 0 ? `${start}–${end}` : `${start}–.${to.slice(same).join('.')}`;
}

/** How many machines of the snapshot are plugged into each network, by network name. A machine counts once. */
export function countMachines(snapshot: Pick<HostSnapshot, 'machines'>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const machine of snapshot.machines) {
    for (const name of new Set(machine.nics.map((nic) => nic.network))) if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

export function buildNetworkRows(snapshot: Pick<HostSnapshot, 'networks' | 'machines'>): NetworkRow[] {
  const colours = assignNetworkColours(snapshot.networks.map((network) => network.uuid));
  const machineCounts = countMachines(snapshot);
  return snapshot.networks.map((network) => {
    const ranges = network.ips.flatMap((ip) => ip.dhcp?.ranges ?? []);
    const addresses = network.ips.map((ip) => `${ip.address}/${ip.prefix}`);
    const kind = networkKindLabel[network.kind];
    const state = networkState(network);
    const device = network.bridge?.name ?? network.forward.interfaces.join(', ');
    return {
      network, colour: colours.get(network.uuid), kind, state, device, addresses, machineCount: machineCounts.get(network.name) ?? 0, leaseCount: network.leases.length,
      dhcp: ranges[0] ? shortRange(ranges[0].start, ranges[0].end) : '',
      searchText: [network.name, network.title ?? '', network.lab?.lab ?? '', kind, state.word, device, ...addresses, ...ranges.flatMap((range) => [range.start, range.end]), ...network.portgroups.map((group) => group.name), network.uuid].join(' '),
    };
  });
}

const columns: TableColumn<NetworkRow>[] = [
  { id: 'name', label: 'Name', width: 130, grow: 3, value: (row) => row.network.name },
  { id: 'state', label: 'State', width: 110, fits: true, value: (row) => row.state.word },
  { id: 'lab', label: 'Lab', width: 80, grow: 1.5, value: (row) => row.network.lab?.lab ?? null, priority: 3.5 },
  { id: 'kind', label: 'Kind', width: 106, fits: true, value: (row) => row.kind },
  { id: 'bridge', label: 'Bridge', width: 100, mono: true, value: (row) => row.device, priority: 1 },
  { id: 'address', label: 'Address', width: 166, mono: true, value: (row) => row.addresses[0] ?? null, priority: 2 },
  { id: 'dhcp', label: 'DHCP', width: 174, mono: true, value: (row) => row.dhcp, priority: 5 },
  { id: 'autostart', label: 'Autostart', width: 80, fits: true, grow: 0.5, value: (row) => row.network.autostart, text: (row) => (row.network.autostart ? 'yes' : 'no'), isQuiet: (row) => !row.network.autostart, priority: 4 },
  { id: 'machines', label: 'Machines', width: 78, fits: true, align: 'right', value: (row) => row.machineCount, isQuiet: (row) => row.machineCount === 0, priority: 3 },
  { id: 'leases', label: 'Leases', width: 64, fits: true, align: 'right', value: (row) => row.leaseCount, isQuiet: (row) => row.leaseCount === 0, priority: 6 },
  { id: 'actions', label: '', width: 42, fits: true, grow: 0, value: () => null },
];

/** Which lab a network belongs to is a column where there are labs. */
export function networkColumns(rows: readonly NetworkRow[]): TableColumn<NetworkRow>[] {
  return rows.some((row) => row.network.lab) ? columns : columnsWithoutLabs;
}
const columnsWithoutLabs = columns.filter((column) => column.id !== 'lab');
