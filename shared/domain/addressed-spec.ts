import { z } from 'zod';
import { ipSchema, ipv4Schema, ipv6Schema, macSchema } from './address';
import { bandwidthSchema } from './bandwidth';
import { addressedKinds } from './network-kinds';
import { bridgeNameSchema, networkNameSchema } from './network-names';

/**
 * What the wizard of networks whose bridge and dnsmasq are libvirt's own asks for: the whole of such a network as this app
 * shows it. What a network has beyond it (unknown elements, …) stays in its XML untouched. Shapes only; rules across fields:
 * `validateAddressedSpec`.
 */

const label = '[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})';
export const domainNameSchema = z.string().max(253).regex(/^(?!-)[A-Za-z0-9-]{1,63}(\.(?!-)[A-Za-z0-9-]{1,63})*$/, 'A domain like lab.internal');
const hostnameSchema = z.string().max(253).regex(new RegExp(`^${label}(\\.${label})*$`), 'A host name like web1');
const cidrSchema = z.string().refine(isCidr, 'Not a range like 10.20.0.0/16');
const portSchema = z.number().int().min(1, 'Between 1 and 65535').max(65535, 'Between 1 and 65535');
const range4Schema = z.object({ start: ipv4Schema, end: ipv4Schema });
const range6Schema = z.object({ start: ipv6Schema, end: ipv6Schema });
const path = z.string().min(1).max(255).regex(/^[^\p{Cc}]+$/u, 'Without control characters');

export const staticLeaseSchema = z.object({ mac: macSchema, ip: ipv4Schema, name: hostnameSchema.nullable() });
export type StaticLease = z.infer<typeof staticLeaseSchema>;

/**
 * A DHCP unique identifier (RFC 8415, 11: a type of two bytes and at most 128 more), as libvirt and dnsmasq write it: bytes with colons.
 */
const duidSchema = z.string().regex(/^[0-9a-f]{1,2}(:[0-9a-f]{1,2}){2,129}$/i, 'Not a DUID (bytes with colons, like 00:03:00:01:52:54:00:12:34:56)');
export const staticLease6Schema = z.object({ duid: duidSchema, ip: ipv6Schema, name: hostnameSchema.nullable() });
export type StaticLease6 = z.infer<typeof staticLease6Schema>;

/** `<srv>`: which machine offers a service (RFC 2782); the target “.”: nobody does. Port, priority and weight need a target. */
export const dnsServiceSchema = z.object({
  service: z.string().regex(/^[A-Za-z0-9_-]{1,63}$/, 'A service like ldap or sip'),
  protocol: z.enum(['tcp', 'udp']),
  domain: domainNameSchema.nullable(),
  target: z.union([hostnameSchema, z.literal('.')], 'A host name like web1, or . for nobody').nullable(),
  port: portSchema.nullable(),
  priority: z.number().int().min(0, 'Between 0 and 65535').max(65535, 'Between 0 and 65535').nullable(),
  weight: z.number().int().min(0, 'Between 0 and 65535').max(65535, 'Between 0 and 65535').nullable(),
});
export type DnsService = z.infer<typeof dnsServiceSchema>;

