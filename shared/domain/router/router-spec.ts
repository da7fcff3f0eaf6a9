import { z } from 'zod';
import { ipv4Schema, macSchema } from '../address';
import { rangeContains, addressToNumber, networkOf, rangesOverlap } from '../subnet';

/** A group of the router's interfaces between which the same rules hold. */
export const zoneSchema = z.string().regex(/^[a-z][a-z0-9]{0,9}$/, 'Up to ten small letters and digits, and a letter at the start');

/** `10.20.30.1/24`. */
export const routerAddressSchema = z.string().refine((text) => {
  const [address = '', prefix = '', ...rest] = text.split('/');
  return rest.length === 0 && ipv4Schema.safeParse(address).success && /^\d{1,2}$/.test(prefix) && Number(prefix) >= 8 && Number(prefix) <= 30;
}, 'An IPv4 address with its prefix, like 10.20.30.1/24');

export const routerInterfaceSchema = z.object({
  /** What libvirt calls the network it is plugged into. */
  network: z.string().min(1),
  portgroup: z.string().nullable(),
  /** The 802.1Q tag inside the guest: several interfaces then share a NIC, and have its MAC. */
  vlan: z.number().int().min(1).max(4094).nullable(),
  mac: macSchema,
  /**
   * Its NIC leaves no checksum to the host: Open vSwitch's userspace datapath passes on what is not filled in, and a DHCP client drops it
   * (seen with Open vSwitch 3.1 and busybox).
   */
  fillsChecksums: z.boolean(),
  zone: zoneSchema,
  address: z.union([z.literal('dhcp'), routerAddressSchema]),
  /** What its DHCP server hands out here; null: it serves none. */
  dhcp: z.object({ start: ipv4Schema, end: ipv4Schema }).nullable(),
  /** Where everything goes that is for no subnet of the router; of one with `dhcp` the server says it. */
  gateway: ipv4Schema.nullable(),
});
export type RouterInterface = z.infer<typeof routerInterfaceSchema>;

/**
 * A line of `~/.ssh/*.pub` (sshd(8), AUTHORIZED_KEYS FILE FORMAT) without options before it. What stands behind the key is kept as far as a
 * router's definition can hold it (`plainKey`).
 */
export const publicKeySchema = z.string().max(2000).regex(
  /^(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com) AAAA[A-Za-z0-9+/]+={0,3}(?: .*)?$/, 'A public key, like “ssh-ed25519 AAAA… you@computer”',
);

/** Neither commas nor quotes, which a definition can't hold (router-xml.ts), and a comment of one word. */
export function plainKey(key: string): string {
  const [type = '', blob = '', ...comment] = key.trim().split(/\s+/);
  return [type, blob, comment.join('_').replace(/[^A-Za-z0-9@._-]+/g, '').slice(0, 60)].filter((word) => word !== '').join(' ');
}

/** A router between networks: what may pass is said, everything else is dropped. IPv4 only. */
export const routerSpecSchema = z.object({
  name: z.string().min(1),
  title: z.string().nullable(),
  interfaces: z.array(routerInterfaceSchema).min(1).max(8),
  /** From zone to zone; answers pass by themselves. */
  allow: z.array(z.tuple([zoneSchema, zoneSchema])),
  /** What leaves by these zones has the router's address, and nobody there is served. */
  masquerade: z.array(zoneSchema),
  /** `fake`: every name is the router's own address, and nothing is asked of anybody. */
  dns: z.enum(['forward', 'fake', 'none']),
  /** Whom it asks; empty: whom the DHCP server of its interfaces names. */
  nameServers: z.array(ipv4Schema),
  /** It is a jump box, too: who has one of these keys may log in from these zones, as `jumpUser` (jump-user.ts). Absent: nobody logs in. */
  ssh: z.object({ keys: z.array(publicKeySchema).max(50), from: z.array(zoneSchema).min(1) }).optional(),
});
export type RouterSpec = z.infer<typeof routerSpecSchema>;

/**
 * An interface as the router's rules call it: the zone, and its number within the zone, with a dash between: `lan-0` is no word of nft's, whatever
 * the zone. `nic`: the device it is, or whose VLAN it is.
 */
export interface NamedInterface extends RouterInterface { device: string; nic: string }

