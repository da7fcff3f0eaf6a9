import type { HostState, InterfaceState } from '../host-state';
import { lastAddress, networkAddress, toNumber } from './address-math';
import type { Family } from './address-math';
import { hasCarrier } from './link-state';

/** A row of a routing table, with every column ip-route(8) knows of it. */
export interface RouteRow {
  type: string;
  destination: string;
  gateway: string | null;
  device: string;
  table: 'main' | 'local';
  protocol: string;
  scope: 'global' | 'link' | 'host';
  source: string | null;
  metric: number | null;
  linkDown: boolean;
}

/** Both tables of one family in the kernel's order: main first, by destination. */
export function routesOf(state: HostState, family: Family): RouteRow[] {
  const rows: RouteRow[] = state.routes.filter((route) => route.family === family).flatMap((route) => {
    const link = state.interfaces.find((other) => other.name === route.device);
    if (!link?.up) return [];
    return [{
      type: 'unicast', destination: route.destination, gateway: route.gateway, device: route.device, table: 'main' as const,
      protocol: route.protocol, scope: 'global' as const, source: null, metric: route.metric, linkDown: !hasCarrier(state, link),
    }];
  });
  for (const link of state.interfaces) {
    for (const { family: own, address, prefix } of link.addresses) {
      if (own === family) rows.push(...rowsOfAddress(state, link, address, prefix, family));
    }
  }
  return rows.sort((a, b) => tableRank(a) - tableRank(b) || compare(key(a), key(b)));
}

function rowsOfAddress(state: HostState, link: InterfaceState, address: string, prefix: number, family: Family): RouteRow[] {
  const linkDown = !hasCarrier(state, link);
  const common = { gateway: null, device: link.name, protocol: 'kernel', linkDown };
  const connected = `${networkAddress(address, prefix)}/${prefix}`;
  if (family === 'inet6') {
    const local: RouteRow = { ...common, type: 'local', destination: address, table: 'local', scope: 'global', source: null, metric: 0, linkDown: false };
    if (link.kind === 'loopback' || !link.up) return [local];
    return [local, { ...common, type: 'unicast', destination: connected, table: 'main', scope: 'global', source: null, metric: 256 }];
  }
  const local: RouteRow = { ...common, type: 'local', destination: address, table: 'local', scope: 'host', source: address, metric: null, linkDown: false };
  if (!link.up) return [local];
  const broadcast: RouteRow = { ...common, type: 'broadcast', destination: lastAddress(address, prefix), table: 'local', scope: 'link', source: address, metric: null };
  if (link.kind === 'loopback') return [{ ...local, destination: connected }, local, broadcast];
  return [{ ...common, type: 'unicast', destination: connected, table: 'main', scope: 'link', source: address, metric: null }, local, broadcast];
}

function tableRank(row: RouteRow): number {
  return row.table === 'main' ? 0 : 1;
}

function key(row: RouteRow): [bigint, number] {
  if (row.destination === 'default') return [-1n, row.metric ?? 0];
  const [address = '', prefix] = row.destination.split('/');
  return [toNumber(address), Number(prefix ?? 128) + (row.metric ?? 0) * 1000];
}

function compare(a: [bigint, number], b: [bigint, number]): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
  return a[1] - b[1];
}
