import { z } from 'zod';
import { ipSchema, ipv4Schema, ipv6Schema, macSchema } from './address';
import { bridgeNameSchema, networkNameSchema } from './network-names';

/**
 * What the wizard of networks whose bridge and dnsmasq are libvirt's own asks for: the whole of such a network as this app
 * shows it. What a network has beyond it (unknown elements, …) stays in its XML untouched. Shapes only; rules across fields:
 * `validateAddressedSpec`.
 */

export const addressedKinds = ['nat', 'routed', 'open', 'isolated'] as const;
export type AddressedKind = (typeof addressedKinds)[number];

const domainNameSchema = z.string().max(253).regex(/^(?!-)[A-Za-z0-9-]{1,63}(\.(?!-)[A-Za-z0-9-]{1,63})*$/, 'A domain like lab.internal');
const hostnameSchema = z.string().max(253).regex(/^[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,62}))*$/, 'A host name like web1');

export const addressedSpecSchema = z.object({
  kind: z.enum(addressedKinds),
  name: networkNameSchema,
  title: z.string().max(200).nullable(),
  bridge: bridgeNameSchema,
  ipv4: z.object({
    /** The host's own address on the network, the guests' gateway. */
    address: ipv4Schema,
    prefix: z.number().int().min(8, 'Between /8 and /30').max(30, 'Between /8 and /30'),
    dhcp: z.object({
      ranges: z.array(z.object({ start: ipv4Schema, end: ipv4Schema })),
      hosts: z.array(z.object({ mac: macSchema, ip: ipv4Schema, name: hostnameSchema.nullable() })),
    }).nullable(),
  }),
  ipv6: z.object({
    address: ipv6Schema,
    prefix: z.number().int().min(48, 'Between /48 and /126').max(126, 'Between /48 and /126'),
    /** Null: router advertisements only, guests make their own addresses (SLAAC, needs /64). */
    dhcp: z.object({ ranges: z.array(z.object({ start: ipv6Schema, end: ipv6Schema })) }).nullable(),
  }).nullable(),
  domain: z.object({ name: domainNameSchema, localOnly: z.boolean() }).nullable(),
  dnsHosts: z.array(z.object({ ip: ipSchema, hostnames: z.array(hostnameSchema).min(1, 'A record needs a name') })),
  dnsForwarders: z.array(ipSchema),
  /** Bytes; null is libvirt's default (1500). 68 is IPv4's, 1280 IPv6's least (RFC 791, RFC 8200). */
  mtu: z.number().int().min(68, 'Between 68 and 65535').max(65535, 'Between 68 and 65535').nullable(),
  /** Leave only through this NIC; null: wherever the host routes. */
  forwardDev: z.string().max(15).nullable(),
  autostart: z.boolean(),
});
export type AddressedSpec = z.infer<typeof addressedSpecSchema>;

export function isAddressed<S extends { kind: string }>(spec: S): spec is Extract<S, AddressedSpec> {
  return (addressedKinds as readonly string[]).includes(spec.kind);
}
