import type { Network, NetworkIp } from '../../network';
import type { HostSnapshot } from '../../snapshot';
import { addressToNumber, boundsOf, networkOf, numberToAddress } from '../../subnet';

/** How far from its end a subnet is searched: nobody has fixed addresses for more machines than that. */
const searched = 4096n;

/**
 * Addresses of an IPv4 subnet that nobody is known to have, from its end: first those that DHCP never hands out, then those that it
 * has not handed out, as far as leases tell. Without the network's own, the broadcast address, and the host's.
 * @param ip the host's own on this network, or its router's
 * @param others taken, too
 */
export function freeAddresses(ip: Pick<NetworkIp, 'address' | 'prefix' | 'dhcp'>, network: Pick<Network, 'leases' | 'dns' | 'routes'>, { machines }: Pick<HostSnapshot, 'machines'>, count: number, others: readonly string[] = []): string[] {
  const { first, last } = boundsOf(networkOf(ip.address, ip.prefix));
  const taken = new Set([
    ip.address, ...others, ...network.leases.map(({ address }) => address), ...network.dns.hosts.map((host) => host.ip), ...network.routes.map(({ gateway }) => gateway),
    ...(ip.dhcp?.hosts ?? []).flatMap((host) => host.ip ?? []), ...machines.flatMap(({ nics }) => nics.flatMap(({ addresses }) => addresses.map(({ address }) => address))),
  ].filter((address) => !address.includes(':')).map(addressToNumber));
  const ranges = (ip.dhcp?.ranges ?? []).map(({ start, end }) => ({ start: addressToNumber(start), end: addressToNumber(end) }));
  const outside: bigint[] = [];
  const inside: bigint[] = [];
  for (let value = last - 1n; value > first && value > last - searched && outside.length < count; value -= 1n) {
    if (taken.has(value)) continue;
    (ranges.some(({ start, end }) => value >= start && value <= end) ? inside : outside).push(value);
  }
  return [...outside, ...inside].slice(0, count).map((value) => numberToAddress(value, 'ipv4'));
}
