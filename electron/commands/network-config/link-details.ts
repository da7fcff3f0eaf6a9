import { z } from 'zod';
import { parseJsonReply } from '../json-reply';

export interface LinkDetails {
  permanentMac: string | null;
  addressGeneration: string | null;
  temporary: string[];
}

const linkSchema = z.object({
  ifname: z.string().optional(),
  permaddr: z.string().optional(),
  inet6_addr_gen_mode: z.string().optional(),
  addr_info: z.array(z.object({ local: z.string().optional(), temporary: z.boolean().default(false) })).default([]),
});

/** More of the reply of `ip -j -d address` than the inventory keeps, by interface. Throws AppError `reply.unreadable`. */
export function parseLinkDetails(stdout: string): ReadonlyMap<string, LinkDetails> {
  return new Map(parseJsonReply('ip address', z.array(linkSchema), stdout).flatMap((link): [string, LinkDetails][] => (link.ifname === undefined ? [] : [[link.ifname, {
    permanentMac: link.permaddr ?? null,
    addressGeneration: link.inet6_addr_gen_mode ?? null,
    temporary: link.addr_info.flatMap(({ local, temporary }) => (temporary && local ? [local] : [])),
  }]])));
}

/** `PATH:VALUE`, an interface a line. Source: grep(1), -H. */
export const acceptRaArgv: readonly string[] = ['grep', '-rH', '.', '/proc/sys/net/ipv6/conf', '--include=accept_ra'];

export function parseAcceptRa(stdout: string): ReadonlyMap<string, number> {
  return new Map([...stdout.matchAll(/^\/proc\/sys\/net\/ipv6\/conf\/([^/]+)\/accept_ra:(\d)$/gm)].map((match) => [match[1]!, Number(match[2])]));
}

/** Interfaces with a radio, whatever they are called: their folders in sysfs. */
export const radiosArgv: readonly string[] = ['find', '/sys/class/net/', '-maxdepth', '2', '-follow', '-name', 'phy80211'];

export function parseRadios(stdout: string): string[] {
  return [...stdout.matchAll(/^\/sys\/class\/net\/+([^/]+)\/phy80211$/gm)].map((match) => match[1]!);
}
