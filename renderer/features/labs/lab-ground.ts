import type { HostSnapshot } from '../../../shared/domain/snapshot';

/**
 * What of a host decides whether a lab fits it, as a text to compare. Leases, counters of machines and the like change all the time:
 * asking the host anew for them would find the next change, and never end.
 */
export function labGroundOf({ networks, interfaces, ovsBridges, routes }: HostSnapshot): string {
  return JSON.stringify([
    networks.map(({ leases: _leases, ...definition }) => definition), interfaces.map(({ name, addresses }) => [name, addresses.map(({ address }) => address)]),
    ovsBridges.map(({ name }) => name), routes.map(({ destination, table }) => [destination, table]),
  ]);
}
