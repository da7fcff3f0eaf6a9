import { z } from 'zod';
import type { HostInterface, InterfaceKind } from '../../../shared/domain/host-network';
import { parseJsonReply } from '../json-reply';

/** Links with all their details, and their addresses, in one. Source: ip-address(8). */
export const listAddressesArgv: readonly string[] = ['ip', '-j', '-d', 'address', 'show'];

const text = z.string();
const linkSchema = z.object({
  ifindex: z.number().int(),
  ifname: text,
  flags: z.array(text).default([]),
  mtu: z.number().int().default(0),
  operstate: text.default('UNKNOWN'),
  link_type: text.default(''),
  address: text.optional(),
  master: text.optional(),
  link: text.nullish(),
  vfinfo_list: z.array(z.unknown()).optional(),
  linkinfo: z.object({
    info_kind: text.optional(),
    info_data: z.object({
      type: z.unknown(), id: z.unknown(), stp_state: z.unknown(), forward_delay: z.unknown(), vlan_filtering: z.unknown(),
    }).partial().optional(),
  }).optional(),
  addr_info: z.array(z.object({
    family: text, local: text.optional(), prefixlen: z.number().int().optional(), scope: text.default('global'), dynamic: z.boolean().default(false),
  })).default([]),
});
type Link = z.infer<typeof linkSchema>;

// iproute2 prints `{}` for what it left out by a filter.
const repliesSchema = z.array(z.union([linkSchema, z.object({ ifindex: z.undefined().optional() })]));

/** Throws AppError `reply.unreadable`. Link-layer addresses that are no Ethernet MAC (tunnels) give `mac: null`. */
export function parseAddresses(stdout: string): HostInterface[] {
  return parseJsonReply('ip address', repliesSchema, stdout).flatMap((link) => ('ifname' in link ? [readLink(link)] : []));
}

function readLink(link: Link): HostInterface {
  const data = link.linkinfo?.info_data;
  const kind = kindOf(link);
  const hasMac = (link.link_type === 'ether') && /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(link.address ?? '');
  return {
    name: link.ifname,
    index: link.ifindex,
    kind,
    mac: hasMac ? link.address!.toLowerCase() : null,
    mtu: link.mtu,
    adminUp: link.flags.includes('UP'),
    operState: link.operstate,
    controller: link.master ?? null,
    parent: link.link ?? null,
    vlanId: kind === 'vlan' && Number.isInteger(data?.id) ? (data?.id as number) : null,
    addresses: link.addr_info.flatMap((address) => {
      if (address.local === undefined || address.prefixlen === undefined) return [];
      if (address.family !== 'inet' && address.family !== 'inet6') return [];
      return [{
        family: address.family === 'inet6' ? 'ipv6' as const : 'ipv4' as const,
        address: address.local, prefix: address.prefixlen, scope: address.scope, dynamic: address.dynamic,
      }];
    }),
    bridge: kind === 'bridge' ? {
      stp: Number(data?.stp_state ?? 0) > 0,
      // The kernel counts in hundredths of a second (USER_HZ).
      forwardDelaySeconds: typeof data?.forward_delay === 'number' ? data.forward_delay / 100 : 0,
      vlanFiltering: Number(data?.vlan_filtering ?? 0) > 0,
    } : null,
    ...link.vfinfo_list && link.vfinfo_list.length > 0 ? { virtualFunctions: link.vfinfo_list.length } : {},
  };
}

const kinds: Record<string, InterfaceKind> = {
  bridge: 'bridge', bond: 'bond', vlan: 'vlan', veth: 'veth', macvlan: 'macvlan', macvtap: 'macvtap', wireguard: 'wireguard',
  vxlan: 'vxlan', dummy: 'dummy', openvswitch: 'ovs',
};

function kindOf(link: Link): InterfaceKind {
  const kind = link.linkinfo?.info_kind;
  if (link.flags.includes('LOOPBACK')) return 'loopback';
  // The userspace datapath of Open vSwitch makes taps of its own, the first with this fixed name.
  if (link.ifname === 'ovs-system' || link.ifname === 'ovs-netdev') return 'ovs';
  if (kind === undefined) {
    if (link.link_type !== 'ether') return 'other';
    // Names by systemd (wl…) and the kernel's own: iproute2 doesn't say what is wireless.
    return /^wl/.test(link.ifname) ? 'wireless' : 'physical';
  }
  if (kind === 'tun') return link.linkinfo?.info_data?.type === 'tun' ? 'tun' : 'tap';
  return (Object.hasOwn(kinds, kind) ? kinds[kind] : undefined) ?? 'other';
}
