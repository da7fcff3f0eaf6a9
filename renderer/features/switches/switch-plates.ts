import { isOwnVeth, isUp } from '../../../shared/domain/interface-state';
import type { HostInterface, InterfaceKind, OvsBridge, OvsPort, Route } from '../../../shared/domain/host-network';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import { assignNetworkColours } from '../../ui/network-colour';

export type SocketLink = 'on' | 'off' | 'bad';

/** One socket of a faceplate. */
export interface PlateSocket {
  name: string;
  link: SocketLink;
  /** Who is at the other end of the cable: a machine, a NIC, a container. */
  end: string;
  /** VLAN tag or trunk, where the switch has them. */
  vlan: string;
  /** What Open vSwitch says is wrong with the port. */
  problem: string;
}

/** A bridge or switch as the page shows it. */
export interface SwitchPlate {
  key: string;
  kind: 'bridge' | 'ovs';
  name: string;
  /** Beside the name: the network it carries, or its own kind. */
  note: string;
  networks: { uuid: string; name: string; colour: number | undefined }[];
  addresses: string[];
  sockets: PlateSocket[];
  problem: string | null;
}

const kindWords: Record<InterfaceKind, string> = {
  physical: 'NIC', wireless: 'Wi-Fi', loopback: 'loopback', bridge: 'bridge', bond: 'bond', vlan: 'VLAN', tap: 'tap', tun: 'tunnel', veth: 'veth', macvlan: 'macvlan', macvtap: 'macvtap',
  wireguard: 'WireGuard', vxlan: 'VXLAN', dummy: 'dummy', ovs: 'Open vSwitch', other: 'other',
};
export const describeInterfaceKind = (kind: InterfaceKind): string => kindWords[kind];

/** Link as a light shows it. */
export function linkOf(device: Pick<HostInterface, 'adminUp' | 'operState'>): SocketLink {
  return isUp(device) ? 'on' : 'off';
}

/** "up", "down", "switched off". */
export function linkWord(device: Pick<HostInterface, 'adminUp' | 'operState'>): string {
  if (!device.adminUp) return 'switched off';
  return isUp(device) ? 'up' : 'no link';
}

/** Machines by the name of their tap on the host. */
export function machinesByTap(snapshot: Pick<HostSnapshot, 'machines'>): Map<string, string> {
  return new Map(snapshot.machines.flatMap((machine) => machine.nics.flatMap((nic) => (nic.target ? [[nic.target, machine.name] as const] : []))));
}

/** "VLAN 20", "trunk 20, 30, native 1", "all VLANs"; see vlan_mode in ovs-vswitchd.conf.db(5). */
export function describePortVlan(port: Pick<OvsPort, 'tag' | 'trunks' | 'vlanMode'>): string {
  const isNative = port.vlanMode?.startsWith('native') ?? false;
  if (port.tag !== null && !isNative) return `VLAN ${port.tag}`;
  const trunk = port.trunks.length > 0 ? `trunk ${port.trunks.join(', ')}` : 'all VLANs';
  return port.tag !== null ? `${trunk}, native ${port.tag}` : trunk;
}

function portProblem(port: OvsPort): string {
  return port.interfaces.map((entry) => entry.error).find((error) => error !== null) ?? '';
}

function portLink(port: OvsPort): SocketLink {
  if (portProblem(port)) return 'bad';
  return port.interfaces.some((entry) => entry.linkState === 'up') ? 'on' : 'off';
}

