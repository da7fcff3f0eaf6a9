import type { Machine, MachineNic } from '../../../shared/domain/machine';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import { assignNetworkColours } from '../../ui/network-colour';
import { machineStateText } from '../../ui/state-marks';
import type { StateText } from '../../ui/state-marks';
import type { TableColumn } from '../../ui/table-rows';
import { describePending } from './nic-extent';

/** A line of the machines table: one NIC of a machine, or a machine without any. */
export interface MachineRow {
  key: string;
  machine: Machine;
  nic: MachineNic | null;
  nicIndex: number;
  state: StateText;
  /** What the NIC is plugged into: network with port group, bridge, or host device. */
  plug: { name: string; colour: number | undefined; detail: string };
  /** How it is after the machine's next boot, in few words; null when as now. */
  pending: string | null;
  /** IPv4 first, with where each is known from. */
  addresses: { address: string; source: string; said: string }[];
  searchText: string;
}

const sourceWords: Record<MachineNic['addresses'][number]['source'], string> = {
  lease: 'from its DHCP lease', arp: 'seen by ARP', agent: 'said by the guest agent', 'static-lease': 'reserved for it', definition: 'as its lab has it',
};

/** The same beside an address in a table. */
const sourceNames: typeof sourceWords = { lease: 'lease', arp: 'ARP', agent: 'agent', 'static-lease': 'reserved', definition: 'lab' };

/** Where an address is known from, in words. */
export const describeSource = (source: MachineNic['addresses'][number]['source']): string => sourceWords[source];

/** Addresses people look for first: IPv4, then global IPv6, then link-local. */
export function orderAddresses(addresses: MachineNic['addresses']): MachineNic['addresses'] {
  const rank = (address: string): number => (!address.includes(':') ? 0 : address.toLowerCase().startsWith('fe80') ? 2 : 1);
  if (addresses.length < 2) return addresses;
  return [...addresses].sort((a, b) => rank(a.address) - rank(b.address));
}

export function describePlug(nic: MachineNic, colours: ReadonlyMap<string, number>): MachineRow['plug'] {
  if (nic.network !== null) return { name: nic.network, colour: colours.get(nic.network), detail: nic.portgroup ?? '' };
  if (nic.bridge !== null) return { name: nic.bridge, colour: undefined, detail: 'bridge' };
  if (nic.hostDevice !== null) return { name: nic.hostDevice, colour: undefined, detail: nic.type === 'hostdev' ? 'device' : 'macvtap' };
  return { name: nic.type, colour: undefined, detail: '' };
}

/** Colours by network name, as machines refer to networks. */
export function coloursByName(snapshot: Pick<HostSnapshot, 'networks'>): Map<string, number> {
  const colours = assignNetworkColours(snapshot.networks.map((network) => network.uuid));
  return new Map(snapshot.networks.flatMap((network) => { const colour = colours.get(network.uuid); return colour === undefined ? [] : [[network.name, colour] as const]; }));
}

export function buildMachineRows(snapshot: Pick<HostSnapshot, 'networks' | 'machines'>): MachineRow[] {
  const colours = coloursByName(snapshot);
  return snapshot.machines.flatMap((machine): MachineRow[] => {
    const state = machineStateText(machine.state);
    const own = [machine.name, machine.title ?? '', state.word, machine.uuid];
    if (machine.nics.length === 0) {
      return [{ key: machine.uuid, machine, nic: null, nicIndex: 0, state, plug: { name: '', colour: undefined, detail: '' }, pending: null, addresses: [], searchText: own.join(' ') }];
    }
    return machine.nics.map((nic, nicIndex) => {
      const plug = describePlug(nic, colours);
      const pending = describePending(nic);
      const addresses = orderAddresses(nic.addresses).map((entry) => ({ address: entry.address, source: sourceNames[entry.source], said: `${entry.address}, ${describeSource(entry.source)}` }));
      return {
        key: `${machine.uuid}/${nicIndex}`, machine, nic, nicIndex, state, plug, pending, addresses,
        searchText: [...own, plug.name, plug.detail, nic.bridge ?? '', nic.mac, nic.model ?? '', nic.target ?? '', pending ?? '', ...addresses.map((entry) => entry.address)].join(' '),
      };
    });
  });
}

export const machineColumns: TableColumn<MachineRow>[] = [
  { id: 'name', label: 'Machine', width: 140, grow: 3, value: (row) => row.machine.name },
  { id: 'state', label: 'State', width: 112, fits: true, value: (row) => row.state.word },
  { id: 'network', label: 'Plugged into', width: 190, grow: 2, value: (row) => row.plug.name },
  { id: 'address', label: 'Address', width: 204, value: (row) => row.addresses[0]?.address ?? null },
  { id: 'mac', label: 'MAC', width: 148, fits: true, mono: true, value: (row) => row.nic?.mac ?? null, priority: 1 },
  { id: 'link', label: 'Link', width: 76, fits: true, value: (row) => row.nic?.link ?? null, priority: 2 },
  { id: 'model', label: 'Model', width: 80, mono: true, value: (row) => row.nic?.model ?? null, priority: 3 },
  { id: 'target', label: 'Tap', width: 84, mono: true, value: (row) => row.nic?.target ?? null, priority: 4 },
  { id: 'actions', label: '', width: 42, fits: true, grow: 0, value: () => null },
];
