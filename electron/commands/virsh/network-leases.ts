import type { Lease } from '../../../shared/domain/network';
import { unreadableReply } from '../json-reply';

/** For the persistent virsh. Source: virsh(1), net-dhcp-leases. */
export const networkLeasesArgv = (uuid: string): string[] => ['net-dhcp-leases', uuid];

const row =
  /^\s*(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)\s+([0-9a-f]{2}(?::[0-9a-f]{2})+)\s+(ipv4|ipv6)\s+([0-9a-f.:]+)\/(\d{1,3})\s+(\S+)\s+(\S+)\s*$/i;

/**
 * The table of `virsh net-dhcp-leases`, with or without its header. Its times are local to the host, without saying so:
 * `utcOffsetMinutes` is the host's (`date +%z`). Throws AppError `reply.unreadable`.
 */
export function parseNetworkLeases(stdout: string, utcOffsetMinutes: number): Lease[] {
  const leases: Lease[] = [];
  for (const line of stdout.split('\n')) {
    if (line.trim() === '' || /^\s*Expiry Time\s/.test(line) || /^-+$/.test(line.trim())) continue;
    const found = row.exec(line);
    if (!found) throw unreadableReply('virsh net-dhcp-leases', 'printed a line this app doesn\'t know', line);
    const [, year, month, day, hour, minute, second, mac, family, address, prefix, hostname, clientId] = found;
    const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
    leases.push({
      mac: mac!.toLowerCase(),
      family: family === 'ipv6' ? 'ipv6' : 'ipv4',
      address: address!.toLowerCase(),
      prefix: Number(prefix),
      hostname: hostname === '-' ? null : hostname!,
      clientId: clientId === '-' ? null : clientId!,
      // A lease without end is printed as the epoch, which may be a day of 1969 or 1970 locally.
      expiresAt: Number(year) <= 1970 ? null : new Date(local - utcOffsetMinutes * 60_000).toISOString(),
    });
  }
  return leases;
}
