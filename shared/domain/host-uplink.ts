import type { Family } from './address';
import type { HostInterface } from './host-network';
import type { HostSnapshot } from './snapshot';
import { networkOf } from './subnet';

/** How a host reaches the world: the device of its default route, and the ranges that are local there. */
export interface Uplink {
  device: string;
  /** CIDRs of the device's own addresses in this family, global ones only. */
  ranges: string[];
}

/** By the default route of the main table with the lowest metric; null when there is none. */
export function uplinkOf(snapshot: HostSnapshot, family: Family): Uplink | null {
  const [route] = snapshot.routes
    .filter((item) => item.family === family && item.destination === 'default' && item.device !== null && item.type === 'unicast')
    .sort((a, b) => Number(a.table !== 'main') - Number(b.table !== 'main') || (a.metric ?? 0) - (b.metric ?? 0));
  if (!route?.device) return null;
  const device = snapshot.interfaces.find((item) => item.name === route.device);
  return { device: route.device, ranges: globalRanges(device, family) };
}

export function globalRanges(device: HostInterface | undefined, family: Family): string[] {
  return (device?.addresses ?? [])
    .filter((item) => item.family === family && item.scope === 'global')
    .map((item) => networkOf(item.address, item.prefix));
}
