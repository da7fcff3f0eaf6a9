import { globalRanges, uplinkOf } from './host-uplink';
import { familyOfKind } from './network-families';
import type { NetworkSpec } from './network-spec';
import { parseNetwork } from './network-xml/parse-network';
import type { NetworkDefinition } from './network-xml/parse-network';
import { reachOfNat, sameNetworkRow } from './reach-of-nat';
import type { NatReach } from './reach-of-nat';
import type { Reach, ReachRow } from './reach';
import type { PeerRows, RowMaker } from './reach-rows';
import { routerRoutes } from './router-routes';
import type { HostSnapshot } from './snapshot';

/**
 * Who a machine on this network can reach (`out`), and who can start a connection to it (`in`), while the network is
 * active. By libvirt's firewall rules (https://libvirt.org/firewall.html) and the host's routes; a firewall of the
 * host's own can still forbid more.
 */
export function describeReach(subject: NetworkDefinition | NetworkSpec, snapshot: HostSnapshot): ReachRow[] {
  const network = 'uuid' in subject ? subject : definitionOf(subject);
  const rows = peersOf(network, snapshot);
  switch (network.kind) {
    case 'nat': return reachOfNat(rows, natOfNetwork(network), snapshot);
    case 'routed': case 'open': return reachOfRouted(rows, network, snapshot);
    case 'isolated': return reachOfIsolated(rows, network);
    case 'bridged': return reachOfBridged(rows, network, snapshot);
    case 'macvtap': return reachOfMacvtap(rows, network, snapshot);
    case 'ovs': return reachOfOvs(rows, network, snapshot);
    case 'sriov': return reachOfSriov(rows);
  }
}

/** What a draft would be as a network: one reading for both, so that they can't tell two stories. */
function definitionOf(spec: NetworkSpec): NetworkDefinition {
  return parseNetwork(familyOfKind(spec.kind).build('', spec));
}

function peersOf(network: NetworkDefinition, snapshot: HostSnapshot): PeerRows {
  const lan = uplinkOf(snapshot, 'ipv4')?.ranges[0];
  const row = (peer: ReachRow['peer'], label: string): RowMaker => (out, into, note = null) => ({ peer, label, out, in: into, note });
  return {
    sameNetwork: row('same-network', `other VMs on ${network.name}`),
    host: row('host', `this host (${snapshot.system.hostname})`),
    otherNetworks: row('other-networks', 'VMs on other networks of this host'),
    lan: row('lan', lan ? `LAN ${lan}` : 'the LAN'),
    internet: row('internet', 'the internet'),
  };
}

function natOfNetwork(network: NetworkDefinition): NatReach {
  const ipv6 = network.ips.find((ip) => ip.family === 'ipv6');
  return {
    forwardDev: network.forward.dev ?? network.forward.interfaces[0] ?? null,
    ipv4: network.ips.some((ip) => ip.family === 'ipv4'),
    portIsolation: network.portIsolation,
    ipv6: !ipv6 ? 'none' : network.forward.natIpv6 ? 'masqueraded' : 'routed',
    ipv6Subnet: ipv6?.address ?? null,
  };
}

function reachOfRouted(rows: PeerRows, network: NetworkDefinition, snapshot: HostSnapshot): ReachRow[] {
  const rules = network.kind === 'open' ? 'libvirt adds no firewall rules here; this host\'s own decide.' : null;
  const { dev } = network.forward;
  const uplink = uplinkOf(snapshot, 'ipv4');
  const routes = routerRoutes(network.ips, snapshot, dev).map((route) => (route.gateway ? `${route.destination} by way of ${route.gateway}` : route.destination));
  const back = `The LAN's router needs a route to ${routes.join(' and ')}.`;
  const elsewhere = dev !== null && uplink !== null && dev !== uplink.device;
  return [
    sameNetworkRow(rows, network),
    rows.host('yes', 'yes', rules ?? 'By the gateway address, and by every other address of the host.'),
    rows.otherNetworks('partly', 'partly', rules ?? 'NAT and isolated networks take no new connections from here; routed ones do.'),
    elsewhere ? rows.lan('no', 'no', `Traffic may leave by ${dev} only, and the LAN is at ${uplink.device}.`) : rows.lan('partly', 'partly', rules ? `${back} ${rules}` : back),
    rows.internet('partly', 'partly', 'The LAN\'s router needs a route back to this network, and must translate its addresses if they are private.'),
  ];
}

function reachOfIsolated(rows: PeerRows, network: NetworkDefinition): ReachRow[] {
  const hostIsHere = network.ips.length > 0;
  const alone = network.guestIpv6 ? 'By IPv6, too. Nobody hands out addresses here, unless a machine does.' : 'Nobody hands out addresses here, unless a machine does.';
  return [
    sameNetworkRow(rows, network, hostIsHere ? null : alone),
    hostIsHere ? rows.host('yes', 'yes', `At ${network.ips.map((ip) => ip.address).join(' and ')}.`) : rows.host('no', 'no', 'The host has no address on this network.'),
    rows.otherNetworks('no', 'no'),
    rows.lan('no', 'no', 'libvirt\'s firewall forwards nothing from or to this network.'),
    rows.internet('no', 'no'),
  ];
}

