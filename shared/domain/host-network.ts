import { z } from 'zod';
import { familySchema } from './address';

/** The host's own side: interfaces, routes and Open vSwitch. Sources: ip-link(8), ip-address(8), ip-route(8), ovs-vswitchd.conf.db(5). */

export const interfaceKindSchema = z.enum([
  'physical', 'wireless', 'loopback', 'bridge', 'bond', 'vlan', 'tap', 'tun', 'veth', 'macvlan', 'macvtap', 'wireguard', 'vxlan', 'dummy', 'ovs', 'other',
]);
export type InterfaceKind = z.infer<typeof interfaceKindSchema>;

export const interfaceAddressSchema = z.object({
  family: familySchema,
  address: z.string(),
  prefix: z.number().int(),
  /** `global`, `link`, `host`, `site`. */
  scope: z.string(),
  /** From DHCP or router advertisements, with a lifetime. */
  dynamic: z.boolean(),
});

export const hostInterfaceSchema = z.object({
  name: z.string(),
  index: z.number().int(),
  kind: interfaceKindSchema,
  mac: z.string().nullable(),
  mtu: z.number().int(),
  adminUp: z.boolean(),
  /** RFC 2863 state as the kernel names it: UP, DOWN, LOWERLAYERDOWN, UNKNOWN, … */
  operState: z.string(),
  /** Bridge, bond or VRF it is a port of (`master` in ip-link). */
  controller: z.string().nullable(),
  /** The lower device of a VLAN, macvlan, … */
  parent: z.string().nullable(),
  vlanId: z.number().int().nullable(),
  addresses: z.array(interfaceAddressSchema),
  bridge: z.object({ stp: z.boolean(), forwardDelaySeconds: z.number(), vlanFiltering: z.boolean() }).nullable(),
  /** Virtual functions that an SR-IOV card has switched on. Absent: none. */
  virtualFunctions: z.number().int().optional(),
});
export type HostInterface = z.infer<typeof hostInterfaceSchema>;

export const routeSchema = z.object({
  family: familySchema,
  /** CIDR, or `default`. */
  destination: z.string(),
  gateway: z.string().nullable(),
  device: z.string().nullable(),
  metric: z.number().nullable(),
  table: z.string(),
  protocol: z.string().nullable(),
  /** `unicast`, `blackhole`, `unreachable`, … Local and broadcast entries are left out. */
  type: z.string(),
});
export type Route = z.infer<typeof routeSchema>;

export const ovsInterfaceSchema = z.object({
  name: z.string(),
  /** `system`, `internal`, `patch`, `vxlan`, `gre`, … */
  type: z.string(),
  adminState: z.string().nullable(),
  linkState: z.string().nullable(),
  ofport: z.number().nullable(),
  error: z.string().nullable(),
  options: z.record(z.string(), z.string()),
});

export const ovsPortSchema = z.object({
  name: z.string(),
  tag: z.number().int().nullable(),
  trunks: z.array(z.number().int()),
  vlanMode: z.string().nullable(),
  bondMode: z.string().nullable(),
  interfaces: z.array(ovsInterfaceSchema),
});
export type OvsPort = z.infer<typeof ovsPortSchema>;

export const ovsBridgeSchema = z.object({
  name: z.string(),
  /** Empty means the kernel datapath (`system`); `netdev` is the userspace one. */
  datapathType: z.string(),
  failMode: z.string().nullable(),
  stp: z.boolean(),
  ports: z.array(ovsPortSchema),
  /** What ovs-vswitchd says is wrong with the bridge itself, if anything. */
  problem: z.string().nullable(),
});
export type OvsBridge = z.infer<typeof ovsBridgeSchema>;
