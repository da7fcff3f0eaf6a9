import { z } from 'zod';
import { familySchema } from './address';
import { bandwidthSchema } from './bandwidth';
import { labMarkSchema } from './labs/lab-mark';

/**
 * A libvirt virtual network as read from `virsh net-dumpxml` plus the lists that say what the XML does not
 * (active, autostart, persistent). Source: https://libvirt.org/formatnetwork.html
 */

/** `<forward mode=…>`; `none` stands for a network without `<forward>`. */
export const forwardModeSchema = z.enum(['none', 'nat', 'route', 'open', 'bridge', 'private', 'vepa', 'passthrough', 'hostdev']);
export type ForwardMode = z.infer<typeof forwardModeSchema>;

/** The kind as the user meets it, derived from forward mode and virtual port by `networkKind`. */
export const networkKindSchema = z.enum(['nat', 'routed', 'open', 'isolated', 'bridged', 'macvtap', 'ovs', 'sriov']);
export type NetworkKind = z.infer<typeof networkKindSchema>;

export const dhcpRangeSchema = z.object({ start: z.string(), end: z.string() });

/** `<host>` in `<dhcp>`: IPv4 by `mac`, IPv6 by `id` (DUID) or name. */
export const dhcpHostSchema = z.object({
  mac: z.string().optional(),
  id: z.string().optional(),
  name: z.string().optional(),
  ip: z.string().optional(),
});
export type DhcpHost = z.infer<typeof dhcpHostSchema>;

/** `<ip>`: the host's own address on this network and what dnsmasq hands out there. */
export const networkIpSchema = z.object({
  family: familySchema,
  address: z.string(),
  prefix: z.number().int(),
  dhcp: z.object({ ranges: z.array(dhcpRangeSchema), hosts: z.array(dhcpHostSchema), bootpFile: z.string().optional() }).nullable(),
  tftpRoot: z.string().optional(),
});
export type NetworkIp = z.infer<typeof networkIpSchema>;

export const dnsHostSchema = z.object({ ip: z.string(), hostnames: z.array(z.string()) });

export const vlanSchema = z.object({
  trunk: z.boolean(),
  tags: z.array(z.object({ id: z.number().int(), nativeMode: z.enum(['tagged', 'untagged']).optional() })),
});
export type Vlan = z.infer<typeof vlanSchema>;

/** `bandwidth` is absent where nothing is limited. */
export const portgroupSchema = z.object({ name: z.string(), isDefault: z.boolean(), vlan: vlanSchema.nullable(), bandwidth: bandwidthSchema.optional() });
export type Portgroup = z.infer<typeof portgroupSchema>;

/** One row of `virsh net-dhcp-leases`. `expiresAt`: ISO 8601 in UTC, null when the lease never ends or is unknown. */
export const leaseSchema = z.object({
  mac: z.string(),
  family: familySchema,
  address: z.string(),
  prefix: z.number().int(),
  hostname: z.string().nullable(),
  clientId: z.string().nullable(),
  expiresAt: z.string().nullable(),
});
export type Lease = z.infer<typeof leaseSchema>;

export const networkSchema = z.object({
  uuid: z.string(),
  name: z.string(),
  title: z.string().nullable(),
  kind: networkKindSchema,
  active: z.boolean(),
  autostart: z.boolean(),
  persistent: z.boolean(),
  forward: z.object({
    mode: forwardModeSchema,
    /** `<forward dev=…>`: leave only through this NIC. */
    dev: z.string().nullable(),
    /** `<interface dev=…>` or the `<pf>`/PCI addresses of pools. */
    interfaces: z.array(z.string()),
    natIpv6: z.boolean(),
  }),
  bridge: z.object({
    name: z.string(),
    stp: z.boolean(),
    delaySeconds: z.number(),
    zone: z.string().nullable(),
  }).nullable(),
  /** `<virtualport type=…>`, for example `openvswitch`. */
  virtualPort: z.string().nullable(),
  /** `<port isolated='yes'/>`: machines here can't reach each other. */
  portIsolation: z.boolean(),
  /** `<network ipv6='yes'>`: IPv6 between machines although the host has no IPv6 address here. */
  guestIpv6: z.boolean(),
  mac: z.string().nullable(),
  mtu: z.number().int().nullable(),
  domain: z.object({ name: z.string(), localOnly: z.boolean() }).nullable(),
  dns: z.object({
    enabled: z.boolean(),
    forwarders: z.array(z.object({ address: z.string().nullable(), domain: z.string().nullable() })),
    hosts: z.array(dnsHostSchema),
    srv: z.array(z.object({ service: z.string(), protocol: z.string(), domain: z.string().nullable(), target: z.string().nullable(), port: z.number().nullable() })),
    txt: z.array(z.object({ name: z.string(), value: z.string() })),
  }),
  ips: z.array(networkIpSchema),
  /** `<route>`: static routes the host adds towards this network. `destination` is CIDR. */
  routes: z.array(z.object({ destination: z.string(), gateway: z.string(), metric: z.number().nullable() })),
  portgroups: z.array(portgroupSchema),
  vlan: vlanSchema.nullable(),
  /** `<bandwidth>`, of all its machines together; absent where nothing is limited. */
  bandwidth: bandwidthSchema.optional(),
  /** The lab it is part of, as its metadata says. */
  lab: labMarkSchema.nullable().default(null),
  leases: z.array(leaseSchema),
  /** The running definition differs from the one the next start will use. */
  pendingRestart: z.boolean(),
});
export type Network = z.infer<typeof networkSchema>;

/** Kind from the two facts that decide it. Source: formatnetwork.html, "Connectivity". */
export function networkKind(mode: ForwardMode, virtualPort: string | null): NetworkKind {
  if (virtualPort === 'openvswitch') return 'ovs';
  switch (mode) {
    case 'none': return 'isolated';
    case 'nat': return 'nat';
    case 'route': return 'routed';
    case 'open': return 'open';
    case 'hostdev': return 'sriov';
    case 'bridge': return 'bridged';
    case 'private': case 'vepa': case 'passthrough': return 'macvtap';
  }
}
