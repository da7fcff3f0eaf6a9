import { z } from 'zod';
import { ipSchema, ipv4Schema, ipv6Schema, macSchema } from './address';

/**
 * What the NAT wizard asks for: the whole of a NAT network as this app shows it. What a network has beyond it
 * (unknown elements, QoS, …) stays in its XML untouched. Shapes only; rules across fields: `validateNatSpec`.
 */

/** libvirt refuses `/` and names that are `.` or `..`; control characters would confuse every tool. */
export const networkNameSchema = z
  .string()
  .min(1, 'A name is needed')
  .max(64, 'At most 64 characters')
  .regex(/^[^/\p{Cc}]+$/u, 'A name can\'t hold “/” or control characters')
  .refine((name) => name !== '.' && name !== '..', '“.” and “..” are not names')
  .refine((name) => name.trim() === name, 'No blanks at the start or end');

/** IFNAMSIZ leaves 15 bytes for an interface name (linux/if.h). */
export const bridgeNameSchema = z
  .string()
  .min(1, 'A bridge name is needed')
  .regex(/^[A-Za-z0-9_.-]+$/, 'Letters, digits, “_”, “.” and “-” only')
  .max(15, 'Linux allows 15 characters for an interface name')
  .refine((name) => name !== '.' && name !== '..', '“.” and “..” are not names');

const domainNameSchema = z.string().max(253).regex(/^(?!-)[A-Za-z0-9-]{1,63}(\.(?!-)[A-Za-z0-9-]{1,63})*$/, 'A domain like lab.internal');
const hostnameSchema = z.string().max(253).regex(/^[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,62}))*$/, 'A host name like web1');

export const natSpecSchema = z.object({
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
export type NatSpec = z.infer<typeof natSpecSchema>;

/** One thing wrong with a draft, tied to its field. `path` as in AppErrorData.field. */
export interface FieldIssue {
  path: string;
  message: string;
  /** A warning lets the user go on. */
  severity: 'error' | 'warning';
}

/** An address range that is taken, and by whom. `owner` is a sentence part: "default on attic", "docker0 on attic". */
export const usedRangeSchema = z.object({
  cidr: z.string(),
  owner: z.string(),
  hostId: z.string(),
  kind: z.enum(['network', 'interface', 'route', 'reserved']),
  /** Set when the range belongs to this libvirt network, so that editing it doesn't conflict with itself. */
  networkUuid: z.string().nullable(),
});
export type UsedRange = z.infer<typeof usedRangeSchema>;

export const natProposalSchema = z.object({
  spec: natSpecSchema,
  /** Proposed when the user turns IPv6 on: an RFC 4193 ULA with random global ID. */
  ipv6: z.object({ address: z.string(), prefix: z.number() }),
  used: z.array(usedRangeSchema),
});
export type NatProposal = z.infer<typeof natProposalSchema>;
