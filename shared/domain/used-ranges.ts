import type { HostInterface, Route } from './host-network';
import type { UsedRange } from './used-range';
import type { Network } from './network';
import { reservedRangeOf } from './reserved-ranges';
import type { HostSnapshot } from './snapshot';
import { networkOf } from './subnet';

/** A host's snapshot with the name its owner gave the host. */
export interface NamedSnapshot {
  hostName: string;
  snapshot: HostSnapshot;
}

/**
 * Every address range the hosts use: libvirt networks (inactive ones too), addresses of interfaces, and all routes of
 * all tables (VPNs keep theirs apart). Default routes and their halves (`0.0.0.0/1`) claim nothing.
 */
export function collectUsedRanges(hosts: readonly NamedSnapshot[]): UsedRange[] {
  const ranges = hosts.flatMap(({ hostName, snapshot }) => [
    ...snapshot.networks.flatMap((network) => rangesOfNetwork(network, hostName, snapshot.hostId)),
    ...snapshot.interfaces.flatMap((device) => rangesOfInterface(device, hostName, snapshot)),
    ...snapshot.routes.flatMap((route) => rangesOfRoute(route, hostName, snapshot)),
  ]);
  return withoutRepeats(ranges);
}

/** Kinds whose bridge libvirt makes and removes with the network. */
export function ownsBridge(network: Pick<Network, 'kind'>): boolean {
  return network.kind === 'nat' || network.kind === 'routed' || network.kind === 'open' || network.kind === 'isolated';
}

function rangesOfNetwork(network: Network, hostName: string, hostId: string): UsedRange[] {
  return [
    ...network.ips.map((ip): UsedRange => ({
      cidr: networkOf(ip.address, ip.prefix), owner: `${network.name} on ${hostName}`, hostId, kind: 'network', networkUuid: network.uuid,
    })),
    ...network.routes.map((route): UsedRange => ({
      cidr: route.destination, owner: `a route of ${network.name} on ${hostName}`, hostId, kind: 'route', networkUuid: network.uuid,
    })),
  ];
}

function rangesOfInterface(device: HostInterface, hostName: string, snapshot: HostSnapshot): UsedRange[] {
  if (device.kind === 'loopback') return [];
  return device.addresses
    .map((address) => networkOf(address.address, address.prefix))
    .filter(claims)
    .map((cidr): UsedRange => ({
      cidr,
      owner: isUplink(device.name, snapshot) ? `LAN of ${hostName}` : `${device.name} on ${hostName}`,
      hostId: snapshot.hostId, kind: 'interface', networkUuid: networkOfBridge(device.name, snapshot),
    }));
}

function rangesOfRoute(route: Route, hostName: string, snapshot: HostSnapshot): UsedRange[] {
  if (route.destination === 'default') return [];
  const [address = '', prefix] = route.destination.split('/');
  const cidr = networkOf(address, prefix === undefined ? (route.family === 'ipv4' ? 32 : 128) : Number(prefix));
  if (!claims(cidr)) return [];
  const by = route.gateway ? `a route by ${route.gateway}` : route.device ?? `${route.type === 'unicast' ? 'a' : `a ${route.type}`} route`;
  return [{
    cidr, owner: `${by} on ${hostName}`, hostId: snapshot.hostId, kind: 'route',
    networkUuid: route.device ? networkOfBridge(route.device, snapshot) : null,
  }];
}

/** Wider than any network in use: a VPN's stand-in for the default route, or `2000::/3`. */
function claims(cidr: string): boolean {
  const prefix = Number(cidr.split('/')[1]);
  if (prefix < (cidr.includes(':') ? 16 : 8)) return false;
  return reservedRangeOf(cidr)?.usable !== false;
}

function isUplink(device: string, snapshot: HostSnapshot): boolean {
  return snapshot.routes.some((route) => route.destination === 'default' && route.device === device);
}

function networkOfBridge(device: string, snapshot: HostSnapshot): string | null {
  return snapshot.networks.find((network) => ownsBridge(network) && network.bridge?.name === device)?.uuid ?? null;
}

/** One entry per range and host: the network's name says more than its bridge's, an interface more than its route. */
function withoutRepeats(ranges: readonly UsedRange[]): UsedRange[] {
  const seen = new Set<string>();
  return ranges.filter((range) => {
    const key = range.networkUuid
      ? `${range.hostId} ${range.cidr} ${range.networkUuid}`
      : `${range.hostId} ${range.cidr} ${range.kind === 'network' ? range.owner : 'host'}`;
    const known = seen.has(key);
    seen.add(key);
    return !known;
  });
}