function reachOfBridged(rows: PeerRows, network: NetworkDefinition, snapshot: HostSnapshot): ReachRow[] {
  const name = network.bridge?.name ?? '';
  const bridge = snapshot.interfaces.find((device) => device.name === name);
  const ports = snapshot.interfaces.filter((device) => device.controller === name && device.kind !== 'tap');
  if (ports.length === 0) {
    const note = bridge ? `No NIC of this host is a port of ${name}, so it leads nowhere.` : `There is no bridge ${name} on this host now.`;
    const host: Reach = bridge && bridge.addresses.length > 0 ? 'yes' : 'no';
    return [rows.sameNetwork(bridge ? 'yes' : 'no', bridge ? 'yes' : 'no'), rows.host(host, host), rows.otherNetworks('no', 'no'), rows.lan('no', 'no', note), rows.internet('no', 'no')];
  }
  const here = globalRanges(bridge, 'ipv4').length > 0;
  const lanIsHere = here || !uplinkOf(snapshot, 'ipv4');
  return [
    rows.sameNetwork('yes', 'yes'),
    here ? rows.host('yes', 'yes', `At its address on ${name}.`) : rows.host('partly', 'partly', `The host has no IPv4 address on ${name}; by way of the router at best.`),
    rows.otherNetworks('partly', 'no', 'NAT networks of this host can start connections to machines here; answers and nothing else go back.'),
    lanIsHere ? rows.lan('yes', 'yes', 'Machines are on the LAN themselves and get their addresses there.')
      : rows.lan('partly', 'partly', `Machines are on the network behind ${ports.map((port) => port.name).join(', ')}, which is not the one of the host's default route.`),
    rows.internet('yes', 'partly', 'By the LAN\'s own router; from outside as its firewall and port forwards allow.'),
  ];
}

/** Whether a NIC leads to where the host's default route does: it is that device, or a port of it. */
function leadsToLan(nic: string, snapshot: HostSnapshot): boolean {
  const uplink = uplinkOf(snapshot, 'ipv4')?.device;
  return uplink === undefined || nic === uplink || snapshot.interfaces.some((device) => device.name === nic && device.controller === uplink);
}

function reachOfMacvtap(rows: PeerRows, network: NetworkDefinition, snapshot: HostSnapshot): ReachRow[] {
  const nic = network.forward.interfaces[0] ?? network.forward.dev ?? 'the NIC';
  const among: Record<string, [Reach, string | null]> = {
    bridge: ['yes', null],
    private: ['no', 'Mode “private” keeps machines apart, whatever the switch does.'],
    vepa: ['partly', 'Only if the switch outside sends frames back out of the port they came from (hairpin, 802.1Qbg).'],
    passthrough: ['partly', 'Each machine has a NIC of its own; they meet at the switch outside.'],
  };
  const [same, sameNote] = among[network.forward.mode] ?? ['partly', null];
  return [
    rows.sameNetwork(same, same, sameNote),
    rows.host('no', 'no', `A macvtap never passes frames between ${nic}'s host and its machines. Give them a second NIC on an isolated network for that.`),
    rows.otherNetworks('no', 'no'),
    leadsToLan(nic, snapshot) ? rows.lan('yes', 'yes', `Directly on ${nic}.`)
      : rows.lan('partly', 'partly', `Directly on the network behind ${nic}, which is not where the host's default route goes.`),
    rows.internet(leadsToLan(nic, snapshot) ? 'yes' : 'partly', 'partly', 'By the LAN\'s own router; from outside as its firewall and port forwards allow.'),
  ];
}

function reachOfOvs(rows: PeerRows, network: NetworkDefinition, snapshot: HostSnapshot): ReachRow[] {
  const name = network.bridge?.name ?? '';
  const bridge = snapshot.ovsBridges.find((item) => item.name === name);
  const vlans = network.vlan !== null || network.portgroups.some((group) => group.vlan !== null);
  const portInterfaces = (bridge?.ports ?? []).flatMap((port) => port.interfaces);
  const machineTaps = new Set(snapshot.machines.flatMap((machine) => machine.nics.map((nic) => nic.target)));
  const uplinks = portInterfaces.filter((item) => (item.type === 'system' || item.type === '') && item.error === null && !machineTaps.has(item.name));
  const hostPorts = portInterfaces.filter((item) => item.type === 'internal'
    && globalRanges(snapshot.interfaces.find((device) => device.name === item.name), 'ipv4').length > 0);
  const sameVlan = vlans ? 'Within one VLAN.' : null;
  const lan: Reach = uplinks.length === 0 ? 'no' : vlans ? 'partly' : 'yes';
  const lanNote = uplinks.length === 0 ? `No NIC of this host is a port of ${name}.` : `Through ${uplinks.map((item) => item.name).join(', ')}${vlans ? ', in the VLANs the switch outside knows.' : '.'}`;
  const host: Reach = hostPorts.length === 0 ? 'no' : vlans ? 'partly' : 'yes';
  return [
    rows.sameNetwork(vlans ? 'partly' : 'yes', vlans ? 'partly' : 'yes', sameVlan),
    rows.host(host, host, hostPorts.length === 0 ? `The host has no address on ${name}.` : `By ${hostPorts.map((item) => item.name).join(', ')}.`),
    rows.otherNetworks('partly', 'partly', `Other networks on ${name} in the same VLAN.`),
    rows.lan(lan, lan, lanNote),
    rows.internet(lan === 'no' ? 'no' : 'partly', lan === 'no' ? 'no' : 'partly', lan === 'no' ? null : 'By the router of the network outside.'),
  ];
}

function reachOfSriov(rows: PeerRows): ReachRow[] {
  return [
    rows.sameNetwork('yes', 'yes', 'Through the card\'s own switch.'),
    rows.host('partly', 'partly', 'If the host has an address on the same card and the card\'s switch passes it.'),
    rows.otherNetworks('no', 'no'),
    rows.lan('yes', 'yes'),
    rows.internet('yes', 'partly', 'By the LAN\'s own router; from outside as its firewall and port forwards allow.'),
  ];
}
