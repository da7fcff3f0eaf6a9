import type { Element } from '@xmldom/xmldom';
import { attribute, childElement, childElements } from '../xml/read-element';
import type { NewElement } from '../xml/edit-element';
import { ipv4Schema, macSchema } from '../address';
import type { AddressedKind, AddressedSpec } from '../addressed-spec';

/** Which elements of a `<network>` the NAT form shows, and how it would write new ones. All others are none of its business. */

type Dhcp4 = NonNullable<AddressedSpec['ipv4']['dhcp']>;
type DhcpHost = Dhcp4['hosts'][number];
type Range = Dhcp4['ranges'][number];
type DnsHost = AddressedSpec['dnsHosts'][number];
type Ipv6 = NonNullable<AddressedSpec['ipv6']>;

/** The first `<ip>` of a family: the form shows one of each. */
export function ipElement(root: Element, family: 'ipv4' | 'ipv6'): Element | null {
  return childElements(root, 'ip').find((ip) => {
    const address = attribute(ip, 'address');
    return address !== null && address.includes(':') === (family === 'ipv6');
  }) ?? null;
}

/** `<host>` entries that pin an IPv4 address to a MAC; those by name or client id alone are not shown. */
export function staticLeaseElements(dhcp: Element): Element[] {
  return childElements(dhcp, 'host').filter((host) =>
    macSchema.safeParse(attribute(host, 'mac')).success && ipv4Schema.safeParse(attribute(host, 'ip')).success);
}

/** `<host ip>` records with at least one name. */
export function dnsHostElements(dns: Element): Element[] {
  return childElements(dns, 'host').filter((host) => attribute(host, 'ip') !== null && childElements(host, 'hostname').length > 0);
}

/** `<forwarder addr>` for all names; those of single domains are not shown. */
export function forwarderElements(dns: Element): Element[] {
  return childElements(dns, 'forwarder').filter((item) => attribute(item, 'addr') !== null && attribute(item, 'domain') === null);
}

/** The NIC that `<forward>` is bound to; libvirt writes it both as an attribute and as a child. */
export function forwardDevOf(forward: Element | null): string | null {
  return attribute(forward, 'dev') ?? attribute(childElement(forward, 'interface'), 'dev');
}

export const newRange = (range: Range): NewElement => ({ name: 'range', attributes: { start: range.start, end: range.end } });

export const newStaticLease = (host: DhcpHost): NewElement => ({ name: 'host', attributes: { mac: host.mac, name: host.name, ip: host.ip } });

export const newDhcp = (dhcp: Dhcp4): NewElement => ({
  name: 'dhcp', children: [...dhcp.ranges.map(newRange), ...dhcp.hosts.map(newStaticLease)],
});

export const newIpv4 = (ipv4: AddressedSpec['ipv4']): NewElement => ({
  name: 'ip',
  attributes: { address: ipv4.address, prefix: ipv4.prefix },
  children: ipv4.dhcp ? [newDhcp(ipv4.dhcp)] : [],
});

export const newIpv6 = (ipv6: Ipv6): NewElement => ({
  name: 'ip',
  attributes: { family: 'ipv6', address: ipv6.address, prefix: ipv6.prefix },
  children: ipv6.dhcp ? [{ name: 'dhcp', children: ipv6.dhcp.ranges.map(newRange) }] : [],
});

/** `<forward mode>` of each kind; an isolated network has no such element. */
export const forwardModes = { nat: 'nat', routed: 'route', open: 'open' } as const satisfies Partial<Record<AddressedKind, string>>;

export function newForward(spec: Pick<AddressedSpec, 'kind' | 'forwardDev' | 'ipv6'>): NewElement[] {
  if (spec.kind === 'isolated') return [];
  return [{
    name: 'forward',
    attributes: { dev: spec.forwardDev, mode: forwardModes[spec.kind] },
    children: spec.kind === 'nat' && spec.ipv6 ? [{ name: 'nat', attributes: { ipv6: 'yes' } }] : [],
  }];
}

export const newHostname = (name: string): NewElement => ({ name: 'hostname', text: name });

export const newDnsHost = (host: DnsHost): NewElement => ({
  name: 'host', attributes: { ip: host.ip }, children: host.hostnames.map(newHostname),
});

export const newForwarder = (address: string): NewElement => ({ name: 'forwarder', attributes: { addr: address } });

export const newDomain = (domain: NonNullable<AddressedSpec['domain']>): NewElement => ({
  name: 'domain', attributes: { name: domain.name, localOnly: domain.localOnly ? 'yes' : null },
});
