import { uplinkOf } from './host-uplink';
import { familyOfKind } from './network-families';
import type { NetworkSpec } from './network-spec';
import { parseNetwork } from './network-xml/parse-network';
import type { NetworkDefinition } from './network-xml/parse-network';
import { reachOfBridged, reachOfMacvtap, reachOfOvs } from './reach-of-attached';
import { elsewhereOfRouted } from './reach-elsewhere';
import { reachOfNat, sameNetworkRow } from './reach-of-nat';
import type { ReachRow } from './reach';
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
    case 'nat': return reachOfNat(rows, network, snapshot);
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
    elsewhereOfRouted(rows, network, uplink?.device ?? null, rules, snapshot),
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

function reachOfSriov(rows: PeerRows): ReachRow[] {
  return [
    rows.sameNetwork('yes', 'yes', 'Through the card\'s own switch.'),
    rows.host('partly', 'partly', 'If the host has an address on the same card and the card\'s switch passes it.'),
    rows.otherNetworks('no', 'no'),
    rows.lan('yes', 'yes'),
    rows.internet('yes', 'partly', 'By the LAN\'s own router; from outside as its firewall and port forwards allow.'),
  ];
}
