import type { HostSnapshot } from '../../shared/domain/snapshot';

/** Bridges of the kernel and of Open vSwitch, as the rail counts them. */
export function countSwitches(snapshot: Pick<HostSnapshot, 'interfaces' | 'ovsBridges'>): number {
  return snapshot.interfaces.filter((entry) => entry.kind === 'bridge').length + snapshot.ovsBridges.length;
}
