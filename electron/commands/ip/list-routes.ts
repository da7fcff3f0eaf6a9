import { z } from 'zod';
import type { Family } from '../../../shared/domain/address';
import type { Route } from '../../../shared/domain/host-network';
import { parseJsonReply } from '../json-reply';

/** All tables, one family. Source: ip-route(8). */
export const listRoutesArgv = (family: Family): string[] => ['ip', '-j', family === 'ipv4' ? '-4' : '-6', 'route', 'show', 'table', 'all'];

const repliesSchema = z.array(z.object({
  type: z.string().default('unicast'),
  dst: z.string().optional(),
  gateway: z.string().optional(),
  via: z.object({ host: z.string().optional() }).optional(),
  dev: z.string().optional(),
  metric: z.number().optional(),
  table: z.union([z.string(), z.number().transform(String)]).default('main'),
  protocol: z.union([z.string(), z.number().transform(String)]).optional(),
  nexthops: z.array(z.object({ gateway: z.string().optional(), dev: z.string().optional() })).default([]),
}));

/** What every interface has by itself, and no one routes by. */
const noise = new Set(['local', 'broadcast', 'multicast', 'anycast', 'throw']);

/** Local, broadcast, multicast and anycast entries are left out; a multipath route gives one entry a next hop. Throws AppError `reply.unreadable`. */
export function parseRoutes(family: Family, stdout: string): Route[] {
  return parseJsonReply('ip route', repliesSchema, stdout).flatMap((route): Route[] => {
    if (route.dst === undefined || noise.has(route.type)) return [];
    const hops = route.nexthops.length > 0 ? route.nexthops : [{ gateway: route.gateway ?? route.via?.host, dev: route.dev }];
    return hops.map((hop) => ({
      family,
      destination: asCidr(route.dst!, family),
      gateway: hop.gateway ?? null,
      device: hop.dev ?? null,
      metric: route.metric ?? null,
      table: route.table,
      protocol: route.protocol ?? null,
      type: route.type,
    }));
  });
}

/** iproute2 leaves out the length of a route to a single address. */
function asCidr(destination: string, family: Family): string {
  if (destination === 'default' || destination.includes('/')) return destination;
  return `${destination}/${family === 'ipv4' ? 32 : 128}`;
}
