import type { AddressedSpec } from '../../shared/domain/addressed-spec';
import type { BridgedSpec, MacvtapSpec, OvsSpec, PortgroupSpec, VlanSpec } from '../../shared/domain/attached-spec';
import type { FormKind, NetworkSpec } from '../../shared/domain/network-spec';
import type { ReachRow } from '../../shared/domain/reach';
import type { Neighbour } from './reach-neighbours';

type Peer = ReachRow['peer'];
export type Direction = `${Peer} ${'out' | 'in'}`;

/**
 * What packets did: before and after the LAN's router and client were told the way to the network. A claim of `yes` or `no` must
 * hold in both; of `partly` each case says what it depends on.
 */
export type Seen = readonly [boolean, boolean];

/** One machine of the network: its address there, and what else make-guest and libvirt are told. */
export interface ReachGuest {
  address: string;
  portgroup?: string;
  /** Instead of `address` on its NIC as it is. */
  vlans?: Readonly<Record<number, string>>;
}

export interface ReachCase {
  name: string;
  kind: FormKind;
  /** What differs from the network that is proposed. */
  change?: (spec: NetworkSpec) => NetworkSpec;
  /** Commands that make what the network attaches to, and their inverse. */
  prepare?: { make: string; remove: string };
  /** The LAN's switch sends frames back out of the port they came from. */
  hairpin?: true;
  /** `subnet`: two machines in the network's own, by its gateway. Else the machines' own addresses; the first asks them all, and they the first. */
  guests: 'subnet' | { gateway: string | null; machines: readonly [ReachGuest, ReachGuest, ...ReachGuest[]] };
  /** The other network of the host. Default: NAT. */
  beside?: Neighbour;
  /** Where a claim is `partly`: what is seen without and with the route. */
  partly?: Partial<Record<Direction, Seen>>;
}

const addressed = (change: Partial<AddressedSpec>) => (spec: NetworkSpec): NetworkSpec => ({ ...(spec as AddressedSpec), ...change });
const never: Seen = [false, false];
const always: Seen = [true, true];
const withRoute: Seen = [false, true];
/** NICs on the same LAN that carry nothing of the host's. */
const secondNic = 'enp2s0';
const thirdNic = 'enp3s0';

const bridgeMade = (...commands: readonly string[]): ReachCase['prepare'] => ({
  make: ['ip link add br-reach type bridge', 'ip link set br-reach up', ...commands].join(' && '), remove: 'ip link del br-reach',
});
const withNic = bridgeMade(`ip link set ${secondNic} master br-reach up`);
/** The host's NIC and address on a bridge, as a conversion leaves them. */
const hostBridge: ReachCase['prepare'] = {
  make: `address=$(ip -4 -o addr show enp1s0 | awk '{print $4}') && ip link add br-reach address $(cat /sys/class/net/enp1s0/address) type bridge && ip link set br-reach up &&
    ip addr flush dev enp1s0 && ip link set enp1s0 master br-reach && ip addr add $address dev br-reach && ip route add default via 10.77.0.1`,
  remove: `address=$(ip -4 -o addr show br-reach | awk '{print $4}'); ip link del br-reach; ip addr add $address dev enp1s0; ip route add default via 10.77.0.1`,
};
const onBridge = (change: Partial<BridgedSpec> = {}) => (spec: NetworkSpec): NetworkSpec => ({ ...(spec as BridgedSpec), bridge: 'br-reach', ...change });

/** A lab host's /dev is not the kernel's, which makes a macvtap's device node on a real one. */
const tapNodes: ReachCase['prepare'] = {
  make: `setsid sh -c 'while :; do for dev in /sys/class/net/macvtap*/tap*/dev; do [ -e "$dev" ] || continue; node=/dev/$(basename $(dirname $dev)); [ -e $node ] || mknod $node c $(tr : " " <$dev); done; sleep 0.02; done' >/dev/null 2>&1 </dev/null & echo $! >/run/tap-nodes.pid`,
  remove: 'kill $(cat /run/tap-nodes.pid); rm -f /dev/tap[0-9]*',
};
const byMacvtap = (mode: MacvtapSpec['mode'], ...devices: string[]) => (spec: NetworkSpec): NetworkSpec => ({ ...(spec as MacvtapSpec), mode, devices });

const group = (name: string, vlan: VlanSpec): PortgroupSpec => ({ name, isDefault: false, vlan, bandwidth: { inbound: null, outbound: null } });
const vlanGroups = [group('ten', { mode: 'access', tag: 10 }), group('twenty', { mode: 'access', tag: 20 }), group('both', { mode: 'trunk', tags: [10, 20], native: null })];
const switchMade = (...commands: readonly string[]): ReachCase['prepare'] => ({
  make: ['ovs-vsctl add-br ovs-reach -- set bridge ovs-reach datapath_type=netdev', ...commands].join(' && '), remove: 'true',
});
const onSwitch = (change: Partial<OvsSpec> = {}) => (spec: NetworkSpec): NetworkSpec => ({ ...(spec as OvsSpec), bridge: 'ovs-reach', createBridge: null, ...change });
const onNewSwitch = (portgroups: OvsSpec['portgroups'] = []): ReachCase['change'] => onSwitch({ createBridge: { datapath: 'netdev', stp: false }, portgroups });

