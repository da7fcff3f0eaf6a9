import type { Element } from '@xmldom/xmldom';
import ipaddr from 'ipaddr.js';
import type { AddressedSpec, StaticLease6 } from '../addressed-spec';
import { setBandwidth } from '../bandwidth-xml';
import { insertElement, isEmptyElement, removeElement, setAttribute, setText } from '../xml/edit-element';
import { attribute, childElement, childElements } from '../xml/read-element';
import { parseXml } from '../xml/parse-xml';
import { syncElements } from '../xml/sync-elements';
import { writeXml } from '../xml/xml-source';
import { forwardDevOf, ipElement, newBootp, newDhcp, newDhcp6, newDomain, newIpv4, newIpv6, newRange, newRoute, newStaticLease, newStaticLease6, newTftp, routeElements, staticLease6Elements, staticLeaseElements } from './addressed-elements';
import { setDns } from './edit-dns-xml';
import { addToNetwork as add, ensureInNetwork as ensure, setChildText, same } from './edit-network-xml';
import { readAddressedRoot } from './read-addressed-spec';
import { readPrefix } from './read-prefix';

/**
 * The same document with what the form shows set to `spec`, and nothing else touched: unknown elements, attributes,
 * comments and namespaces stay. A spec equal to what the document says gives back the identical text. A network keeps its
 * kind: `spec.kind` is not looked at. Throws as `readAddressedSpec` does.
 */
export function editAddressedXml(xml: string, spec: AddressedSpec): string {
  const document = parseXml(xml);
  const root = document.documentElement;
  if (!root) throw new Error('A parsed document has a root');
  const current = readAddressedRoot(root, spec.autostart);
  if (same(current, spec)) return xml;
  const changed = (...fields: (keyof AddressedSpec)[]): boolean => fields.some((field) => !same(current[field], spec[field]));
  if (changed('guestIpv6')) setAttribute(root, 'ipv6', spec.guestIpv6 ? 'yes' : null);
  if (changed('name')) setText(ensure(root, 'name'), spec.name);
  if (changed('title')) setChildText(root, 'title', spec.title);
  if (changed('description')) setChildText(root, 'description', spec.description);
  if (changed('bridge', 'zone', 'stp', 'delaySeconds', 'macTableManager')) setBridge(ensure(root, 'bridge'), current, spec);
  if (changed('mtu')) setMtu(root, spec.mtu);
  if (changed('forwardDev')) setForwardDev(root, spec.forwardDev);
  if (changed('natAddresses')) setNatRange(root, 'address', spec.natAddresses);
  if (changed('natPorts')) setNatRange(root, 'port', spec.natPorts);
  if (changed('domain')) setDomain(root, spec.domain);
  if (changed('dnsEnabled', 'dnsForwarders', 'dnsHosts', 'dnsServices', 'dnsTexts')) setDns(root, current, spec);
  if (changed('bandwidth')) setBandwidth(root, spec.bandwidth, (made) => add(root, made));
  if (changed('portIsolation')) setPortIsolation(root, spec.portIsolation);
  if (changed('ipv4')) setIpv4(root, current.ipv4, spec.ipv4);
  if (changed('ipv6')) setIpv6(root, current, spec);
  if (changed('routes')) setRoutes(root, spec.routes);
  return writeXml(document);
}

