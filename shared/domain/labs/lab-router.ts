import { z } from 'zod';
import { ipv4Schema } from '../address';
import { publicKeySchema, routerAddressSchema, routerInterfaceSchema, routerSpecSchema, zoneSchema } from '../router/router-spec';
import { labKeySchema } from './lab-mark';

const labRouterInterfaceSchema = z.strictObject({
  network: labKeySchema.describe('A network of this lab, by its key'),
  portgroup: routerInterfaceSchema.shape.portgroup.default(null),
  vlan: routerInterfaceSchema.shape.vlan.default(null).describe('The 802.1Q tag inside the router: interfaces of one network share a NIC then'),
  zone: zoneSchema.describe('Rules are between zones. What leaves by “wan” has the router\'s address, unless “nat” says otherwise'),
  address: z.union([z.enum(['auto', 'dhcp']), routerAddressSchema]).default('auto')
    .describe('auto: a free one beside the host\'s, with the host as gateway and name server; of a bridged network, by DHCP'),
  dhcp: z.union([z.enum(['auto', 'none']), z.strictObject({ start: ipv4Schema, end: ipv4Schema })]).default('auto')
    .describe('What the router hands out. auto: a range that fits, where neither the host nor a zone of “nat” is'),
  gateway: ipv4Schema.nullable().default(null).describe('The way to everywhere else. Left out: the host, for an address that is auto'),
});

/** A router of a lab as its file says it. */
export const labRouterSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'Letters, digits, “.”, “_” and “-” only').optional().describe('The machine\'s name in libvirt. Left out: the lab\'s and its own, as in campus-gw'),
  title: z.string().min(1).max(200, 'At most 200 characters').nullable().default(null),
  interfaces: z.array(labRouterInterfaceSchema).min(1, 'A router needs an interface').max(8, 'At most 8 interfaces'),
  allow: z.array(z.tuple([zoneSchema, zoneSchema], 'A pair of zones, like [lan, wan]')).optional().describe('Pairs [from, to]: who may begin to talk to whom. Left out: everybody to the zones of “nat”'),
  nat: z.array(zoneSchema).optional().describe('Zones where the router\'s own address stands for all behind it. Left out: wan'),
  dns: routerSpecSchema.shape.dns.default('forward').describe('forward: asks on for the machines; fake: every name is the router itself; none'),
  nameServers: z.array(ipv4Schema).optional().describe('Whom it asks. Left out: the host, or whom the DHCP server of its interface names'),
  ssh: z.strictObject({
    keys: z.union([z.literal('auto'), z.array(publicKeySchema).min(1, 'Without a key nobody can log in').max(50, 'At most 50 keys')]).default('auto')
      .describe('Public keys of those who may log in. auto: those of the computer that makes it; they stay'),
    from: z.array(zoneSchema).min(1, 'A zone, like [wan]').optional().describe('The zones it is logged in from. Left out: those of “nat”, else all'),
  }).optional().describe('It is a jump box: who has one of the keys logs in as “jump”, and from there on to the machines of its networks'),
  autostart: z.boolean().default(true),
});
export type LabRouter = z.output<typeof labRouterSchema>;
export type LabRouterInterface = LabRouter['interfaces'][number];

/** What libvirt calls a router of a lab. */
export function routerNameOf(lab: string, key: string, router: Pick<LabRouter, 'name'>): string {
  return router.name ?? `${lab}-${key}`;
}