const two = (first: string, second: string, gateway: string | null): ReachCase['guests'] => ({ gateway, machines: [{ address: first }, { address: second }] });
const apart = two('10.66.0.11/24', '10.66.0.12/24', null);
const apartByHost = two('10.66.0.11/24', '10.66.0.12/24', '10.66.0.1');
/** On the lab's LAN, outside of what its DHCP server hands out. */
const onLan = two('10.77.0.12/24', '10.77.0.13/24', '10.77.0.1');
const inVlans = (first: string, second: string): ReachCase['guests'] => ({ gateway: null, machines: [{ address: '10.66.0.11/24', portgroup: first }, { address: '10.66.0.12/24', portgroup: second }] });
const here = (seen: Seen) => ({ 'same-network out': seen, 'same-network in': seen });
const host = (seen: Seen) => ({ 'host out': seen, 'host in': seen });
const elsewhere = (out: Seen, into: Seen) => ({ 'other-networks out': out, 'other-networks in': into });
const outside = (seen: Seen) => ({ 'lan out': seen, 'lan in': seen, 'internet out': seen, 'internet in': seen });

const addressedCases: readonly ReachCase[] = [
  { name: 'NAT', kind: 'nat', guests: 'subnet' },
  { name: 'NAT, beside a routed network', kind: 'nat', guests: 'subnet', beside: 'routed', partly: elsewhere(always, never) },
  { name: 'NAT, beside a bridged network', kind: 'nat', guests: 'subnet', beside: 'bridged', partly: elsewhere(always, never) },
  { name: 'NAT, leaving by the LAN\'s NIC only, beside a routed network', kind: 'nat', change: addressed({ forwardDev: 'enp1s0' }), guests: 'subnet', beside: 'routed' },
  { name: 'NAT, leaving by another NIC only', kind: 'nat', change: addressed({ forwardDev: secondNic }), guests: 'subnet', partly: { 'internet out': never } },
  { name: 'NAT, ports isolated', kind: 'nat', change: addressed({ portIsolation: true }), guests: 'subnet' },
  // libvirt's rules for NAT let nobody in; those of a routed network leave it to the other end.
  { name: 'Routed', kind: 'routed', guests: 'subnet', partly: { ...outside(withRoute), ...elsewhere(never, always) } },
  { name: 'Routed, beside a routed network', kind: 'routed', guests: 'subnet', beside: 'routed', partly: { ...outside(withRoute), ...elsewhere(always, always) } },
  { name: 'Routed, beside an isolated network', kind: 'routed', guests: 'subnet', beside: 'isolated', partly: { ...outside(withRoute), ...elsewhere(never, never) } },
  { name: 'Routed, leaving by the LAN\'s NIC only, beside a routed network', kind: 'routed', change: addressed({ forwardDev: 'enp1s0' }), guests: 'subnet', beside: 'routed', partly: outside(withRoute) },
  { name: 'Routed, leaving by another NIC only', kind: 'routed', change: addressed({ forwardDev: secondNic }), guests: 'subnet', partly: { 'internet out': never, 'internet in': never } },
  { name: 'Open', kind: 'open', guests: 'subnet', partly: { ...outside(withRoute), ...elsewhere(never, always) } },
  { name: 'Open, beside a routed network', kind: 'open', guests: 'subnet', beside: 'routed', partly: { ...outside(withRoute), ...elsewhere(always, always) } },
  { name: 'Isolated, with DHCP', kind: 'isolated', guests: 'subnet' },
  {
    name: 'Isolated, host address only, beside a routed network', kind: 'isolated', beside: 'routed', guests: apartByHost,
    change: (spec) => ({ ...(spec as AddressedSpec), ipv4: { address: '10.66.0.1', prefix: 24, dhcp: null, tftpRoot: null } }),
  },
  { name: 'Isolated, no host address', kind: 'isolated', change: addressed({ ipv4: null, ipv6: null, dnsEnabled: false }), guests: apart },
];

