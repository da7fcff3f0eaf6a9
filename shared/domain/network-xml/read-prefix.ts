import type { Element } from '@xmldom/xmldom';
import ipaddr from 'ipaddr.js';
import { attribute, numberAttribute } from '../xml/read-element';

/**
 * Prefix length of an `<ip>` or `<route>`: `prefix`, else `netmask`, else what libvirt assumes (virSocketAddrGetIPPrefix):
 * 0 for the any-address, the historic class of an IPv4 address, 64 for IPv6.
 */
export function readPrefix(element: Element, address: string): number {
  const prefix = numberAttribute(element, 'prefix');
  if (prefix !== null) return prefix;
  const netmask = attribute(element, 'netmask');
  if (netmask !== null && ipaddr.IPv4.isValidFourPartDecimal(netmask)) {
    const length = ipaddr.IPv4.parse(netmask).prefixLengthFromSubnetMask();
    if (length !== null) return length;
  }
  if (address.includes(':')) return /^[0:]+$/.test(address) ? 0 : 64;
  const first = Number(address.split('.')[0]);
  if (/^0(\.0)*$/.test(address)) return 0;
  return first < 128 ? 8 : first < 192 ? 16 : 24;
}
