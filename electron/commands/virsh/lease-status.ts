import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { ipSchema, macSchema } from '../../../shared/domain/address';
import type { Lease, NetworkIp } from '../../../shared/domain/network';
import { parseJsonReply } from '../json-reply';

const folder = '/var/lib/libvirt/dnsmasq';

/**
 * Where libvirt's dnsmasq keeps the leases of each network, by bridge (libvirt, src/network/leaseshelper.c). Better
 * than `virsh net-dhcp-leases`: its times are seconds since the epoch, not the host's local time.
 */
export const leaseStatusGlob = `${folder}/*.status`;

export const leaseStatusPath = (bridge: string): string => `${folder}/${bridge}.status`;

/** The bridge whose leases this file holds; null for any other path. */
export function leaseStatusBridge(path: string): string | null {
  return path.startsWith(`${folder}/`) && path.endsWith('.status') ? path.slice(folder.length + 1, -'.status'.length) : null;
}

const entriesSchema = z.array(z.object({
  'ip-address': z.string(),
  'mac-address': z.string().optional(),
  'hostname': z.string().optional(),
  'client-id': z.string().optional(),
  'expiry-time': z.union([z.number(), z.string().regex(/^\d{1,12}$/).transform(Number)]).optional(),
}));

/**
 * One `.status` file; an empty one (as made at the network's start) is no leases. Leases that ended before `nowSeconds`
 * (the host's clock) are left out, as libvirt does. `ips` are the network's, for the prefix that the file lacks.
 * Throws AppError `reply.unreadable`.
 */
export function parseLeaseStatus(path: string, content: string, ips: readonly NetworkIp[], nowSeconds: number): Lease[] {
  if (content.trim() === '') return [];
  return parseJsonReply(path, entriesSchema, content).flatMap((entry): Lease[] => {
    const address = entry['ip-address'].toLowerCase();
    const mac = entry['mac-address'] ?? '';
    const expiry = entry['expiry-time'] ?? 0;
    // One broken entry (dnsmasq takes what clients send) must not hide the others.
    if (!ipSchema.safeParse(address).success || !macSchema.safeParse(mac).success) return [];
    if (expiry !== 0 && (expiry < nowSeconds || expiry > 8.64e12)) return [];
    const family = address.includes(':') ? 'ipv6' : 'ipv4';
    return [{
      mac: mac.toLowerCase(),
      family,
      address,
      prefix: prefixOf(address, family, ips),
      hostname: entry.hostname || null,
      clientId: entry['client-id'] || null,
      expiresAt: expiry === 0 ? null : new Date(expiry * 1000).toISOString(),
    }];
  });
}

function prefixOf(address: string, family: Lease['family'], ips: readonly NetworkIp[]): number {
  const host = ipaddr.parse(address);
  for (const ip of ips) {
    if (ip.family !== family || !ipaddr.isValid(ip.address)) continue;
    if (ip.prefix >= 0 && ip.prefix <= (family === 'ipv4' ? 32 : 128) && host.match(ipaddr.parse(ip.address), ip.prefix)) return ip.prefix;
  }
  return family === 'ipv4' ? 32 : 128;
}
