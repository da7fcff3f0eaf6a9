import type { Family } from './address';
import { uplinkOf } from './host-uplink';
import type { HostSnapshot } from './snapshot';
import { familyOf, networkOf } from './subnet';

/** A route that the LAN's router needs so that answers to a routed network find the way. */
export interface RouterRoute {
  /** CIDR */
  destination: string;
  /** This host's address on the LAN; null when it has none of that family. */
  gateway: string | null;
}

/** One route for each range of the network, by way of the NIC it leaves through: `forwardDev`, or the default route's. */
export function routerRoutes(ips: readonly { address: string; prefix: number }[], snapshot: HostSnapshot, forwardDev: string | null): RouterRoute[] {
  return ips.map(({ address, prefix }) => ({ destination: networkOf(address, prefix), gateway: addressOf(familyOf(address), snapshot, forwardDev) }));
}

/** `ip route add …`, for a router that runs Linux; others have the same three words in a form. */
export function routeCommand({ destination, gateway }: RouterRoute): string {
  return `ip ${familyOf(destination) === 'ipv6' ? '-6 ' : ''}route add ${destination} via ${gateway ?? 'THIS-HOST'}`;
}

function addressOf(family: Family, snapshot: HostSnapshot, forwardDev: string | null): string | null {
  const name = forwardDev ?? uplinkOf(snapshot, family)?.device ?? uplinkOf(snapshot, 'ipv4')?.device ?? null;
  const device = snapshot.interfaces.find((item) => item.name === name);
  return device?.addresses.find((item) => item.family === family && item.scope === 'global')?.address ?? null;
}
