import type { HostInterface } from './host-network';

/** Without schemas, for the page starts with this. */

/** Switched on and with a link. Taps, tunnels and loopback have no link to report: the kernel says UNKNOWN (RFC 2863). */
export function isUp(device: Pick<HostInterface, 'adminUp' | 'operState'>): boolean {
  return device.adminUp && (device.operState === 'UP' || device.operState === 'UNKNOWN');
}

/**
 * Whether a veth is this host's own NIC, as on a host that is itself a container. The ends that lead to a host's containers
 * are ports of a bridge, or have no address.
 */
export function isOwnVeth(device: Pick<HostInterface, 'kind' | 'controller' | 'addresses'>): boolean {
  return device.kind === 'veth' && device.controller === null && device.addresses.some((entry) => entry.scope === 'global');
}

/** By what it is, and by the names that hypervisors and containers give. */
export const isGuestDevice = ({ name, kind }: Pick<HostInterface, 'name' | 'kind'>): boolean => kind === 'tap' || kind === 'tun' || /^(vnet|veth|tap|fwpr|vif|lxc)/.test(name);
