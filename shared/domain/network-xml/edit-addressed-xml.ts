import type { Element } from '@xmldom/xmldom';
import ipaddr from 'ipaddr.js';
import type { AddressedSpec } from '../addressed-spec';
import { insertElement, isEmptyElement, removeElement, setAttribute, setText } from '../xml/edit-element';
import type { NewElement } from '../xml/edit-element';
import { attribute, childElement, childElements, textOf } from '../xml/read-element';
import { parseXml } from '../xml/parse-xml';
import { syncElements } from '../xml/sync-elements';
import { writeXml } from '../xml/xml-source';
import {
  dnsHostElements, forwardDevOf, forwarderElements, ipElement, newDhcp, newDnsHost, newDomain, newForwarder, newHostname, newIpv6, newRange,
  newStaticLease, staticLeaseElements,
} from './addressed-elements';
import { readAddressedRoot } from './read-addressed-spec';

/** Order of virNetworkDefFormatBuf: a new element goes before the first one that libvirt prints after it. */
const networkOrder = [
  'name', 'uuid', 'title', 'description', 'metadata', 'forward', 'bridge', 'mtu', 'mac', 'domain', 'dns', 'vlan', 'bandwidth', 'port',
  'ip', 'route', 'virtualport', 'portgroup', 'dnsmasq:options',
];

/**
 * The same document with what the NAT form shows set to `spec`, and nothing else touched: unknown elements, attributes,
 * comments and namespaces stay. A spec equal to what the document says gives back the identical text.
 * Throws as `readAddressedSpec` does.
 */
export function editAddressedXml(xml: string, spec: AddressedSpec): string {
  const document = parseXml(xml);
  const root = document.documentElement;
  if (!root) throw new Error('A parsed document has a root');
  const current = readAddressedRoot(root, spec.autostart);
  if (same(current, spec)) return xml;
  if (current.name !== spec.name) setText(ensure(root, 'name'), spec.name);
  if (current.title !== spec.title) setTitle(root, spec.title);
  if (current.bridge !== spec.bridge) setAttribute(ensure(root, 'bridge'), 'name', spec.bridge);
  if (current.mtu !== spec.mtu) setMtu(root, spec.mtu);
  if (current.forwardDev !== spec.forwardDev) setForwardDev(root, spec.forwardDev);
  if (!same(current.domain, spec.domain)) setDomain(root, spec.domain);
  if (!same(current.dnsForwarders, spec.dnsForwarders) || !same(current.dnsHosts, spec.dnsHosts)) setDns(root, current, spec);
  if (!same(current.ipv4, spec.ipv4)) setIpv4(root, current.ipv4, spec.ipv4);
  if (!same(current.ipv6, spec.ipv6)) setIpv6(root, current.ipv6, spec.ipv6);
  return writeXml(document);
}

function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}

function add(root: Element, made: NewElement): Element {
  const later = networkOrder.slice(networkOrder.indexOf(made.name) + 1);
  return insertElement(root, made, childElements(root).find((element) => later.includes(element.nodeName)) ?? null);
}

function ensure(root: Element, name: string): Element {
  return childElement(root, name) ?? add(root, { name });
}

function setTitle(root: Element, title: string | null): void {
  const element = childElement(root, 'title');
  if (title) setText(element ?? add(root, { name: 'title' }), title);
  else if (element) removeElement(element);
}

function setMtu(root: Element, mtu: number | null): void {
  const element = childElement(root, 'mtu');
  if (mtu !== null) setAttribute(element ?? add(root, { name: 'mtu' }), 'size', mtu);
  else if (element) removeElement(element);
}

/** libvirt refuses a `dev` that is not the first `<interface>`, and adds that child by itself. */
function setForwardDev(root: Element, dev: string | null): void {
  const forward = ensure(root, 'forward');
  const interfaces = childElements(forward, 'interface');
  const [only] = interfaces;
  const mirrored = interfaces.length === 1 && only && attribute(only, 'dev') === forwardDevOf(forward);
  if (dev !== null && mirrored) setAttribute(only, 'dev', dev);
  else interfaces.forEach(removeElement);
  setAttribute(forward, 'dev', dev);
}

function setDomain(root: Element, domain: AddressedSpec['domain']): void {
  const element = childElement(root, 'domain');
  if (!domain) {
    if (element) removeElement(element);
  } else if (!element) add(root, newDomain(domain));
  else {
    setAttribute(element, 'name', domain.name);
    if ((attribute(element, 'localOnly') === 'yes') !== domain.localOnly) setAttribute(element, 'localOnly', domain.localOnly ? 'yes' : null);
  }
}