const attachedCases: readonly ReachCase[] = [
  { name: 'Bridged, on the host\'s own bridge', kind: 'bridged', prepare: hostBridge, change: onBridge(), guests: onLan, partly: { 'internet in': always, ...elsewhere(never, always) } },
  { name: 'Bridged, on a bridge with another NIC', kind: 'bridged', prepare: withNic, change: onBridge(), guests: onLan, partly: { ...host(always), ...outside(always), ...elsewhere(never, always) } },
  { name: 'Bridged, beside a routed network', kind: 'bridged', prepare: withNic, change: onBridge(), guests: onLan, beside: 'routed', partly: { ...host(always), ...outside(always), ...elsewhere(withRoute, withRoute) } },
  { name: 'Bridged, beside an isolated network', kind: 'bridged', prepare: withNic, change: onBridge(), guests: onLan, beside: 'isolated', partly: { ...host(always), ...outside(always), ...elsewhere(never, never) } },
  { name: 'Bridged, beside another network of its bridge', kind: 'bridged', prepare: bridgeMade(), change: onBridge(), guests: apart, beside: 'same-wire', partly: elsewhere(always, always) },
  { name: 'Bridged, on a bridge without a NIC', kind: 'bridged', prepare: bridgeMade(), change: onBridge(), guests: apart },
  {
    name: 'Bridged, on a bridge with an address of the host\'s and no NIC', kind: 'bridged', prepare: bridgeMade('ip addr add 10.66.0.1/24 dev br-reach'), change: onBridge(),
    guests: apartByHost, partly: { ...elsewhere(never, always), ...outside(withRoute) },
  },
  { name: 'Bridged, ports isolated', kind: 'bridged', prepare: withNic, change: onBridge({ isolatedPorts: true }), guests: onLan, partly: { ...host(always), ...outside(always), ...elsewhere(never, always) } },
  { name: 'macvtap, on the host\'s own NIC', kind: 'macvtap', prepare: tapNodes, change: byMacvtap('bridge', 'enp1s0'), guests: onLan, partly: { 'internet in': always } },
  { name: 'macvtap, on another NIC', kind: 'macvtap', prepare: tapNodes, change: byMacvtap('bridge', secondNic), guests: onLan, partly: { ...host(always), ...outside(always), ...elsewhere(never, always) } },
  { name: 'macvtap, beside a bridged network', kind: 'macvtap', prepare: tapNodes, change: byMacvtap('bridge', 'enp1s0'), guests: onLan, beside: 'bridged', partly: { 'internet in': always, ...elsewhere(always, always) } },
  { name: 'macvtap, private', kind: 'macvtap', prepare: tapNodes, change: byMacvtap('private', 'enp1s0'), guests: onLan, partly: { 'internet in': always } },
  { name: 'macvtap, VEPA', kind: 'macvtap', prepare: tapNodes, change: byMacvtap('vepa', 'enp1s0'), guests: onLan, partly: { ...here(never), ...host(never), 'internet in': always, ...elsewhere(never, never) } },
  { name: 'macvtap, VEPA, switch with hairpin', kind: 'macvtap', prepare: tapNodes, hairpin: true, change: byMacvtap('vepa', 'enp1s0'), guests: onLan, partly: { ...here(always), ...host(always), 'internet in': always, ...elsewhere(never, always) } },
  { name: 'macvtap, passthrough', kind: 'macvtap', prepare: tapNodes, change: byMacvtap('passthrough', secondNic, thirdNic), guests: onLan, partly: { ...here(always), ...host(always), ...outside(always), ...elsewhere(never, always) } },
  { name: 'Open vSwitch, no uplink', kind: 'ovs', change: onNewSwitch(), guests: apart },
  { name: 'Open vSwitch, beside another network of its switch', kind: 'ovs', change: onNewSwitch(), guests: apart, beside: 'same-wire', partly: elsewhere(always, always) },
  {
    name: 'Open vSwitch, with a NIC of the LAN', kind: 'ovs', prepare: switchMade(`ovs-vsctl add-port ovs-reach ${secondNic}`, `ip link set ${secondNic} up`), change: onSwitch(),
    guests: onLan, partly: { ...host(always), ...outside(always), ...elsewhere(never, always) },
  },
  {
    name: 'Open vSwitch, with an address of the host\'s', kind: 'ovs', prepare: switchMade('ip addr add 10.66.0.1/24 dev ovs-reach', 'ip link set ovs-reach up'), change: onSwitch(),
    guests: apartByHost, partly: { ...elsewhere(never, always), ...outside(withRoute) },
  },
  { name: 'Open vSwitch, two machines in one VLAN', kind: 'ovs', change: onNewSwitch(vlanGroups), guests: inVlans('ten', 'ten'), partly: here(always) },
  { name: 'Open vSwitch, two machines in two VLANs', kind: 'ovs', change: onNewSwitch(vlanGroups), guests: inVlans('ten', 'twenty'), partly: here(never) },
  {
    name: 'Open vSwitch, a trunk and a machine in each of its VLANs', kind: 'ovs', change: onNewSwitch(vlanGroups), partly: here(always),
    guests: {
      gateway: null,
      machines: [
        { address: '10.66.0.11/24', portgroup: 'both', vlans: { 10: '10.66.0.11/24', 20: '10.67.0.11/24' } },
        { address: '10.66.0.12/24', portgroup: 'ten' }, { address: '10.67.0.12/24', portgroup: 'twenty' },
      ],
    },
  },
];

/** Every kind with the options that change who reaches whom. */
export const reachCases: readonly ReachCase[] = [...addressedCases, ...attachedCases];
