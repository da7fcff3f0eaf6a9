import type { Element } from '@xmldom/xmldom';
import { ipSchema, ipv4Schema, macSchema } from '../address';
import { dnsServiceSchema, staticLease6Schema } from '../addressed-spec';
import type { AddressedSpec, DnsService, StaticLease, StaticLease6 } from '../addressed-spec';
import type { AddressedKind } from '../network-kinds';
import type { NewElement } from '../xml/edit-element';
import { attribute, childElement, childElements, numberAttribute } from '../xml/read-element';

/** Which elements of a `<network>` the form shows, and how it would write new ones. All others are none of its business. */

type Ipv4 = NonNullable<AddressedSpec['ipv4']>;
type Dhcp4 = NonNullable<Ipv4['dhcp']>;
type Ipv6 = NonNullable<AddressedSpec['ipv6']>;
type Range = { start: string; end: string };
type DnsHost = AddressedSpec['dnsHosts'][number];
type Forwarder = AddressedSpec['dnsForwarders'][number];
type DnsText = AddressedSpec['dnsTexts'][number];
type Route = AddressedSpec['routes'][number];

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

/** `<host>` entries that pin an IPv6 address to a DUID; those by name alone are not shown. */
export function staticLease6Elements(dhcp: Element): Element[] {
  return childElements(dhcp, 'host').filter((host) =>
    staticLease6Schema.safeParse({ duid: attribute(host, 'id'), ip: attribute(host, 'ip'), name: attribute(host, 'name') }).success);
}

/** `<host ip>` records with at least one name. */
export function dnsHostElements(dns: Element): Element[] {
  return childElements(dns, 'host').filter((host) => attribute(host, 'ip') !== null && childElements(host, 'hostname').length > 0);
}

export function forwarderElements(dns: Element): Element[] {
  return childElements(dns, 'forwarder').filter((item) => attribute(item, 'addr') !== null || attribute(item, 'domain') !== null);
}

export function textElements(dns: Element): Element[] {
  return childElements(dns, 'txt').filter((item) => attribute(item, 'name') !== null);
}

/** Those that are well-formed: libvirt of old took others, which the form leaves as they are. */
export function serviceElements(dns: Element): Element[] {
  return childElements(dns, 'srv').filter((item) => dnsServiceSchema.safeParse(readService(item)).success);
}

export function readService(item: Element): Record<keyof DnsService, string | number | null> {
  return {
    service: attribute(item, 'service'), protocol: attribute(item, 'protocol'), domain: attribute(item, 'domain'), target: attribute(item, 'target'),
    port: numberAttribute(item, 'port'), priority: numberAttribute(item, 'priority'), weight: numberAttribute(item, 'weight'),
  };
}

export function routeElements(root: Element): Element[] {
  return childElements(root, 'route').filter((item) => ipSchema.safeParse(attribute(item, 'address')).success && ipSchema.safeParse(attribute(item, 'gateway')).success);
}

/** The NIC that `<forward>` is bound to; libvirt writes it both as an attribute and as a child. */
export function forwardDevOf(forward: Element | null): string | null {
  return attribute(forward, 'dev') ?? attribute(childElement(forward, 'interface'), 'dev');
}

export const newRange = (range: Range): NewElement => ({ name: 'range', attributes: { ...range } });

export const newStaticLease = (host: StaticLease): NewElement => ({
  name: 'host', attributes: { mac: host.mac, name: host.name, ip: host.ip },
});

export const newStaticLease6 = ({ duid, name, ip }: StaticLease6): NewElement => ({ name: 'host', attributes: { id: duid, name, ip } });

export const newDhcp6 = ({ ranges, hosts }: NonNullable<Ipv6['dhcp']>): NewElement => ({ name: 'dhcp', children: [...ranges.map(newRange), ...hosts.map(newStaticLease6)] });

export const newBootp = (bootp: NonNullable<Dhcp4['bootp']>): NewElement => ({ name: 'bootp', attributes: { file: bootp.file, server: bootp.server } });

export const newDhcp = (dhcp: Dhcp4): NewElement => ({
  name: 'dhcp', children: [...dhcp.ranges.map(newRange), ...dhcp.hosts.map(newStaticLease), ...(dhcp.bootp ? [newBootp(dhcp.bootp)] : [])],
});

export const newTftp = (root: string): NewElement => ({ name: 'tftp', attributes: { root } });

export const newIpv4 = (ipv4: Ipv4): NewElement => ({
  name: 'ip',
  attributes: { address: ipv4.address, prefix: ipv4.prefix },
  children: [...(ipv4.tftpRoot === null ? [] : [newTftp(ipv4.tftpRoot)]), ...(ipv4.dhcp ? [newDhcp(ipv4.dhcp)] : [])],
});

export const newIpv6 = (ipv6: Ipv6): NewElement => ({
  name: 'ip',
  attributes: { family: 'ipv6', address: ipv6.address, prefix: ipv6.prefix },
  children: ipv6.dhcp ? [newDhcp6(ipv6.dhcp)] : [],
});

/** `<forward mode>` of each kind; an isolated network has no such element. */
export const forwardModes = { nat: 'nat', routed: 'route', open: 'open' } as const satisfies Partial<Record<AddressedKind, string>>;

export function newForward(spec: AddressedSpec): NewElement[] {
  if (spec.kind === 'isolated') return [];
  const nat = newNat(spec);
  return [{ name: 'forward', attributes: { dev: spec.forwardDev, mode: forwardModes[spec.kind] }, children: nat ? [nat] : [] }];
}

function newNat(spec: AddressedSpec): NewElement | null {
  if (spec.kind !== 'nat' || (!spec.ipv6 && !spec.natAddresses && !spec.natPorts)) return null;
  return {
    name: 'nat', attributes: { ipv6: spec.ipv6 ? 'yes' : null },
    children: [
      ...(spec.natAddresses ? [{ name: 'address', attributes: { ...spec.natAddresses } }] : []),
      ...(spec.natPorts ? [{ name: 'port', attributes: { ...spec.natPorts } }] : []),
    ],
  };
}

export function newDns(spec: AddressedSpec): NewElement[] {
  const children = [
    ...spec.dnsForwarders.map(newForwarder), ...spec.dnsTexts.map(newText), ...spec.dnsServices.map(newService), ...spec.dnsHosts.map(newDnsHost),
  ];
  return children.length === 0 && spec.dnsEnabled ? [] : [{ name: 'dns', attributes: { enable: spec.dnsEnabled ? null : 'no' }, children }];
}

export const newHostname = (name: string): NewElement => ({ name: 'hostname', text: name });

export const newDnsHost = (host: DnsHost): NewElement => ({
  name: 'host', attributes: { ip: host.ip }, children: host.hostnames.map(newHostname),
});

export const newForwarder = ({ address, domain }: Forwarder): NewElement => ({ name: 'forwarder', attributes: { domain, addr: address } });

export const newText = ({ name, value }: DnsText): NewElement => ({ name: 'txt', attributes: { name, value } });

export const newService = ({ service, protocol, domain, target, port, priority, weight }: DnsService): NewElement => ({
  name: 'srv', attributes: { service, protocol, domain, target, port, priority, weight },
});

export const newDomain = (domain: NonNullable<AddressedSpec['domain']>): NewElement => ({
  name: 'domain', attributes: { name: domain.name, localOnly: domain.localOnly ? 'yes' : null },
});

export function newRoute({ destination, gateway, metric }: Route): NewElement {
  const [address = '', prefix = ''] = destination.split('/');
  return { name: 'route', attributes: { family: address.includes(':') ? 'ipv6' : null, address, prefix, gateway, metric } };
}
