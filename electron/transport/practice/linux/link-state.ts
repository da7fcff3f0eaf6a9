import type { HostState, InterfaceState } from '../host-state';

export function findInterface(state: HostState, name: string): InterfaceState | null {
  return state.interfaces.find((link) => link.name === name) ?? null;
}

export function portsOf(state: HostState, bridge: string): InterfaceState[] {
  return state.interfaces.filter((link) => link.controller === bridge);
}

/** A signal: a bridge has one when one of its ports does. */
export function hasCarrier(state: HostState, link: InterfaceState): boolean {
  if (!link.up) return false;
  if (link.kind !== 'bridge') return link.cable;
  return portsOf(state, link.name).some((port) => port.up && port.cable);
}

/** IFF_ flags in the order ip(8) prints them. */
export function flagsOf(state: HostState, link: InterfaceState): string[] {
  const flags = link.up && !hasCarrier(state, link) ? ['NO-CARRIER'] : [];
  flags.push(...(link.kind === 'loopback' ? ['LOOPBACK'] : ['BROADCAST', 'MULTICAST']));
  if (link.kind === 'ovs') flags.push('PROMISC');
  if (link.up) flags.push('UP');
  if (hasCarrier(state, link)) flags.push('LOWER_UP');
  return flags;
}

/** RFC 2863 state as the kernel names it. */
export function operState(state: HostState, link: InterfaceState): string {
  if (!hasCarrier(state, link)) return 'DOWN';
  return link.kind === 'physical' || link.kind === 'bridge' ? 'UP' : 'UNKNOWN';
}
