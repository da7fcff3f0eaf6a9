import type { Element } from '@xmldom/xmldom';
import { AppError } from '../../errors/app-error';
import type { AddressedKind, AddressedSpec } from '../addressed-spec';
import { attribute, childElement, childElements, numberAttribute, textOf } from '../xml/read-element';
import { parseRoot } from '../xml/parse-xml';
import { dnsHostElements, forwardDevOf, forwarderElements, ipElement, staticLeaseElements } from './addressed-elements';
import { readPrefix } from './read-prefix';

/**
 * What the form shows of a network. `autostart` is not in the XML: libvirt keeps it apart.
 * Throws AppError `libvirt.xml-invalid`, and `input.invalid` for a network whose bridge isn't libvirt's own or that has no IPv4 address.
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
  const ipv4 = ipElement(root, 'ipv4');
  if (!ipv4) {
    throw new AppError('input.invalid', 'No IPv4 address', `“${name}” has no IPv4 address, so this form can't show it.`);
  }
  const dns = childElement(root, 'dns');
  const domain = childElement(root, 'domain');
  const domainName = attribute(domain, 'name');
  const title = textOf(childElement(root, 'title'));
  return {
    kind,
    name,
    title: title === '' ? null : title,
    bridge: attribute(childElement(root, 'bridge'), 'name') ?? '',
    ipv4: readIpv4(ipv4),
    ipv6: readIpv6(ipElement(root, 'ipv6')),
    domain: domainName === null ? null : { name: domainName, localOnly: attribute(domain, 'localOnly') === 'yes' },
    dnsHosts: (dns ? dnsHostElements(dns) : []).map((host) => ({
      ip: attribute(host, 'ip') ?? '', hostnames: childElements(host, 'hostname').map((item) => textOf(item) ?? ''),
    })),
    dnsForwarders: (dns ? forwarderElements(dns) : []).map((item) => attribute(item, 'addr') ?? ''),
    mtu: numberAttribute(childElement(root, 'mtu'), 'size'),
    forwardDev: forwardDevOf(forward),
    autostart,
  };
}

function kindOf(forward: Element | null): AddressedKind | null {
  if (!forward) return 'isolated';
  const mode = attribute(forward, 'mode') ?? 'nat';
  return mode === 'nat' ? 'nat' : mode === 'route' ? 'routed' : mode === 'open' ? 'open' : null;
}

function readRanges(dhcp: Element): { start: string; end: string }[] {
  return childElements(dhcp, 'range').map((range) => ({ start: attribute(range, 'start') ?? '', end: attribute(range, 'end') ?? '' }));
}

function readIpv4(ip: Element): AddressedSpec['ipv4'] {
  const address = attribute(ip, 'address') ?? '';
  const dhcp = childElement(ip, 'dhcp');
  return {
    address,
    prefix: readPrefix(ip, address),
    dhcp: dhcp && {
      ranges: readRanges(dhcp),
      hosts: staticLeaseElements(dhcp).map((host) => ({
        mac: attribute(host, 'mac') ?? '', ip: attribute(host, 'ip') ?? '', name: attribute(host, 'name'),
      })),
    },
  };
}

function readIpv6(ip: Element | null): AddressedSpec['ipv6'] {
  if (!ip) return null;
  const address = attribute(ip, 'address') ?? '';
  const dhcp = childElement(ip, 'dhcp');
  return { address, prefix: readPrefix(ip, address), dhcp: dhcp && { ranges: readRanges(dhcp) } };
}