export function namedInterfaces({ interfaces }: Pick<RouterSpec, 'interfaces'>): NamedInterface[] {
  const macs = [...new Set(interfaces.map((item) => item.mac.toLowerCase()))];
  return interfaces.map((item, at): NamedInterface => {
    const device = `${item.zone}-${interfaces.slice(0, at).filter(({ zone }) => zone === item.zone).length}`;
    return { ...item, mac: item.mac.toLowerCase(), device, nic: item.vlan === null ? device : `nic${macs.indexOf(item.mac.toLowerCase())}` };
  });
}

/** Interfaces that the router serves: those of zones it does not masquerade to. */
export function servedInterfaces(spec: Pick<RouterSpec, 'interfaces' | 'masquerade'>): NamedInterface[] {
  return namedInterfaces(spec).filter(({ zone, address }) => !spec.masquerade.includes(zone) && address !== 'dhcp');
}

/** What is wrong with a spec although its shape is right. `path` as in the spec. */
export interface RouterIssue { path: (string | number)[]; message: string }

export function checkRouter(spec: RouterSpec): RouterIssue[] {
  const zones = new Set(spec.interfaces.map(({ zone }) => zone));
  const unknown = (zone: string, path: (string | number)[]): RouterIssue[] => (zones.has(zone) ? [] : [{ path, message: `No interface is in the zone “${zone}”. There are: ${[...zones].join(', ')}.` }]);
  return [
    ...spec.interfaces.flatMap((item, at) => [...checkInterface(item, at), ...checkBeside(item, at, spec.interfaces)]),
    ...spec.allow.flatMap(([from, to], at) => [...unknown(from, ['allow', at, 0]), ...unknown(to, ['allow', at, 1])]),
    ...spec.masquerade.flatMap((zone, at) => unknown(zone, ['masquerade', at])),
    ...(spec.ssh?.from ?? []).flatMap((zone, at) => unknown(zone, ['ssh', 'from', at])),
  ];
}

function checkInterface({ address, dhcp, gateway }: RouterInterface, at: number): RouterIssue[] {
  const issue = (field: string, message: string): RouterIssue[] => [{ path: ['interfaces', at, field], message }];
  if (address === 'dhcp') {
    return [
      ...dhcp === null ? [] : issue('dhcp', 'An interface that asks a DHCP server for its address can be none itself.'),
      ...gateway === null ? [] : issue('gateway', 'The DHCP server names the gateway.'),
    ];
  }
  const [own = '', prefix = ''] = address.split('/');
  const subnet = networkOf(own, Number(prefix));
  const found: RouterIssue[] = [];
  if (!isHost(own, subnet, Number(prefix))) found.push(...issue('address', `${own} is the address of the subnet or of everybody in it, not of one machine.`));
  if (gateway !== null && (!rangeContains(subnet, gateway) || gateway === own)) found.push(...issue('gateway', `The gateway must be another address in ${subnet}.`));
  if (dhcp !== null) {
    const [start, end, self] = [dhcp.start, dhcp.end, own].map(addressToNumber) as [bigint, bigint, bigint];
    if (!rangeContains(subnet, dhcp.start) || !rangeContains(subnet, dhcp.end) || start > end) found.push(...issue('dhcp', `The range must lie in ${subnet}, from the lower address to the higher.`));
    else if (self >= start && self <= end) found.push(...issue('dhcp', `The range holds the router's own address ${own}.`));
  }
  return found;
}

function checkBeside(item: RouterInterface, at: number, all: readonly RouterInterface[]): RouterIssue[] {
  const earlier = all.slice(0, at);
  const subnetOf = (address: string): string => networkOf(address.split('/')[0] ?? '', Number(address.split('/')[1]));
  const overlap = item.address === 'dhcp' ? undefined : earlier.find(({ address }) => address !== 'dhcp' && rangesOverlap(subnetOf(address), subnetOf(item.address)));
  const sharing = earlier.filter(({ mac }) => mac.toLowerCase() === item.mac.toLowerCase());
  const isShared = sharing.some(({ vlan, network, portgroup }) => vlan === null || item.vlan === null || vlan === item.vlan || network !== item.network || portgroup !== item.portgroup);
  return [
    ...overlap ? [{ path: ['interfaces', at, 'address'], message: `The subnet overlaps with ${subnetOf(overlap.address)} of another interface.` }] : [],
    ...isShared ? [{ path: ['interfaces', at, 'mac'], message: 'Two interfaces with this MAC: only different VLANs of one network can share a NIC.' }] : [],
  ];
}

function isHost(address: string, subnet: string, prefix: number): boolean {
  const offset = addressToNumber(address) - addressToNumber(subnet.split('/')[0] ?? '');
  return offset > 0n && offset < (1n << BigInt(32 - prefix)) - 1n;
}