function setDns(root: Element, current: AddressedSpec, spec: AddressedSpec): void {
  const dns = ensure(root, 'dns');
  if (!same(current.dnsForwarders, spec.dnsForwarders)) {
    syncElements({
      parent: dns, elements: forwarderElements(dns), before: childElements(dns).find((child) => child.nodeName !== 'forwarder') ?? null,
      keyOf: (element) => attribute(element, 'addr') ?? '', keyOfValue: (address) => address,
      update: (element, address) => setAttribute(element, 'addr', address), make: newForwarder,
    }, spec.dnsForwarders);
  }
  if (!same(current.dnsHosts, spec.dnsHosts)) {
    syncElements({
      parent: dns, elements: dnsHostElements(dns),
      keyOf: (element) => attribute(element, 'ip') ?? '', keyOfValue: (host) => host.ip,
      update: (element, host) => setHostnames(element, host.hostnames), make: newDnsHost,
    }, spec.dnsHosts);
  }
  if (isEmptyElement(dns)) removeElement(dns);
}

function setHostnames(host: Element, names: readonly string[]): void {
  const name = (element: Element): string => textOf(element) ?? '';
  syncElements({
    parent: host, elements: childElements(host, 'hostname'), keyOf: name, keyOfValue: (text) => text, update: setText, make: newHostname,
  }, names);
}

function setAddress(ip: Element, address: string, prefix: number, prefixChanged: boolean): void {
  setAttribute(ip, 'address', address);
  if (!prefixChanged && (ip.hasAttribute('prefix') || ip.hasAttribute('netmask'))) return;
  if (ip.hasAttribute('netmask')) setAttribute(ip, 'netmask', ipaddr.IPv4.subnetMaskFromPrefixLength(prefix).toString());
  else setAttribute(ip, 'prefix', prefix);
}

function setRanges(dhcp: Element, ranges: readonly { start: string; end: string }[]): void {
  syncElements({
    parent: dhcp, elements: childElements(dhcp, 'range'), before: childElements(dhcp)[0] ?? null, reuse: true,
    keyOf: (element) => `${attribute(element, 'start')} ${attribute(element, 'end')}`, keyOfValue: (range) => `${range.start} ${range.end}`,
    update: (element, range) => { setAttribute(element, 'start', range.start); setAttribute(element, 'end', range.end); },
    make: newRange,
  }, ranges);
}

function setIpv4(root: Element, current: AddressedSpec['ipv4'], ipv4: AddressedSpec['ipv4']): void {
  const ip = ipElement(root, 'ipv4');
  if (!ip) return;
  setAddress(ip, ipv4.address, ipv4.prefix, current.prefix !== ipv4.prefix);
  const dhcp = childElement(ip, 'dhcp');
  if (!ipv4.dhcp) {
    if (dhcp) removeElement(dhcp);
    return;
  }
  if (!dhcp) {
    insertElement(ip, newDhcp(ipv4.dhcp));
    return;
  }
  if (!same(current.dhcp?.ranges, ipv4.dhcp.ranges)) setRanges(dhcp, ipv4.dhcp.ranges);
  if (same(current.dhcp?.hosts, ipv4.dhcp.hosts)) return;
  syncElements({
    parent: dhcp, elements: staticLeaseElements(dhcp), before: childElement(dhcp, 'bootp'),
    keyOf: (element) => attribute(element, 'mac')?.toLowerCase() ?? '', keyOfValue: (host) => host.mac.toLowerCase(),
    update: (element, host) => {
      setAttribute(element, 'mac', host.mac);
      setAttribute(element, 'name', host.name);
      setAttribute(element, 'ip', host.ip);
    },
    make: newStaticLease,
  }, ipv4.dhcp.hosts);
}

function setIpv6(root: Element, current: AddressedSpec['ipv6'], ipv6: AddressedSpec['ipv6']): void {
  const ip = ipElement(root, 'ipv6');
  if (!ipv6) {
    // All of them: the form says “no IPv6”, which a second address that it doesn't show would belie.
    for (let left = ip; left; left = ipElement(root, 'ipv6')) removeElement(left);
    setMasquerade6(root, false);
    return;
  }
  if (!ip || !current) {
    add(root, newIpv6(ipv6));
    setMasquerade6(root, true);
    return;
  }
  setAddress(ip, ipv6.address, ipv6.prefix, current.prefix !== ipv6.prefix);
  const dhcp = childElement(ip, 'dhcp');
  if (!ipv6.dhcp) {
    if (dhcp) removeElement(dhcp);
  } else if (dhcp) setRanges(dhcp, ipv6.dhcp.ranges);
  else insertElement(ip, { name: 'dhcp', children: ipv6.dhcp.ranges.map(newRange) });
}

function setMasquerade6(root: Element, on: boolean): void {
  const forward = ensure(root, 'forward');
  const nat = childElement(forward, 'nat') ?? (on ? insertElement(forward, { name: 'nat' }, childElements(forward)[0] ?? null) : null);
  if (!nat) return;
  setAttribute(nat, 'ipv6', on ? 'yes' : null);
  if (isEmptyElement(nat)) removeElement(nat);
}
