import ipaddr from 'ipaddr.js';
import type { StaticLease } from '../addressed-spec';
import { isAddressed } from '../network-kinds';
import type { Network } from '../network';
import type { NetworkSpec } from '../network-spec';
import type { LabPath } from './lab-problem';
import type { RoleNicPlace } from './role-macs';

/** An address that a network keeps for a NIC of a role, and where the file asks for it. */
interface Reservation { lease: StaticLease; path: LabPath }

/**
 * The network with the addresses of the roles that are on it, if it hands out any. What it has on the host already keeps its order there.
 * `pathOf`: where the file says what one of the spec's reservations is made of; null: in the network itself.
 */
export function withRoleReservations(spec: NetworkSpec, key: string, nics: readonly RoleNicPlace[], existing: Network | null): { spec: NetworkSpec; pathOf: (at: number) => LabPath | null } {
  const ipv4 = isAddressed(spec) ? spec.ipv4 : null;
  if (!isAddressed(spec) || !ipv4?.dhcp) return { spec, pathOf: () => null };
  const own = ipv4.dhcp.hosts.map((lease) => ({ lease, path: null }));
  const added = reservationsOf(key, nics, ipv4.dhcp.hosts);
  if (added.length === 0) return { spec, pathOf: () => null };
  const order = (existing?.ips.find((ip) => ip.family === 'ipv4')?.dhcp?.hosts ?? []).map((host) => host.ip);
  const placeOf = ({ lease }: { lease: StaticLease }): number => (order.includes(lease.ip) ? order.indexOf(lease.ip) : order.length);
  const all: { lease: StaticLease; path: LabPath | null }[] = [...own, ...added].sort((a, b) => placeOf(a) - placeOf(b));
  return { spec: { ...spec, ipv4: { ...ipv4, dhcp: { ...ipv4.dhcp, hosts: all.map(({ lease }) => lease) } } }, pathOf: (at) => all[at]?.path ?? null };
}

function reservationsOf(key: string, nics: readonly RoleNicPlace[], own: readonly StaticLease[]): Reservation[] {
  const names = own.flatMap(({ name }) => name?.toLowerCase() ?? []);
  return nics.flatMap(({ role, at, nic, mac }): Reservation[] => {
    const { address } = nic;
    if (nic.network !== key || address === undefined || !ipaddr.IPv4.isValid(address)) return [];
    if (own.some((lease) => lease.ip === address && lease.mac.toLowerCase() === mac)) return [];
    // DNS knows the machine by its role, once a network.
    const name = names.includes(role.toLowerCase()) ? null : role;
    names.push(role.toLowerCase());
    return [{ lease: { mac, ip: address, name }, path: ['machines', role, 'nics', at, 'address'] }];
  });
}
