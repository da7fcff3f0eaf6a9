import type { Element } from '@xmldom/xmldom';
import { attribute, childElement, childElements } from '../../../../shared/domain/xml/read-element';
import { classPrefix, familyOf, isWithin, lastAddress, networkAddress, prefixOfNetmask, toNumber } from '../linux/address-math';
import { LibvirtError } from './libvirt-error';
import type { IpDefinition, LeaseTime, RouteDefinition } from './network-definition';

const macPattern = /^[0-9a-f]{1,2}(:[0-9a-f]{1,2}){5}$/i;

/** The prefix in force: as written, by the netmask, or by libvirt's rules for neither. */
export function prefixOf(ip: { address: string; prefix: number | null; netmask: string | null }): number {
  if (ip.prefix !== null) return ip.prefix;
  if (ip.netmask !== null) return prefixOfNetmask(ip.netmask) ?? -1;
  return familyOf(ip.address) === 'inet6' ? 64 : classPrefix(ip.address);
}

/** `<ip>` with all below it. Throws LibvirtError in the words of networkParseIP. */
export function parseIp(element: Element, network: string): IpDefinition {
  const address = attribute(element, 'address');
  if (address === null) throw new LibvirtError(`XML error: Missing required address attribute in network '${network}'`);
  const actual = familyOf(address);
  if (actual === null) throw new LibvirtError(`XML error: Invalid address '${address}' in network '${network}'`);
  const family = attribute(element, 'family');
  checkFamily(family, actual, address, network);
  const netmask = attribute(element, 'netmask');
  const prefixText = attribute(element, 'prefix');
  if (prefixText !== null) checkPrefix(prefixText, actual, network);
  if (netmask !== null) {
    if (actual === 'inet6') throw new LibvirtError(`unsupported configuration: netmask not allowed for IPv6 address '${address}' in network '${network}'`);
    if (prefixText !== null) throw new LibvirtError(`unsupported configuration: Network '${network}' IP address cannot have both a prefix and a netmask`);
    if (familyOf(netmask) !== 'inet') throw new LibvirtError(`XML error: Invalid netmask '${netmask}' in network '${network}'`);
  }
  const prefix = prefixText === null || Number(prefixText) === 0 ? null : Number(prefixText);
  const ip: IpDefinition = {
    family, address, netmask, prefix,
    localPtr: attribute(element, 'localPtr') === 'yes',
    tftpRoot: attribute(childElement(element, 'tftp'), 'root'),
    dhcp: null,
  };
  const dhcp = childElement(element, 'dhcp');
  if (dhcp) ip.dhcp = parseDhcp(dhcp, ip, network);
  return ip;
}

function checkFamily(family: string | null, actual: 'inet' | 'inet6', address: string, network: string): void {
  if (family === null) {
    if (actual !== 'inet') throw new LibvirtError(`unsupported configuration: no family specified for non-IPv4 address '${address}' in network '${network}'`);
  } else if (family === 'ipv4') {
    if (actual !== 'inet') throw new LibvirtError(`unsupported configuration: Family 'ipv4' specified for non-IPv4 address '${address}' in network '${network}'`);
  } else if (family === 'ipv6') {
    if (actual !== 'inet6') throw new LibvirtError(`unsupported configuration: Family 'ipv6' specified for non-IPv6 address '${address}' in network '${network}'`);
  } else {
    throw new LibvirtError(`XML error: Unrecognized family '${family}' in network '${network}'`);
  }
}

function checkPrefix(text: string, family: 'inet' | 'inet6', network: string): void {
  const words = family === 'inet' ? 'IPv4' : 'IPv6';
  if (!/^\d+$/.test(text) || Number(text) > (family === 'inet' ? 32 : 128)) {
    throw new LibvirtError(`unsupported configuration: Invalid ${words} prefix '${text}' in network '${network}'`);
  }
}

function parseDhcp(element: Element, ip: IpDefinition, network: string): NonNullable<IpDefinition['dhcp']> {
  const bootp = childElement(element, 'bootp');
  const file = attribute(bootp, 'file');
  return {
    ranges: childElements(element, 'range').map((range) => parseRange(range, ip, network)),
    hosts: childElements(element, 'host').map((host) => parseHost(host, ip, network)),
    bootp: file === null ? null : { file, server: attribute(bootp, 'server') },
  };
}

