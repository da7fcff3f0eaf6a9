import type { HostState, InterfaceState } from '../host-state';
import { lastAddress } from './address-math';
import { flagsOf, hasCarrier, operState } from './link-state';
import { queueOf, scopeOf } from './ip-lines';
import { portCounters } from './counters';
import type { RouteRow } from './routes';

/** The objects of `ip -j` and `bridge -j` (iproute2 6.1), members in the tool's own order. */

const forever = 4294967295;

interface Detail { details: boolean; statistics: boolean; now: number }

export function linkObject(state: HostState, link: InterfaceState, { details, statistics, now }: Detail): object {
  return {
    ...linkHead(state, link),
    linkmode: 'DEFAULT', group: 'default', txqlen: 1000,
    ...hardware(link),
    ...(details ? { ...linkDetails(state, link, true), ...queues(link) } : {}),
    ...(statistics ? { stats64: portCounters(link, state.bootedAt, now) } : {}),
  };
}

export function addressObject(state: HostState, link: InterfaceState, { details, family }: { details: boolean; family: 'inet' | 'inet6' | null }): object {
  const addresses = link.addresses.filter((address) => family === null || address.family === family);
  return {
    ...linkHead(state, link),
    group: 'default', txqlen: 1000,
    ...(family === null ? hardware(link) : {}),
    ...(details ? { ...linkDetails(state, link, false), ...queues(link) } : {}),
    addr_info: addresses.map((address) => ({
      family: address.family, local: address.address, prefixlen: address.prefix,
      ...(address.family === 'inet' && link.kind !== 'loopback' ? { broadcast: lastAddress(address.address, address.prefix) } : {}),
      scope: scopeOf(link, address),
      ...(address.validSeconds === null ? {} : { dynamic: true }),
      ...(address.family === 'inet' ? { label: link.name } : {}),
      valid_life_time: address.validSeconds ?? forever, preferred_life_time: address.validSeconds ?? forever,
    })),
  };
}

function linkHead(state: HostState, link: InterfaceState): object {
  return {
    ifindex: link.index, ifname: link.name, flags: flagsOf(state, link), mtu: link.mtu, qdisc: queueOf(link),
    ...(link.controller === null ? {} : { master: link.controller }),
    operstate: operState(state, link),
  };
}

function hardware(link: InterfaceState): object {
  const loopback = link.kind === 'loopback';
  return {
    link_type: loopback ? 'loopback' : 'ether', address: link.mac,
    broadcast: loopback ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff',
  };
}

function queues(link: InterfaceState): object {
  return {
    num_tx_queues: 1, num_rx_queues: 1, gso_max_size: 65536, gso_max_segs: 65535, tso_max_size: link.kind === 'loopback' ? 524280 : 65536,
    tso_max_segs: 65535, gro_max_size: 65536,
    ...(link.device ? { parentbus: 'pci', parentdev: link.device.pci } : {}),
  };
}

function linkDetails(state: HostState, link: InterfaceState, generation: boolean): object {
  const port = link.controller !== null;
  const info = linkInfo(state, link);
  return {
    promiscuity: port || link.kind === 'ovs' ? 1 : 0, allmulti: port ? 1 : 0,
    min_mtu: link.kind === 'loopback' ? 0 : 68, max_mtu: maxMtu(link),
    ...(info ? { linkinfo: info } : {}),
    ...(generation ? { inet6_addr_gen_mode: 'eui64' } : {}),
  };
}

function maxMtu(link: InterfaceState): number {
  if (link.kind === 'loopback') return 0;
  if (link.kind === 'physical') return 9216;
  return link.kind === 'bridge' ? 65535 : 65521;
}

function linkInfo(state: HostState, link: InterfaceState): object | null {
  const slave = link.controller !== null && state.interfaces.some((other) => other.name === link.controller && other.bridge)
    ? { info_slave_kind: 'bridge', info_slave_data: portData(state, link) }
    : {};
  if (link.kind === 'bridge' && link.bridge) return { info_kind: 'bridge', info_data: bridgeData(link, link.bridge) };
  if (link.kind === 'tap') {
    return { info_kind: 'tun', info_data: { type: 'tap', pi: false, vnet_hdr: true, multi_queue: false, persist: false }, ...slave };
  }
  if (link.kind === 'ovs') return { info_kind: 'openvswitch' };
  return 'info_slave_kind' in slave ? slave : null;
}

function bridgeData(link: InterfaceState, bridge: { stp: boolean; forwardDelay: number }): object {
  // The kernel prints each byte of a bridge ID without its leading zero.
  const id = `8000.${link.mac.split(':').map((pair) => parseInt(pair, 16).toString(16)).join(':')}`;
  return {
    forward_delay: bridge.forwardDelay, hello_time: 200, max_age: 2000, ageing_time: 30000, stp_state: bridge.stp ? 1 : 0, priority: 32768,
    vlan_filtering: 0, bridge_id: id, root_id: id, root_port: 0, root_path_cost: 0, topology_change: 0, topology_change_detected: 0,
    hello_timer: 0, tcn_timer: 0, topology_change_timer: 0, gc_timer: 0, group_fwd_mask: '0', group_addr: '01:80:c2:00:00:00',
    mcast_snooping: 1, no_linklocal_learn: 0, mcast_vlan_snooping: 0, mcast_router: 1, nf_call_iptables: 0, nf_call_ip6tables: 0, nf_call_arptables: 0,
  };
}

function portState(state: HostState, link: InterfaceState): string {
  return hasCarrier(state, link) ? 'forwarding' : 'disabled';
}

function portData(state: HostState, link: InterfaceState): object {
  return {
    state: portState(state, link), priority: 32, cost: link.kind === 'tap' ? 2 : 4, hairpin: false, guard: false, root_block: false,
    fastleave: false, learning: true, flood: true, vlan_tunnel: false, isolated: link.isolated ?? false, locked: false,
  };
}

/** A row of `bridge -j link`. */
export function portObject(state: HostState, link: InterfaceState, details: boolean): object {
  return {
    ifindex: link.index, ifname: link.name, flags: flagsOf(state, link), mtu: link.mtu, master: link.controller,
    state: portState(state, link), priority: 32, cost: link.kind === 'tap' ? 2 : 4,
    ...(details ? {
      hairpin: false, guard: false, root_block: false, fastleave: false, learning: true, flood: true, mcast_flood: true, bcast_flood: true,
      mcast_router: 1, mcast_to_unicast: false, neigh_suppress: false, vlan_tunnel: false, isolated: link.isolated ?? false, locked: false,
    } : {}),
  };
}

/** A row of `ip -j route`; with `details` as `-d` prints it, `allTables` when more than one table was asked for. */
export function routeObject(row: RouteRow, family: 'inet' | 'inet6', { details, allTables }: { details: boolean; allTables: boolean }): object {
  const v6 = family === 'inet6';
  return {
    ...(details || row.type !== 'unicast' ? { type: row.type } : {}),
    dst: row.destination,
    ...(row.gateway === null ? {} : { gateway: row.gateway }),
    dev: row.device,
    ...(allTables && (details || row.table !== 'main') ? { table: row.table } : {}),
    ...(details || row.protocol !== 'boot' ? { protocol: row.protocol } : {}),
    ...(details || (row.scope !== 'global' && !v6) ? { scope: row.scope } : {}),
    ...(row.source === null ? {} : { prefsrc: row.source }),
    ...(row.metric === null ? {} : { metric: row.metric }),
    flags: row.linkDown ? ['linkdown'] : [],
    ...(v6 ? { pref: 'medium' } : {}),
  };
}