export const addressedSpecSchema = z.object({
  kind: z.enum(addressedKinds),
  name: networkNameSchema,
  title: z.string().max(200).nullable(),
  description: z.string().max(4000).nullable(),
  bridge: bridgeNameSchema,
  stp: z.boolean(),
  /** How long a port waits before it forwards. 30 is the kernel's most (BR_MAX_FORWARD_DELAY). */
  delaySeconds: z.number().int().min(0, 'Between 0 and 30').max(30, 'Between 0 and 30'),
  /** Who enters MACs into the bridge's forwarding table: the kernel learns them, or libvirt enters those of its machines and turns learning off. */
  macTableManager: z.enum(['kernel', 'libvirt']),
  /** The firewalld zone of the bridge; null: libvirt's own. 17 characters are firewalld's most. */
  zone: z.string().regex(/^[A-Za-z0-9_-]{1,17}$/, 'A zone like libvirt or trusted').nullable(),
  /** `<port isolated='yes'/>`: guests of the network can't reach each other. */
  portIsolation: z.boolean(),
  /** Null: the host has no IPv4 address here, so there is no DHCP. */
  ipv4: z.object({
    /** The host's own address on the network, the guests' gateway. */
    address: ipv4Schema,
    prefix: z.number().int().min(8, 'Between /8 and /30').max(30, 'Between /8 and /30'),
    dhcp: z.object({
      ranges: z.array(range4Schema),
      hosts: z.array(staticLeaseSchema),
      /** What machines load that start from the network (PXE). Null `server`: this host. */
      bootp: z.object({ file: path, server: ipv4Schema.nullable() }).nullable(),
    }).nullable(),
    /** A directory of the host that dnsmasq offers by TFTP. */
    tftpRoot: path.regex(/^\//, 'A directory like /srv/tftp').nullable(),
  }).nullable(),
  ipv6: z.object({
    address: ipv6Schema,
    prefix: z.number().int().min(48, 'Between /48 and /126').max(126, 'Between /48 and /126'),
    /** Null: router advertisements only, guests make their own addresses (SLAAC, needs /64). */
    dhcp: z.object({ ranges: z.array(range6Schema), hosts: z.array(staticLease6Schema) }).nullable(),
  }).nullable(),
  /** `<network ipv6='yes'>`: guests may talk IPv6 among each other although the host has no IPv6 address here. */
  guestIpv6: z.boolean(),
  domain: z.object({ name: domainNameSchema, localOnly: z.boolean() }).nullable(),
  dnsEnabled: z.boolean(),
  dnsHosts: z.array(z.object({ ip: ipSchema, hostnames: z.array(hostnameSchema).min(1, 'A record needs a name') })),
  /** Where questions go that dnsmasq can't answer; `domain`: only those about it. A domain without address is never forwarded. */
  dnsForwarders: z.array(z.object({ address: ipSchema.nullable(), domain: domainNameSchema.nullable() })),
  dnsServices: z.array(dnsServiceSchema),
  dnsTexts: z.array(z.object({ name: z.string().max(255).regex(/^[^\s,]+$/, 'A name without blanks or commas'), value: z.string().max(1000).regex(/^[^\p{Cc}]*$/u, 'Without control characters') })),
  /** Bytes; null is libvirt's default (1500). 68 is IPv4's, 1280 IPv6's least (RFC 791, RFC 8200). */
  mtu: z.number().int().min(68, 'Between 68 and 65535').max(65535, 'Between 68 and 65535').nullable(),
  /** Of all guests together. `inbound`: into the network, from the host and from outside. */
  bandwidth: bandwidthSchema,
  /** NAT only: addresses of the host that guests appear under, and source ports; null: the host's main one, 1024–65535. */
  natAddresses: range4Schema.nullable(),
  natPorts: z.object({ start: portSchema, end: portSchema }).nullable(),
  /** Networks behind a guest that is a router: the host reaches `destination` (CIDR) by way of `gateway`. */
  routes: z.array(z.object({ destination: cidrSchema, gateway: ipSchema, metric: z.number().int().min(1, 'At least 1').max(4294967295).nullable() })),
  /** Leave only through this NIC; null: wherever the host routes. */
  forwardDev: z.string().max(15).nullable(),
  autostart: z.boolean(),
});
export type AddressedSpec = z.infer<typeof addressedSpecSchema>;

function isCidr(text: string): boolean {
  const [address = '', prefix = '', ...rest] = text.split('/');
  if (rest.length > 0 || !/^\d{1,3}$/.test(prefix)) return false;
  if (ipv4Schema.safeParse(address).success) return Number(prefix) <= 32;
  return ipv6Schema.safeParse(address).success && Number(prefix) <= 128;
}

/** What is the same for every new network of these kinds, before anybody chose. */
export const plainOptions = {
  title: null, description: null, stp: true, delaySeconds: 0, macTableManager: 'kernel', zone: null, portIsolation: false, guestIpv6: false, domain: null, dnsEnabled: true, dnsHosts: [],
  dnsForwarders: [], dnsServices: [], dnsTexts: [], mtu: null, bandwidth: { inbound: null, outbound: null }, natAddresses: null, natPorts: null, routes: [],
  forwardDev: null,
} satisfies Partial<AddressedSpec>;
