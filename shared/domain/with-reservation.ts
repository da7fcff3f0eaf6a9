import { AppError } from '../errors/app-error';
import type { AddressedSpec, StaticLease } from './addressed-spec';
import { sameAddress } from './subnet';

/**
 * The network with an address kept for one machine: DHCP gives `ip` to `mac`, and DNS knows it by `name`. A reservation the MAC
 * has already is replaced; its name stays when none is given. For a `network.edit` with `live`.
 * Throws AppError `input.invalid` where the network hands out no IPv4 addresses, or the address or name is someone else's.
 */
export function withReservation(spec: AddressedSpec, { mac, ip, name }: StaticLease): AddressedSpec {
  const dhcp = spec.ipv4?.dhcp;
  if (!spec.ipv4 || !dhcp) {
    throw new AppError('input.invalid', 'Nothing to reserve', `“${spec.name}” hands out no IPv4 addresses: turn DHCP on first.`);
  }
  const wanted = mac.toLowerCase();
  const own = dhcp.hosts.find((host) => host.mac.toLowerCase() === wanted);
  const others = dhcp.hosts.filter((host) => host !== own);
  const holder = others.find((host) => sameAddress(host.ip, ip));
  if (holder) throw new AppError('input.invalid', 'The address is taken', `${ip} is reserved for ${holder.name ?? holder.mac} already.`, { field: 'ip' });
  const kept: StaticLease = { mac: own?.mac ?? wanted, ip, name: name ?? own?.name ?? null };
  const namesake = others.find((host) => kept.name !== null && host.name?.toLowerCase() === kept.name.toLowerCase());
  if (namesake) throw new AppError('input.invalid', 'The name is taken', `“${kept.name}” is the name of ${namesake.mac} already.`, { field: 'name' });
  const hosts = own ? dhcp.hosts.map((host) => (host === own ? kept : host)) : [...dhcp.hosts, kept];
  return { ...spec, ipv4: { ...spec.ipv4, dhcp: { ...dhcp, hosts } } };
}
