import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { ipSchema, macSchema } from '../../../shared/domain/address';
import type { Lease, NetworkIp } from '../../../shared/domain/network';
import { parseJsonReply } from '../json-reply';

const folder = '/var/lib/libvirt/dnsmasq';

/**
 * All files in which libvirt's dnsmasq keeps the leases of each network, by bridge (libvirt, src/network/leaseshelper.c), line by
 * line with their paths. Better than `virsh net-dhcp-leases`: its times are seconds since the epoch, not the host's local
 * time. One process however many networks there are; `cat` in a loop took ten times as long. Source: grep(1).
 */
export const leaseStatusArgv: readonly string[] = ['grep', '-r', '', folder, '--include=*.status'];

export const leaseStatusPath = (bridge: string): string => `${folder}/${bridge}.status`;

/**
 * Contents of the lease files by bridge, of those that hold anything. Null: there may be others that this user can't
 * read. (grep exits with 1 when all are empty, and complains about what it can't read.)
 */
export function splitLeaseStatus(outcome: { exitCode: number | null; stdout: string; stderr: string }): Map<string, string> | null {
  const complaint = outcome.stderr.includes('Permission denied') || outcome.stderr.includes(`${folder}: `);
  if (complaint || outcome.exitCode === null || outcome.exitCode > 2) return null;
  const contents = new Map<string, string>();
  for (const line of outcome.stdout.split('\n')) {
    // No interface name holds a colon (dev_valid_name in the kernel), so the first one after the path ends it.
    const found = line.startsWith(`${folder}/`) ? /^([^:]+)\.status:(.*)$/.exec(line.slice(folder.length + 1)) : null;
    if (found) contents.set(found[1]!, `${contents.get(found[1]!) ?? ''}${found[2]}\n`);
  }
  return contents;
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
