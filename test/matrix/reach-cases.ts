import type { AddressedSpec } from '../../shared/domain/addressed-spec';
import type { BridgedSpec, MacvtapSpec, OvsSpec } from '../../shared/domain/attached-spec';
import type { FormKind, NetworkSpec } from '../../shared/domain/network-spec';
import type { ReachRow } from '../../shared/domain/reach';

type Peer = ReachRow['peer'];
export type Direction = `${Peer} ${'out' | 'in'}`;

/**
 * What packets did: before and after the LAN's router and client were told the way to the network. A claim of `yes` or `no` must
 * hold in both; of `partly` each case says what it depends on.
 */
export type Seen = readonly [boolean, boolean];

export interface ReachCase {
  name: string;
  kind: FormKind;
  /** What differs from the network that is proposed. */
  change: (spec: NetworkSpec) => NetworkSpec;
  /** Commands that make what the network attaches to, and their inverse. */
  prepare?: { make: string; remove: string };
  /** `dhcp`: from the network. Else the guests' own addresses, within a subnet of their own where the host has none. */
  addresses: 'dhcp' | { first: string; second: string; gateway: string | null };
  /** `<portgroup>` of the two guests. */
  portgroups?: readonly [string, string];
  /** Where a claim is `partly`: what is seen without and with the route. */
  partly?: Partial<Record<Direction, Seen>>;
}

const addressed = (change: Partial<AddressedSpec>) => (spec: NetworkSpec): NetworkSpec => ({ ...(spec as AddressedSpec), ...change });
const plain = addressed({});
const never: Seen = [false, false];
const always: Seen = [true, true];
const withRoute: Seen = [false, true];
/** A second NIC on the same LAN that carries nothing of the host's. */
const secondNic = 'enp2s0';

const bridgeMade = (ports: readonly string[]): ReachCase['prepare'] => ({
  make: `ip link add br-reach type bridge; ip link set br-reach up; ${ports.map((port) => `ip link set ${port} master br-reach up`).join('; ')}`,
  remove: `${ports.map((port) => `ip link set ${port} nomaster`).join('; ')}; ip link del br-reach`,
});
const onBridge = (change: Partial<BridgedSpec> = {}) => (spec: NetworkSpec): NetworkSpec => ({ ...(spec as BridgedSpec), bridge: 'br-reach', ...change });
const byMacvtap = (mode: MacvtapSpec['mode']) => (spec: NetworkSpec): NetworkSpec => ({ ...(spec as MacvtapSpec), mode, devices: [secondNic] });
/** A lab host's /dev is not the kernel's, which makes a macvtap's device node on a real one. */
const tapNodes: ReachCase['prepare'] = {
  make: `setsid sh -c 'while :; do for dev in /sys/class/net/macvtap*/tap*/dev; do [ -e "$dev" ] || continue; node=/dev/$(basename $(dirname $dev)); [ -e $node ] || mknod $node c $(tr : " " <$dev); done; sleep 0.02; done' >/dev/null 2>&1 </dev/null & echo $! >/run/tap-nodes.pid`,
  remove: 'kill $(cat /run/tap-nodes.pid); rm -f /dev/tap[0-9]*',
};
const onSwitch = (portgroups: OvsSpec['portgroups'] = []) => (spec: NetworkSpec): NetworkSpec => ({
  ...(spec as OvsSpec), bridge: 'ovs-reach', createBridge: { datapath: 'netdev', stp: false }, portgroups,
});
const group = (name: string, tag: number): OvsSpec['portgroups'][number] => ({
  name, isDefault: false, vlan: { mode: 'access', tag }, bandwidth: { inbound: null, outbound: null },
});

const apart = { first: '10.66.0.11/24', second: '10.66.0.12/24', gateway: null };
/** On the lab's LAN, outside of what its DHCP server hands out. */
const onLan = { first: '10.77.0.12/24', second: '10.77.0.13/24', gateway: '10.77.0.1' };

/** In and out depend on the same thing, a route back. */
const routed: ReachCase['partly'] = {
  'lan out': withRoute, 'lan in': withRoute, 'internet out': withRoute, 'internet in': withRoute,
  // libvirt's rules for NAT let nobody in, and let a routed network's packets out to nobody who would have to let them in.
  'other-networks out': never, 'other-networks in': always,
};

/** Every kind with the options that change who reaches whom. */
export const reachCases: readonly ReachCase[] = [
  { name: 'NAT', kind: 'nat', change: plain, addresses: 'dhcp' },
  { name: 'NAT, leaving by one NIC only', kind: 'nat', change: addressed({ forwardDev: 'enp1s0' }), addresses: 'dhcp' },
  { name: 'NAT, ports isolated', kind: 'nat', change: addressed({ portIsolation: true }), addresses: 'dhcp' },
  { name: 'Routed', kind: 'routed', change: plain, addresses: 'dhcp', partly: routed },
  { name: 'Open', kind: 'open', change: plain, addresses: 'dhcp', partly: routed },
  { name: 'Isolated, with DHCP', kind: 'isolated', change: plain, addresses: 'dhcp' },
  {
    name: 'Isolated, host address only', kind: 'isolated',
    change: (spec) => ({ ...(spec as AddressedSpec), ipv4: { address: '10.66.0.1', prefix: 24, dhcp: null, tftpRoot: null } }),
    addresses: { ...apart, gateway: '10.66.0.1' },
  },
  { name: 'Isolated, no host address', kind: 'isolated', change: addressed({ ipv4: null, ipv6: null, dnsEnabled: false }), addresses: apart },
  {
    name: 'Bridged, on a bridge with a NIC of the LAN', kind: 'bridged', prepare: bridgeMade([secondNic]), change: onBridge(), addresses: onLan,
    partly: {
      'host out': always, 'host in': always, 'other-networks out': never, 'other-networks in': always,
      'lan out': always, 'lan in': always, 'internet in': always,
    },
  },
  { name: 'Bridged, on a bridge without a NIC', kind: 'bridged', prepare: bridgeMade([]), change: onBridge(), addresses: apart },
  {
    name: 'Bridged, ports isolated', kind: 'bridged', prepare: bridgeMade([secondNic]), change: onBridge({ isolatedPorts: true }), addresses: onLan,
    partly: {
      'host out': always, 'host in': always, 'other-networks out': never, 'other-networks in': always,
      'lan out': always, 'lan in': always, 'internet in': always,
    },
  },
  { name: 'macvtap, bridge', kind: 'macvtap', prepare: tapNodes, change: byMacvtap('bridge'), addresses: onLan, partly: { 'internet in': always } },
  { name: 'macvtap, private', kind: 'macvtap', prepare: tapNodes, change: byMacvtap('private'), addresses: onLan, partly: { 'internet in': always } },
  { name: 'Open vSwitch, no uplink', kind: 'ovs', change: onSwitch(), addresses: apart, partly: { 'other-networks out': never, 'other-networks in': never } },
  {
    name: 'Open vSwitch, two machines in one VLAN', kind: 'ovs', change: onSwitch([group('ten', 10), group('twenty', 20)]), portgroups: ['ten', 'ten'], addresses: apart,
    partly: { 'same-network out': always, 'same-network in': always, 'other-networks out': never, 'other-networks in': never },
  },
  {
    name: 'Open vSwitch, two machines in two VLANs', kind: 'ovs', change: onSwitch([group('ten', 10), group('twenty', 20)]), portgroups: ['ten', 'twenty'], addresses: apart,
    partly: { 'same-network out': never, 'same-network in': never, 'other-networks out': never, 'other-networks in': never },
  },
];
