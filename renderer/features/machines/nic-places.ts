import type { HostInterface } from '../../../shared/domain/host-network';
import { networkKindLabel } from '../../../shared/domain/network-kinds';
import type { Network, NetworkKind } from '../../../shared/domain/network';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import { networkOf } from '../../../shared/domain/subnet';
import { coloursByName } from './machine-rows';

/** A network as something to plug into. */
export interface NetworkPlace {
  network: Network;
  colour: number | undefined;
  /** "NAT · 192.168.122.0/24", "Bridged · br0", "Isolated · inactive". */
  detail: string;
}

/** The subnets of a network, as its host addresses tell. */
export const subnetsOf = (network: Pick<Network, 'ips'>): string[] => network.ips.map((ip) => networkOf(ip.address, ip.prefix));

function describePlace(network: Network): string {
  const where = subnetsOf(network)[0] ?? network.bridge?.name ?? network.forward.interfaces[0];
  return [networkKindLabel[network.kind], where, network.active ? null : 'inactive'].filter(Boolean).join(' · ');
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

const kept = new WeakMap<Network[], NetworkPlace[]>();

/** All networks of a host: the active ones first, by name. Worked out once for a snapshot: menus of many rows ask for it. */
export function networkPlaces(snapshot: Pick<HostSnapshot, 'networks'>): NetworkPlace[] {
  const known = kept.get(snapshot.networks);
  if (known) return known;
  const colours = coloursByName(snapshot);
  const places = [...snapshot.networks].sort((a, b) => Number(b.active) - Number(a.active) || collator.compare(a.name, b.name))
    .map((network) => ({ network, colour: colours.get(network.name), detail: describePlace(network) }));
  kept.set(snapshot.networks, places);
  return places;
}

export interface DevicePlace { name: string; detail: string; isOvs: boolean }

/** libvirt makes these bridges itself and keeps their rules: a NIC belongs on the network, not on the bridge. */
const ownBridgeKinds: ReadonlySet<NetworkKind> = new Set(['nat', 'routed', 'open', 'isolated']);

function describeDevice(device: HostInterface): string {
  const address = device.addresses.find((candidate) => candidate.scope === 'global');
  return address ? `${address.address}/${address.prefix}` : device.operState === 'DOWN' ? 'no link' : 'no address';
}

/** Bridges of the host that no libvirt network made: Linux bridges, then those of Open vSwitch. */
export function bridgePlaces(snapshot: Pick<HostSnapshot, 'networks' | 'interfaces' | 'ovsBridges'>): DevicePlace[] {
  const own = new Set(snapshot.networks.filter((network) => ownBridgeKinds.has(network.kind)).map((network) => network.bridge?.name));
  return [
    ...snapshot.interfaces.filter((device) => device.kind === 'bridge' && !own.has(device.name)).map((device) => ({ name: device.name, detail: describeDevice(device), isOvs: false })),
    ...snapshot.ovsBridges.map((bridge) => ({ name: bridge.name, detail: 'Open vSwitch', isOvs: true })),
  ];
}

const takesMacvtap: ReadonlySet<HostInterface['kind']> = new Set(['physical', 'bond', 'vlan']);

/** Devices a macvtap can sit on; one that is a port of a bridge is taken already. */
export function directPlaces(snapshot: Pick<HostSnapshot, 'interfaces'>): DevicePlace[] {
  return snapshot.interfaces.filter((device) => takesMacvtap.has(device.kind) && device.controller === null).map((device) => ({ name: device.name, detail: describeDevice(device), isOvs: false }));
}

/** Where guests of a network have their addresses from: for sentences about what follows. */
export function addressingOf(network: Network): string {
  if (network.ips.some((ip) => ip.dhcp !== null && (ip.dhcp.ranges.length > 0 || ip.dhcp.hosts.length > 0))) return `DHCP on ${network.name} gives it an address of ${subnetsOf(network)[0]}.`;
  if (network.kind === 'bridged' || network.kind === 'ovs' || network.kind === 'macvtap' || network.kind === 'sriov') return 'It gets its address from whatever serves that LAN.';
  return `${network.name} hands out no addresses: the guest needs one set by hand.`;
}