function setBridge(bridge: Element, current: AddressedSpec, spec: AddressedSpec): void {
  setAttribute(bridge, 'name', spec.bridge);
  if (current.zone !== spec.zone) setAttribute(bridge, 'zone', spec.zone);
  if (current.stp !== spec.stp) setAttribute(bridge, 'stp', spec.stp ? 'on' : 'off');
  if (current.delaySeconds !== spec.delaySeconds) setAttribute(bridge, 'delay', spec.delaySeconds);
  if (current.macTableManager !== spec.macTableManager) setAttribute(bridge, 'macTableManager', spec.macTableManager === 'libvirt' ? 'libvirt' : null);
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

function setNatRange(root: Element, name: 'address' | 'port', range: { start: string | number; end: string | number } | null): void {
  const nat = natElement(root, range !== null);
  if (!nat) return;
  const element = childElement(nat, name);
  if (range) {
    const made = element ?? insertElement(nat, { name }, name === 'address' ? childElements(nat)[0] ?? null : null);
    setAttribute(made, 'start', range.start);
    setAttribute(made, 'end', range.end);
  } else if (element) removeElement(element);
  if (isEmptyElement(nat)) removeElement(nat);
}

function natElement(root: Element, make: boolean): Element | null {
  const forward = ensure(root, 'forward');
  return childElement(forward, 'nat') ?? (make ? insertElement(forward, { name: 'nat' }, childElements(forward)[0] ?? null) : null);
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

function setPortIsolation(root: Element, on: boolean): void {
  const port = childElement(root, 'port') ?? (on ? add(root, { name: 'port' }) : null);
  if (!port) return;
  setAttribute(port, 'isolated', on ? 'yes' : null);
  if (isEmptyElement(port)) removeElement(port);
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
  if (!ipv4) {
    // All of them: the form says “no address”, which a second one that it doesn't show would belie.
    for (let left = ipElement(root, 'ipv4'); left; left = ipElement(root, 'ipv4')) removeElement(left);
    return;
  }
  const ip = ipElement(root, 'ipv4');
  if (!ip || !current) {
    insertElement(root, newIpv4(ipv4), ipElement(root, 'ipv6') ?? followerOfIp(root));
    return;
  }
  setAddress(ip, ipv4.address, ipv4.prefix, current.prefix !== ipv4.prefix);
  if (current.tftpRoot !== ipv4.tftpRoot) setTftp(ip, ipv4.tftpRoot);
  if (!same(current.dhcp, ipv4.dhcp)) setDhcp(ip, current.dhcp, ipv4.dhcp);
}

function followerOfIp(root: Element): Element | null {
  return childElements(root).find((element) => ['route', 'virtualport', 'portgroup', 'dnsmasq:options'].includes(element.nodeName)) ?? null;
}

function setTftp(ip: Element, path: string | null): void {
  const element = childElement(ip, 'tftp');
  if (path === null) {
    if (element) removeElement(element);
  } else if (element) setAttribute(element, 'root', path);
  else insertElement(ip, newTftp(path), childElements(ip)[0] ?? null);
}

type Dhcp4 = NonNullable<AddressedSpec['ipv4']>['dhcp'];

function setDhcp(ip: Element, current: Dhcp4, wanted: Dhcp4): void {
  const dhcp = childElement(ip, 'dhcp');
  if (!wanted) {
    if (dhcp) removeElement(dhcp);
    return;
  }
  if (!dhcp) {
    insertElement(ip, newDhcp(wanted));
    return;
  }
  if (!same(current?.ranges, wanted.ranges)) setRanges(dhcp, wanted.ranges);
  if (!same(current?.hosts, wanted.hosts)) {
    syncElements({
      parent: dhcp, elements: staticLeaseElements(dhcp), before: childElement(dhcp, 'bootp'),
      keyOf: (element) => attribute(element, 'mac')?.toLowerCase() ?? '', keyOfValue: (host) => host.mac.toLowerCase(),
      update: (element, host) => {
        setAttribute(element, 'mac', host.mac);
        setAttribute(element, 'name', host.name);
        setAttribute(element, 'ip', host.ip);
      },
      make: newStaticLease,
    }, wanted.hosts);
  }
  if (same(current?.bootp, wanted.bootp)) return;
  const bootp = childElement(dhcp, 'bootp');
  if (!wanted.bootp) {
    if (bootp) removeElement(bootp);
  } else if (!bootp) insertElement(dhcp, newBootp(wanted.bootp));
  else {
    setAttribute(bootp, 'file', wanted.bootp.file);
    setAttribute(bootp, 'server', wanted.bootp.server);
  }
}

function setIpv6(root: Element, { ipv6: current, kind }: AddressedSpec, { ipv6 }: AddressedSpec): void {
  const ip = ipElement(root, 'ipv6');
  if (!ipv6) {
    // All of them, as with IPv4.
    for (let left = ip; left; left = ipElement(root, 'ipv6')) removeElement(left);
    if (kind === 'nat') setMasquerade6(root, false);
    return;
  }
  if (!ip || !current) {
    add(root, newIpv6(ipv6));
    if (kind === 'nat') setMasquerade6(root, true);
    return;
  }
  setAddress(ip, ipv6.address, ipv6.prefix, current.prefix !== ipv6.prefix);
  const dhcp = childElement(ip, 'dhcp');
  if (!ipv6.dhcp) {
    if (dhcp) removeElement(dhcp);
  } else if (!dhcp) insertElement(ip, newDhcp6(ipv6.dhcp));
  else {
    if (!same(current.dhcp?.ranges, ipv6.dhcp.ranges)) setRanges(dhcp, ipv6.dhcp.ranges);
    if (!same(current.dhcp?.hosts, ipv6.dhcp.hosts)) setStaticLeases6(dhcp, ipv6.dhcp.hosts);
  }
}

/** Those by name alone, which the form doesn't show, stay. */
function setStaticLeases6(dhcp: Element, hosts: readonly StaticLease6[]): void {
  syncElements({
    parent: dhcp, elements: staticLease6Elements(dhcp),
    keyOf: (element) => attribute(element, 'id')?.toLowerCase() ?? '', keyOfValue: (host) => host.duid.toLowerCase(),
    update: (element, host) => {
      setAttribute(element, 'id', host.duid);
      setAttribute(element, 'name', host.name);
      setAttribute(element, 'ip', host.ip);
    },
    make: newStaticLease6,
  }, hosts);
}

function setMasquerade6(root: Element, on: boolean): void {
  const nat = natElement(root, on);
  if (!nat) return;
  setAttribute(nat, 'ipv6', on ? 'yes' : null);
  if (isEmptyElement(nat)) removeElement(nat);
}

function setRoutes(root: Element, routes: AddressedSpec['routes']): void {
  const afterRoutes = childElements(root).find((element) => ['virtualport', 'portgroup', 'dnsmasq:options'].includes(element.nodeName)) ?? null;
  syncElements({
    parent: root, elements: routeElements(root), before: afterRoutes,
    keyOf: (element) => JSON.stringify(routeOf(element)), keyOfValue: (route) => JSON.stringify(newRoute(route)),
    update: () => undefined, make: newRoute,
  }, routes);
}

/** As `newRoute` would write it, so that the two can be compared. */
function routeOf(element: Element): ReturnType<typeof newRoute> {
  const address = attribute(element, 'address') ?? '';
  const metric = attribute(element, 'metric');
  return newRoute({ destination: `${address}/${readPrefix(element, address)}`, gateway: attribute(element, 'gateway') ?? '', metric: metric === null ? null : Number(metric) });
}