export function parseRange(element: Element, ip: IpDefinition, network: string): { start: string; end: string; lease: LeaseTime | null } {
  const start = attribute(element, 'start');
  const end = attribute(element, 'end');
  if (start === null) throw new LibvirtError(`XML error: Missing 'start' attribute in dhcp range for network '${network}'`);
  if (familyOf(start) === null) throw new LibvirtError(`Cannot parse socket address '${start}': Name or service not known`);
  if (end === null) throw new LibvirtError(`XML error: Missing 'end' attribute in dhcp range for network '${network}'`);
  if (familyOf(end) === null) throw new LibvirtError(`Cannot parse socket address '${end}': Name or service not known`);
  checkRange(start, end, ip);
  return { start, end, lease: parseLeaseTime(childElement(element, 'lease')) };
}

/** virSocketAddrGetRange, in its order. */
function checkRange(start: string, end: string, ip: IpDefinition): void {
  const range = `range ${start} - ${end}`;
  if (familyOf(start) !== familyOf(end)) throw new LibvirtError(`internal error: mismatch of address family in ${range}`);
  const prefix = prefixOf(ip);
  const subnet = `network ${ip.address}/${prefix}`;
  if (familyOf(start) !== familyOf(ip.address)) throw new LibvirtError(`internal error: mismatch of address family in ${range} for network ${ip.address}`);
  if (prefix < 0) throw new LibvirtError(`internal error: bad prefix ${prefix} for network ${ip.address} when checking ${range}`);
  if (!isWithin(start, ip.address, prefix) || !isWithin(end, ip.address, prefix)) {
    throw new LibvirtError(`internal error: ${range} is not entirely within ${subnet}`);
  }
  if (toNumber(start) > toNumber(end)) throw new LibvirtError(`internal error: ${range} is reversed `);
  if (familyOf(start) === 'inet') {
    if (toNumber(start) === toNumber(networkAddress(ip.address, prefix))) throw new LibvirtError(`internal error: start of ${range} in ${subnet} is the network address`);
    if (toNumber(end) === toNumber(lastAddress(ip.address, prefix))) throw new LibvirtError(`internal error: end of ${range} in ${subnet} is the broadcast address`);
  }
  if (toNumber(end) - toNumber(start) >= 65535n) throw new LibvirtError(`internal error: ${range} is too large (> 65535)`);
}

export function parseHost(element: Element, ip: IpDefinition, network: string) {
  const mac = attribute(element, 'mac');
  const name = attribute(element, 'name');
  const id = attribute(element, 'id');
  const address = attribute(element, 'ip');
  if (mac !== null && !macPattern.test(mac)) throw new LibvirtError(`XML error: Cannot parse MAC address '${mac}' in network '${network}'`);
  const isV6 = familyOf(ip.address) === 'inet6';
  if (isV6 && mac !== null) throw new LibvirtError(`XML error: Invalid to specify MAC address '${mac}' in IPv6 network '${network}'`);
  if (!isV6 && mac === null && name === null) {
    throw new LibvirtError(`XML error: Static host definition in IPv4 network '${network}' must have mac or name attribute`);
  }
  if (isV6 && id === null && name === null) {
    throw new LibvirtError(`XML error: Static host definition in IPv6 network '${network}' must have id or name attribute`);
  }
  if (address === null) {
    throw new LibvirtError(`XML error: Missing IP address in static host definition for network '${network}'`);
  }
  if (familyOf(address) === null) throw new LibvirtError(`XML error: Invalid IP address in static host definition for network '${network}'`);
  return { id, mac, name, ip: address, lease: parseLeaseTime(childElement(element, 'lease')) };
}

function parseLeaseTime(element: Element | null): LeaseTime | null {
  const expiry = attribute(element, 'expiry');
  if (expiry === null) return null;
  return { expiry, unit: expiry === '0' ? null : attribute(element, 'unit') ?? 'minutes' };
}

/** `<route>`, as far as networks use it. */
export function parseRoute(element: Element, network: string): RouteDefinition {
  const address = attribute(element, 'address');
  const gateway = attribute(element, 'gateway');
  if (address === null) throw new LibvirtError(`XML error: ${network}: Missing required address attribute in route definition`);
  if (gateway === null) throw new LibvirtError(`XML error: ${network}: Missing required gateway attribute in route definition`);
  if (familyOf(address) === null) throw new LibvirtError(`XML error: ${network}: Bad network address '${address}' in route definition`);
  if (familyOf(gateway) === null) throw new LibvirtError(`XML error: ${network}: Bad gateway address '${gateway}' in route definition`);
  return {
    family: attribute(element, 'family'), address, gateway,
    netmask: attribute(element, 'netmask'), prefix: attribute(element, 'prefix'), metric: attribute(element, 'metric'),
  };
}
