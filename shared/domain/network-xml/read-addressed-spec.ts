import type { Element } from '@xmldom/xmldom';
import { AppError } from '../../errors/app-error';
import type { AddressedSpec, DnsService } from '../addressed-spec';
import type { AddressedKind } from '../network-kinds';
import { readBandwidth } from '../bandwidth-xml';
import { attribute, childElement, childElements, numberAttribute, textOf } from '../xml/read-element';
import { parseRoot } from '../xml/parse-xml';
import {
  dnsHostElements, forwardDevOf, forwarderElements, ipElement, readService, routeElements, serviceElements, staticLease6Elements, staticLeaseElements, textElements,
} from './addressed-elements';
import { readPrefix } from './read-prefix';

/**
 * What the form shows of a network. `autostart` is not in the XML: libvirt keeps it apart.
 * Throws AppError `libvirt.xml-invalid`, and `input.invalid` for a network whose bridge isn't libvirt's own or that forwards without an address.
 */
export function readAddressedSpec(xml: string, autostart = false): AddressedSpec {
  return readAddressedRoot(parseRoot(xml, 'network'), autostart);
}

/** The same from the parsed `<network>` element. */
export function readAddressedRoot(root: Element, autostart: boolean): AddressedSpec {
  const name = textOf(childElement(root, 'name')) ?? '';
  const forward = childElement(root, 'forward');
  const kind = kindOf(forward);
  if (kind === null) {
    throw new AppError('input.invalid', 'Not a network of libvirt\'s own bridge', `“${name}” is plugged into something that isn't libvirt's, so this form can't show it.`);
  }
  if (kind !== 'isolated' && childElements(root, 'ip').length === 0) {
    throw new AppError('input.invalid', 'No address', `“${name}” forwards, but has no address, so this form can't show it.`);
  }
  const bridge = childElement(root, 'bridge');
  const nat = childElement(forward, 'nat');
  return {
    kind,
    name,
    title: filled(textOf(childElement(root, 'title'))),
    description: filled(textOf(childElement(root, 'description'))),
    bridge: attribute(bridge, 'name') ?? '',
    stp: attribute(bridge, 'stp') !== 'off',
    delaySeconds: numberAttribute(bridge, 'delay') ?? 0,
    macTableManager: attribute(bridge, 'macTableManager') === 'libvirt' ? 'libvirt' : 'kernel',
    zone: attribute(bridge, 'zone'),
    portIsolation: attribute(childElement(root, 'port'), 'isolated') === 'yes',
    ipv4: readIpv4(ipElement(root, 'ipv4')),
    ipv6: readIpv6(ipElement(root, 'ipv6')),
    guestIpv6: attribute(root, 'ipv6') === 'yes',
    ...readNames(root),
    mtu: numberAttribute(childElement(root, 'mtu'), 'size'),
    bandwidth: readBandwidth(childElement(root, 'bandwidth')),
    natAddresses: readSpan(childElement(nat, 'address')),
    natPorts: readPorts(childElement(nat, 'port')),
    routes: routeElements(root).map((route) => ({
      destination: `${attribute(route, 'address') ?? ''}/${readPrefix(route, attribute(route, 'address') ?? '')}`,
      gateway: attribute(route, 'gateway') ?? '', metric: numberAttribute(route, 'metric'),
    })),
    forwardDev: forwardDevOf(forward),
    autostart,
  };
}

const filled = (text: string | null): string | null => (text === '' ? null : text);

/** `<forward>` without a mode is NAT; without `<forward>` a network with a bridge of its own is isolated. */
function kindOf(forward: Element | null): AddressedKind | null {
  switch (forward ? attribute(forward, 'mode') ?? 'nat' : 'none') {
    case 'nat': return 'nat';
    case 'route': return 'routed';
    case 'open': return 'open';
    case 'none': return 'isolated';
    default: return null;
  }
}

function readNames(root: Element): Pick<AddressedSpec, 'domain' | 'dnsEnabled' | 'dnsHosts' | 'dnsForwarders' | 'dnsServices' | 'dnsTexts'> {
  const dns = childElement(root, 'dns');
  const domain = childElement(root, 'domain');
  const domainName = attribute(domain, 'name');
  return {
    domain: domainName === null ? null : { name: domainName, localOnly: attribute(domain, 'localOnly') === 'yes' },
    dnsEnabled: attribute(dns, 'enable') !== 'no',
    dnsHosts: (dns ? dnsHostElements(dns) : []).map((host) => ({
      ip: attribute(host, 'ip') ?? '', hostnames: childElements(host, 'hostname').map((item) => textOf(item) ?? ''),
    })),
    dnsForwarders: (dns ? forwarderElements(dns) : []).map((item) => ({ address: attribute(item, 'addr'), domain: attribute(item, 'domain') })),
    dnsServices: (dns ? serviceElements(dns) : []).map((item) => readService(item) as DnsService),
    dnsTexts: (dns ? textElements(dns) : []).map((item) => ({ name: attribute(item, 'name') ?? '', value: attribute(item, 'value') ?? '' })),
  };
}

function readSpan(element: Element | null): { start: string; end: string } | null {
  return element && { start: attribute(element, 'start') ?? '', end: attribute(element, 'end') ?? '' };
}

function readPorts(element: Element | null): { start: number; end: number } | null {
  return element && { start: numberAttribute(element, 'start') ?? 0, end: numberAttribute(element, 'end') ?? 0 };
}

function readRanges(dhcp: Element): { start: string; end: string }[] {
  return childElements(dhcp, 'range').map((range) => ({ start: attribute(range, 'start') ?? '', end: attribute(range, 'end') ?? '' }));
}

function readIpv4(ip: Element | null): AddressedSpec['ipv4'] {
  if (!ip) return null;
  const address = attribute(ip, 'address') ?? '';
  const dhcp = childElement(ip, 'dhcp');
  const bootp = childElement(dhcp, 'bootp');
  const file = attribute(bootp, 'file');
  return {
    address,
    prefix: readPrefix(ip, address),
    dhcp: dhcp && {
      ranges: readRanges(dhcp),
      hosts: staticLeaseElements(dhcp).map((host) => ({
        mac: attribute(host, 'mac') ?? '', ip: attribute(host, 'ip') ?? '', name: attribute(host, 'name'),
      })),
      bootp: file === null ? null : { file, server: attribute(bootp, 'server') },
    },
    tftpRoot: attribute(childElement(ip, 'tftp'), 'root'),
  };
}

function readIpv6(ip: Element | null): AddressedSpec['ipv6'] {
  if (!ip) return null;
  const address = attribute(ip, 'address') ?? '';
  const dhcp = childElement(ip, 'dhcp');
  return { address, prefix: readPrefix(ip, address), dhcp: dhcp && {
    ranges: readRanges(dhcp),
    hosts: staticLease6Elements(dhcp).map((host) => ({ duid: attribute(host, 'id') ?? '', ip: attribute(host, 'ip') ?? '', name: attribute(host, 'name') })),
  } };
}
