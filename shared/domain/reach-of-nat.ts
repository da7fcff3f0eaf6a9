import { uplinkOf } from './host-uplink';
import type { NetworkDefinition } from './network-xml/parse-network';
import type { ReachRow } from './reach';
import { elsewhereOfNat } from './reach-elsewhere';
import type { PeerRows } from './reach-rows';
import type { HostSnapshot } from './snapshot';

/** What decides who a NAT network reaches. `routed`: it has IPv6 addresses, but `<nat ipv6>` is off. */
interface NatReach {
  forwardDev: string | null;
  ipv4: boolean;
  portIsolation: boolean;
  ipv6: 'none' | 'masqueraded' | 'routed';
  /** The host's IPv6 address on the network, to name its range. */
  ipv6Subnet: string | null;
}

/**
 * libvirt's rules for NAT: guests may go anywhere but into other NAT and isolated networks (those reject new
 * connections), their packets leave under the host's address, and only answers come back in.
 */
export function reachOfNat(rows: PeerRows, network: NetworkDefinition, snapshot: HostSnapshot): ReachRow[] {
  const nat = natOfNetwork(network);
  return [
    sameNetworkRow(rows, nat),
    rows.host('yes', 'yes', 'By the gateway address, and by every other address of the host.'),
    elsewhereOfNat(rows, network, uplinkOf(snapshot, 'ipv4')?.device ?? null, snapshot),
    lanRow(rows, nat, snapshot),
    internetRow(rows, nat, snapshot),
  ];
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

/** `<port isolated>`: the bridge passes nothing between two isolated ports. */
export function sameNetworkRow(rows: PeerRows, { portIsolation }: { portIsolation: boolean }, note: string | null = null): ReachRow {
  return portIsolation ? rows.sameNetwork('no', 'no', 'Port isolation keeps the machines of this network apart.') : rows.sameNetwork('yes', 'yes', note);
}

function lanRow(rows: PeerRows, nat: NatReach, snapshot: HostSnapshot): ReachRow {
  const uplink = uplinkOf(snapshot, 'ipv4');
  const inward = 'The LAN sees only this host\'s address; to let it in, forward a port.';
  if (nat.forwardDev !== null && uplink && nat.forwardDev !== uplink.device) {
    return rows.lan('no', 'no', `Traffic may leave by ${nat.forwardDev} only, and the LAN is at ${uplink.device}.`);
  }
  return nat.ipv4 ? rows.lan('yes', 'no', inward) : rows.lan('partly', 'no', `By IPv6 only. ${inward}`);
}

function internetRow(rows: PeerRows, nat: NatReach, snapshot: HostSnapshot): ReachRow {
  const uplink = uplinkOf(snapshot, 'ipv4');
  const notes = [ipv6Note(nat, snapshot)].filter((note) => note !== null);
  if (!nat.ipv4) {
    return uplinkOf(snapshot, 'ipv6') === null ? rows.internet('no', 'no', 'IPv6 only, and this host has no IPv6 default route.') : rows.internet('partly', 'no', `IPv6 only. ${notes.join(' ')}`);
  }
  if (!uplink) return rows.internet('no', 'no', ['This host has no IPv4 default route.', ...notes].join(' '));
  if (nat.forwardDev !== null && nat.forwardDev !== uplink.device) {
    return rows.internet('partly', 'no', [`Only if ${nat.forwardDev} has a way out: the host's default route is by ${uplink.device}.`, ...notes].join(' '));
  }
  return rows.internet('yes', 'no', notes.join(' ') || null);
}

function ipv6Note(nat: NatReach, snapshot: HostSnapshot): string | null {
  if (nat.ipv6 === 'none') return 'IPv4 only.';
  const hostHasIpv6 = uplinkOf(snapshot, 'ipv6') !== null;
  if (nat.ipv6 === 'masqueraded') {
    return hostHasIpv6
      ? 'IPv6 goes out too, under the host\'s own IPv6 address.'
      : 'IPv6 works between guests and host, and no further: this host has no IPv6 default route.';
  }
  return `IPv6 leaves untranslated: answers come back only if the router has a route to the range of ${nat.ipv6Subnet} by way of this host.`;
}