/** Switches of the host: those with networks or NICs, those of Open vSwitch, then those of other programs. */
export function buildPlates(snapshot: HostSnapshot): SwitchPlate[] {
  const colours = assignNetworkColours(snapshot.networks.map((network) => network.uuid));
  const machines = machinesByTap(snapshot);
  const networksOn = (name: string): SwitchPlate['networks'] => snapshot.networks.filter((network) => network.bridge?.name === name).map((network) => ({ uuid: network.uuid, name: network.name, colour: colours.get(network.uuid) }));
  const addressesOf = (name: string): string[] => (snapshot.interfaces.find((entry) => entry.name === name)?.addresses ?? []).filter((entry) => entry.scope !== 'link').map((entry) => `${entry.address}/${entry.prefix}`);
  const endOf = (name: string): string => {
    const machine = machines.get(name);
    if (machine) return machine;
    const device = snapshot.interfaces.find((entry) => entry.name === name);
    return device ? describeInterfaceKind(device.kind) : '';
  };
  const bridges = snapshot.interfaces.filter((entry) => entry.kind === 'bridge').map((bridge): SwitchPlate => {
    const networks = networksOn(bridge.name);
    const uplinks = snapshot.interfaces.filter((entry) => entry.controller === bridge.name && entry.kind !== 'tap' && entry.kind !== 'veth').map((entry) => entry.name);
    return {
      key: `bridge/${bridge.name}`, kind: 'bridge', name: bridge.name, networks, addresses: addressesOf(bridge.name), problem: null,
      note: [...uplinks, ...networks.map((network) => network.name)].join(' · ') || ownerOf(bridge.name),
      sockets: snapshot.interfaces.filter((entry) => entry.controller === bridge.name).map((entry) => ({ name: entry.name, link: linkOf(entry), end: endOf(entry.name), vlan: '', problem: '' })),
    };
  });
  const switches = snapshot.ovsBridges.map((bridge) => ovsPlate(bridge, networksOn(bridge.name), addressesOf(bridge.name), endOf));
  const isForeign = (plate: SwitchPlate): boolean => plate.networks.length === 0 && plate.note === ownerOf(plate.name);
  return [...bridges.filter((plate) => !isForeign(plate)), ...switches, ...bridges.filter(isForeign)];
}

function ovsPlate(bridge: OvsBridge, networks: SwitchPlate['networks'], addresses: string[], endOf: (name: string) => string): SwitchPlate {
  return {
    key: `ovs/${bridge.name}`, kind: 'ovs', name: bridge.name, networks, addresses, note: ['Open vSwitch', ...networks.map((network) => network.name)].join(' · '), problem: bridge.problem,
    sockets: bridge.ports.filter((port) => port.name !== bridge.name).map((port) => ({ name: port.name, link: portLink(port), end: endOf(port.name), vlan: describePortVlan(port), problem: portProblem(port) })),
  };
}

/** Who made a bridge that carries no libvirt network, as far as its name tells. */
function ownerOf(name: string): string {
  if (name === 'docker0' || /^br-[0-9a-f]{12}$/.test(name)) return 'Docker';
  if (/^(lxcbr|lxdbr|incusbr)/.test(name)) return 'containers';
  if (/^(podman|cni)/.test(name)) return 'Podman';
  return 'no network';
}

/** The host's own NICs first, then the rest as the kernel lists them; ports of machines and containers left out. */
export function ownInterfaces(snapshot: Pick<HostSnapshot, 'interfaces'>): HostInterface[] {
  const rank = (kind: InterfaceKind): number => (kind === 'physical' ? 0 : kind === 'wireless' ? 1 : kind === 'loopback' ? 9 : 2);
  return snapshot.interfaces
    .filter((entry) => entry.kind !== 'tap' && (entry.kind !== 'veth' || isOwnVeth(entry)) && entry.kind !== 'bridge' && entry.name !== 'ovs-system')
    .map((entry, index) => ({ entry, index })).sort((a, b) => rank(a.entry.kind) - rank(b.entry.kind) || a.index - b.index).map(({ entry }) => entry);
}

/** Routes of main first, then by table; default routes lead. */
export function orderRoutes(routes: readonly Route[]): Route[] {
  const rank = (route: Route): number => (route.table === 'main' ? 0 : 10) + (route.family === 'ipv4' ? 0 : 2) + (route.destination === 'default' ? 0 : 1);
  return routes.map((route, index) => ({ route, index })).sort((a, b) => rank(a.route) - rank(b.route) || a.index - b.index).map(({ route }) => route);
}
