import { z } from 'zod';
import { ipv4Schema, ipv6Schema } from '../address';
import { addressedSpecSchema, plainOptions } from '../addressed-spec';
import { addressedKinds } from '../network-kinds';
import type { AddressedSpec } from '../addressed-spec';
import { bridgedSpecSchema, macvtapSpecSchema, ovsSpecSchema, sriovSpecSchema } from '../attached-spec';
import { closed } from './closed-schema';
import { labMachineSchema } from './lab-machine';
import { labKeySchema, labNameSchema } from './lab-mark';
import { labRouterSchema } from './lab-router';
import { roleKeySchema } from './role-mark';

/**
 * A lab as its file says it. What a network is asked for has the names and shapes of its form (`NetworkSpec`), so a file can hold
 * whatever a form can; beyond that it may leave to the host what it doesn't care about: `auto` subnets, bridges without a name.
 * The version grows when a file of before would mean something else; new keys alone don't change it.
 */

const withPrefix = (address: z.ZodType<string>, least: number, most: number, example: string) => z.string().refine((text) => {
  const [ip = '', prefix = '', ...rest] = text.split('/');
  return rest.length === 0 && address.safeParse(ip).success && /^\d{1,3}$/.test(prefix) && Number(prefix) >= least && Number(prefix) <= most;
}, `An address of the host with its prefix, like ${example}`);

const ipv4Shape = addressedSpecSchema.shape.ipv4.unwrap().shape;
const ipv6Shape = addressedSpecSchema.shape.ipv6.unwrap().shape;

const hostIpv4Schema = z.union([
  z.enum(['auto', 'none']),
  z.strictObject({
    address: z.union([z.literal('auto'), withPrefix(ipv4Schema, 8, 30, '10.20.30.1/24')]).default('auto')
      .describe('The host\'s own address with its prefix, the machines\' gateway. auto: the first of a free /24'),
    dhcp: z.union([z.enum(['auto', 'none']), closed(ipv4Shape.dhcp.unwrap())]).default('auto').describe('auto: a range that fits'),
    tftpRoot: ipv4Shape.tftpRoot.default(null),
  }),
]);

const hostIpv6Schema = z.union([
  z.literal('none'),
  z.strictObject({
    address: withPrefix(ipv6Schema, 48, 126, 'fd12:3456:789a::1/64'),
    dhcp: z.union([z.literal('none'), closed(ipv6Shape.dhcp.unwrap())]).default('none').describe('none: machines make their own addresses (SLAAC)'),
  }),
]);

type PlainOption = keyof typeof plainOptions;
const options = Object.fromEntries((Object.keys(plainOptions) as PlainOption[]).map((key) => [key, closed(addressedSpecSchema.shape[key]).optional()])) as {
  [K in PlainOption]: z.ZodOptional<z.ZodType<AddressedSpec[K]>>
};

const name = addressedSpecSchema.shape.name.optional().describe('The network\'s name in libvirt. Left out: the lab\'s and its own, as in campus-staff');
const autostart = z.boolean().default(true);

const addressed = <K extends string>(kind: K) => z.strictObject({
  kind: z.literal(kind), name, bridge: addressedSpecSchema.shape.bridge.optional(), autostart,
  ipv4: hostIpv4Schema.default('auto'), ipv6: hostIpv6Schema.default('none'), ...options,
});

const common = {
  name, autostart,
  title: bridgedSpecSchema.shape.title.default(null), description: bridgedSpecSchema.shape.description.default(null),
  vlan: closed(bridgedSpecSchema.shape.vlan).default(null), portgroups: closed(bridgedSpecSchema.shape.portgroups).default([]),
};

export const labNetworkSchema = z.discriminatedUnion('kind', [
  addressed('nat'), addressed('routed'), addressed('open'), addressed('isolated'),
  z.strictObject({ kind: z.literal('bridged'), ...common, bridge: bridgedSpecSchema.shape.bridge, isolatedPorts: z.boolean().default(false) }),
  z.strictObject({ kind: z.literal('macvtap'), ...common, mode: macvtapSpecSchema.shape.mode.default('bridge'), devices: macvtapSpecSchema.shape.devices }),
  z.strictObject({
    kind: z.literal('ovs'), ...common,
    bridge: ovsSpecSchema.shape.bridge.optional().describe('Left out: a free name, for a bridge that is made along'),
    createBridge: z.strictObject({ datapath: z.enum(['system', 'netdev']).default('system'), stp: z.boolean().default(false) }).nullable().default(null)
      .describe('The Open vSwitch bridge is made with the lab, and removed with it. null: it is there'),
  }),
  z.strictObject({ kind: z.literal('sriov'), ...common, device: sriovSpecSchema.shape.device, managed: z.boolean().default(true) }),
]);
export type LabNetwork = z.output<typeof labNetworkSchema>;
export type AddressedLabNetwork = Extract<LabNetwork, { kind: (typeof addressedKinds)[number] }>;

export const labFileSchema = z.strictObject({
  version: z.literal(1).describe('Of this format'),
  name: labNameSchema,
  title: z.string().max(200, 'At most 200 characters').optional(),
  description: z.string().max(4000, 'At most 4000 characters').optional(),
  host: z.string().min(1).max(255).optional().describe('The host it is for, as the app or the command line calls it. Left out: any'),
  networks: z.record(labKeySchema, labNetworkSchema).refine((networks) => Object.keys(networks).length > 0, 'A lab needs a network'),
  machines: z.record(roleKeySchema, labMachineSchema).default({}).describe('The roles of the lab, each with the machine that plays it'),
  routers: z.record(labKeySchema, labRouterSchema).default({}).describe('Small machines made on the host that route between the lab\'s networks'),
});
export type LabFile = z.output<typeof labFileSchema>;
export function isAddressedLabNetwork(network: LabNetwork): network is AddressedLabNetwork {
  return (addressedKinds as readonly string[]).includes(network.kind);
}

/** What libvirt calls a network of a lab. */
export function libvirtNameOf(lab: string, key: string, network: Pick<LabNetwork, 'name'>): string {
  return network.name ?? `${lab}-${key}`;
}
