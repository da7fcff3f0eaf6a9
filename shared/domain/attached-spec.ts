import { z } from 'zod';
import { bandwidthSchema } from './bandwidth';
import { bridgeNameSchema, networkNameSchema } from './network-names';

/**
 * Networks that libvirt only attaches to something the host has: a Linux bridge, a NIC (macvtap), an Open vSwitch bridge,
 * a card's virtual functions. libvirt gives them no address, DHCP or MTU of their own: it refuses `<ip>` and `<mtu>` there.
 * Shapes only; rules across fields and against the host: `validateAttachedSpec`. Source: https://libvirt.org/formatnetwork.html
 */

/** 802.1Q leaves 12 bits; 0 means “no VLAN” and 4095 is reserved. */
export const vlanTagSchema = z.number('A VLAN is a number').int('A VLAN is a whole number').min(1, 'VLANs go from 1 to 4094').max(4094, 'VLANs go from 1 to 4094');

/**
 * What a machine's port carries. `access`: one VLAN, untagged towards the machine. `trunk`: several, tagged; the native one
 * comes besides `tags` and is what untagged frames of the machine belong to.
 */
export const vlanSpecSchema = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('access'), tag: vlanTagSchema }),
  z.object({
    mode: z.literal('trunk'),
    tags: z.array(vlanTagSchema).max(4094),
    native: z.object({ tag: vlanTagSchema, mode: z.enum(['tagged', 'untagged']) }).nullable(),
  }),
]);
export type VlanSpec = z.infer<typeof vlanSpecSchema>;

export const portgroupSpecSchema = z.object({
  name: z.string().min(1, 'A portgroup needs a name').max(64, 'At most 64 characters').regex(/^[^\p{Cc}]+$/u, 'No control characters')
    .refine((name) => name.trim() === name, 'No blanks at the start or end'),
  /** What NICs get that name no portgroup. */
  isDefault: z.boolean(),
  vlan: vlanSpecSchema.nullable(),
  bandwidth: bandwidthSchema,
});
export type PortgroupSpec = z.infer<typeof portgroupSpecSchema>;

const common = {
  name: networkNameSchema,
  title: z.string().max(200, 'At most 200 characters').nullable(),
  description: z.string().max(2000, 'At most 2000 characters').nullable(),
  /** Of NICs whose portgroup says nothing else; null: frames pass as they are. */
  vlan: vlanSpecSchema.nullable(),
  portgroups: z.array(portgroupSpecSchema).max(4094),
  autostart: z.boolean(),
};

const deviceSchema = bridgeNameSchema;

export const bridgedSpecSchema = z.object({
  kind: z.enum(['bridged']), ...common,
  /** A Linux bridge that is there already. */
  bridge: bridgeNameSchema,
  /** `<port isolated>`: machines here can't reach each other through the bridge, only its other ports. */
  isolatedPorts: z.boolean(),
});
export type BridgedSpec = z.infer<typeof bridgedSpecSchema>;

export const macvtapModeSchema = z.enum(['bridge', 'private', 'vepa', 'passthrough']);
export type MacvtapMode = z.infer<typeof macvtapModeSchema>;

export const macvtapSpecSchema = z.object({
  kind: z.enum(['macvtap']), ...common,
  mode: macvtapModeSchema,
  /** NICs; libvirt gives a machine the one that the fewest use. */
  devices: z.array(deviceSchema).min(1, 'A NIC is needed').max(256),
});
export type MacvtapSpec = z.infer<typeof macvtapSpecSchema>;

/** A bridge that is made along. `netdev`: Open vSwitch's own datapath in user space, where the kernel has no module. */
export const newSwitchSchema = z.object({ datapath: z.enum(['system', 'netdev']), stp: z.boolean() });

export const ovsSpecSchema = z.object({
  kind: z.enum(['ovs']), ...common,
  bridge: bridgeNameSchema,
  /** Null: the bridge is there. Never part of the definition. */
  createBridge: newSwitchSchema.nullable(),
});
export type OvsSpec = z.infer<typeof ovsSpecSchema>;

export const sriovSpecSchema = z.object({
  kind: z.enum(['sriov']), ...common,
  /** The card's physical function; libvirt finds its virtual functions by itself. */
  device: deviceSchema,
  /** libvirt takes the function from its driver and gives it back. */
  managed: z.boolean(),
});
export type SriovSpec = z.infer<typeof sriovSpecSchema>;

export const attachedSpecSchema = z.discriminatedUnion('kind', [bridgedSpecSchema, macvtapSpecSchema, ovsSpecSchema, sriovSpecSchema]);
export type AttachedSpec = z.infer<typeof attachedSpecSchema>;

/** Neither VLAN nor limit. */
export const noBandwidth: PortgroupSpec['bandwidth'] = { inbound: null, outbound: null };

/** `VLAN 10`, `trunk of 10, 20, native 1`. */
export function describeVlan(vlan: VlanSpec | null): string {
  if (vlan === null) return 'no VLAN';
  if (vlan.mode === 'access') return `VLAN ${vlan.tag}`;
  const native = vlan.native ? `native ${vlan.native.tag}` : '';
  const tags = vlan.tags.length > 0 ? `trunk of ${vlan.tags.join(', ')}` : 'trunk';
  return [tags, native].filter((part) => part !== '').join(', ');
}
