import type { Lease, Network } from './network';
import { networkKindWord } from './network-kinds';
import { networkOf, rangeContains, sameAddress } from './subnet';
import { ownsBridge } from './used-ranges';

/** What a reservation is made of: a lease, as libvirt tells it. */
export type Reservable = Pick<Lease, 'mac' | 'address' | 'family' | 'hostname'>;

/** Whether DHCP gives this address to this machine whatever happens. */
export function isReserved(network: Pick<Network, 'ips'>, { mac, address }: Pick<Reservable, 'mac' | 'address'>): boolean {
  return reservationsOf(network).some((host) => isMacOf(host, mac) && host.ip !== undefined && sameAddress(host.ip, address));
}

/** Why this network can't keep this address for this machine, in one sentence; null when it can. */
export function reservationRefusal(network: Network, lease: Reservable): string | null {
  const { name, kind } = network;
  const { mac, address } = lease;
  if (!ownsBridge({ kind })) return `“${name}” is ${networkKindWord[kind]}: its addresses come from the LAN behind it, so they are reserved in the router there.`;
  if (!network.persistent) return `“${name}” has no definition: a reservation would be gone with it when it stops.`;
  if (lease.family !== 'ipv4') return 'Only IPv4 addresses are reserved by MAC.';
  const served = network.ips.filter((ip) => ip.family === 'ipv4' && ip.dhcp !== null);
  if (served.length === 0) return `“${name}” hands out no IPv4 addresses: turn its DHCP on first.`;
  if (!served.some((ip) => rangeContains(networkOf(ip.address, ip.prefix), address))) {
    return `${address} is outside of ${served.map((ip) => networkOf(ip.address, ip.prefix)).join(' and ')}, which is what “${name}” hands out.`;
  }
  if (isReserved(network, lease)) return 'This machine always gets this address.';
  const hosts = reservationsOf(network);
  const own = hosts.find((host) => isMacOf(host, mac));
  if (own) return `${mac} has ${own.ip ?? 'a name'} reserved already, and gets it when it asks DHCP again.`;
  const holder = hosts.find((host) => host.ip !== undefined && sameAddress(host.ip, address));
  if (holder) return `${address} is reserved for ${holder.name ?? holder.mac ?? 'another machine'} already.`;
  const wanted = reservedName(lease.hostname);
  const namesake = wanted === null ? undefined : hosts.find((host) => host.name?.toLowerCase() === wanted.toLowerCase());
  return namesake ? `The name “${wanted}” is reserved for ${namesake.mac ?? namesake.ip ?? 'another machine'} already.` : null;
}

/** Guests say all sorts of things of themselves; only a host name makes a DNS name. */
export function reservedName(hostname: string | null): string | null {
  return hostname !== null && /^[A-Za-z0-9_][A-Za-z0-9_-]{0,62}$/.test(hostname) ? hostname : null;
}

type Reservation = NonNullable<Network['ips'][number]['dhcp']>['hosts'][number];

function reservationsOf(network: Pick<Network, 'ips'>): Reservation[] {
  return network.ips.flatMap((ip) => ip.dhcp?.hosts ?? []);
}

const isMacOf = (host: Reservation, mac: string): boolean => host.mac?.toLowerCase() === mac.toLowerCase();
