import type { Element } from '@xmldom/xmldom';
import { attribute } from '../../../../shared/domain/xml/read-element';
import type { NetworkState } from '../host-state';
import { familyOf } from '../linux/address-math';
import { LibvirtError } from './libvirt-error';
import type { IpDefinition, NetworkDefinition, XmlNode } from './network-definition';
import { parseHost, parseRange } from './parse-network-ip';
import { parseDnsHost, parseService, parseText } from './parse-network';
import { readRoot, toXmlNode } from './read-document';

/** As virsh spells them; `add` is `add-last`. */
export type UpdateAction = 'add' | 'modify' | 'delete' | 'add-first';

export interface UpdateRequest {
  action: UpdateAction;
  section: string;
  xml: string;
  /** Which `<ip>`; -1: the one with DHCP. */
  parentIndex: number;
}

/** The sections of virsh, in the order of virNetworkUpdateSection. */
export const updateSections = [
  'bridge', 'domain', 'ip', 'ip-dhcp-host', 'ip-dhcp-range', 'forward', 'forward-interface', 'forward-pf', 'portgroup', 'dns-host', 'dns-txt', 'dns-srv',
];

const rootOf: Record<string, string> = {
  'ip-dhcp-host': 'host', 'ip-dhcp-range': 'range', 'forward-interface': 'interface', portgroup: 'portgroup', 'dns-host': 'host', 'dns-txt': 'txt', 'dns-srv': 'srv',
};

/** `net-update`: changes what runs, the definition, or both; neither when one of them can't be. Throws LibvirtError. */
export function updateNetwork(network: NetworkState, request: UpdateRequest, extent: { live: boolean; config: boolean }): void {
  const live = extent.live ? requireRunning(network) : null;
  const config = extent.config ? network.persistent : null;
  if (extent.config && !config) throw new LibvirtError('Requested operation is not valid: can\'t update persistent config of transient network');
  const updated = [live, config].map((definition) => (definition ? changed(definition, request) : null));
  if (updated[0]) network.running = updated[0];
  if (updated[1]) network.persistent = updated[1];
}

function requireRunning(network: NetworkState): NetworkDefinition {
  if (!network.running) throw new LibvirtError('Requested operation is not valid: network is not running');
  return network.running;
}

/** virNetworkDefUpdateSection on a copy. */
function changed(before: NetworkDefinition, { action, section, xml, parentIndex }: UpdateRequest): NetworkDefinition {
  const definition = structuredClone(before);
  const { name } = definition;
  const rootName = rootOf[section];
  if (rootName === undefined) throw new LibvirtError(`Operation not supported: can't update '${section}' section of network '${name}'`);
  const element = readRoot(xml, 'network_update_xml');
  if (element.nodeName !== rootName) throw new LibvirtError(`XML error: unexpected element <${element.nodeName}>, expecting <${rootName}>, while updating network '${name}'`);
  switch (section) {
    case 'ip-dhcp-host': updateHost(definition, ipAt(definition, parentIndex), element, action); break;
    case 'ip-dhcp-range': updateRange(definition, ipAt(definition, parentIndex), element, action); break;
    case 'forward-interface': updateInterface(definition, element, action); break;
    case 'portgroup': updatePortgroup(definition, element, action); break;
    case 'dns-host': updateDnsHost(definition, element, action); break;
    case 'dns-txt': updateText(definition, element, action); break;
    case 'dns-srv': updateService(definition, element, action); break;
  }
  return definition;
}

const unsupported = (message: string): LibvirtError => new LibvirtError(`Operation not supported: ${message}`);
const invalid = (message: string): LibvirtError => new LibvirtError(`Requested operation is not valid: ${message}`);

/** virNetworkIPDefByIndex: the one asked for, the one with DHCP, else the first of IPv4. */
function ipAt(definition: NetworkDefinition, index: number): IpDefinition {
  const { ips, name } = definition;
  if (index >= 0) {
    const ip = ips[index];
    if (!ip) throw invalid(`couldn't update dhcp host entry - no <ip> element found at index ${index} in network '${name}'`);
    return ip;
  }
  const found = ips.find((ip) => ip.dhcp && (ip.dhcp.ranges.length > 0 || ip.dhcp.hosts.length > 0)) ?? ips.find((ip) => familyOf(ip.address) === 'inet') ?? ips[0];
  if (!found) throw invalid(`couldn't update dhcp host entry - no <ip> element found in network '${name}'`);
  return found;
}

function place<T>(list: T[], item: T, action: UpdateAction): void {
  if (action === 'add-first') list.unshift(item);
  else list.push(item);
}

function dhcpOf(ip: IpDefinition): NonNullable<IpDefinition['dhcp']> {
  ip.dhcp ??= { ranges: [], hosts: [], bootp: null };
  return ip.dhcp;
}

/** "dhcp is supported only for a single IPv4 address on each network". */
function checkMultiDhcp(definition: NetworkDefinition, ip: IpDefinition): void {
  const family = familyOf(ip.address);
  const other = definition.ips.some((each) => each !== ip && familyOf(each.address) === family && each.dhcp && (each.dhcp.ranges.length > 0 || each.dhcp.hosts.length > 0));
  if (!other) return;
  const words = family === 'inet' ? 'IPv4' : 'IPv6';
  throw invalid(`dhcp is supported only for a single ${words} address on each network`);
}

function updateHost(definition: NetworkDefinition, ip: IpDefinition, element: Element, action: UpdateAction): void {
  const host = parseHost(element, ip, definition.name);
  const network = `network '${definition.name}'`;
  const dhcp = dhcpOf(ip);
  const same = (a: string | null, b: string | null): boolean => a !== null && a.toLowerCase() === b?.toLowerCase();
  if (action === 'modify') {
    const known = dhcp.hosts.find((other) => same(host.mac, other.mac) || same(host.id, other.id) || same(host.name, other.name));
    if (!known) throw invalid(`couldn't locate an existing dhcp host entry with "mac='${host.mac ?? ''}'" "name='${host.name ?? '(null)'}'" "ip='${host.ip}'" in ${network}`);
    Object.assign(known, host);
    return;
  }
  if (action === 'delete') {
    const at = dhcp.hosts.findIndex((other) => (host.mac === null || same(host.mac, other.mac)) && (host.name === null || host.name === other.name) && host.ip === other.ip);
    if (at < 0) throw invalid(`couldn't locate a matching dhcp host entry in ${network}`);
    dhcp.hosts.splice(at, 1);
    return;
  }
  checkMultiDhcp(definition, ip);
  const clash = dhcp.hosts.some((other) => same(host.mac, other.mac) || (host.name !== null && host.name === other.name) || host.ip === other.ip);
  if (clash) {
    throw invalid(`there is an existing dhcp host entry in ${network} that matches "<host mac='${host.mac ?? ''}' name='${host.name ?? '(null)'}' ip='${host.ip}'/>"`);
  }
  place(dhcp.hosts, host, action);
}

function updateRange(definition: NetworkDefinition, ip: IpDefinition, element: Element, action: UpdateAction): void {
  const network = `network '${definition.name}'`;
  if (action === 'modify') throw unsupported('dhcp ranges cannot be modified, only added or deleted');
  const range = parseRange(element, ip, definition.name);
  const dhcp = dhcpOf(ip);
  const at = dhcp.ranges.findIndex((other) => other.start === range.start && other.end === range.end);
  const said = `"<range start='${range.start}' end='${range.end}'/>"`;
  if (action === 'delete') {
    if (at < 0) throw invalid(`couldn't locate a matching dhcp range entry in ${network}`);
    dhcp.ranges.splice(at, 1);
    return;
  }
  checkMultiDhcp(definition, ip);
  if (at >= 0) throw invalid(`there is an existing dhcp range entry in ${network} that matches ${said}`);
  place(dhcp.ranges, range, action);
}

function updateInterface({ forward, name }: NetworkDefinition, element: Element, action: UpdateAction): void {
  if (action === 'modify') throw unsupported(`forward interface entries cannot be modified, only added or deleted`);
  const dev = attribute(element, 'dev') ?? '';
  const interfaces = forward?.interfaces ?? [];
  const at = interfaces.indexOf(dev);
  if (action === 'delete') {
    if (at < 0) throw invalid(`couldn't find an interface entry in network '${name}' matching <interface dev='${dev}'>`);
    interfaces.splice(at, 1);
    return;
  }
  if (at >= 0) throw invalid(`there is an existing interface entry in network '${name}' that matches "<interface dev='${dev}'>"`);
  place(interfaces, dev, action);
}

const nameOf = (node: XmlNode): string => node.attributes.find(([key]) => key === 'name')?.[1] ?? '';
const isDefault = (node: XmlNode): boolean => node.attributes.some(([key, value]) => key === 'default' && value === 'yes');

function updatePortgroup(definition: NetworkDefinition, element: Element, action: UpdateAction): void {
  const group = toXmlNode(element);
  const { portgroups, name } = definition;
  const wanted = nameOf(group);
  const at = portgroups.findIndex((other) => nameOf(other) === wanted);
  if (at < 0 && (action === 'modify' || action === 'delete')) throw invalid(`couldn't find a portgroup entry in network '${name}' matching <portgroup name='${wanted}'>`);
  if (action === 'delete') {
    portgroups.splice(at, 1);
    return;
  }
  if (at >= 0 && action !== 'modify') throw invalid(`there is an existing portgroup entry in network '${name}' that matches "<portgroup name='${wanted}'>"`);
  const other = portgroups.find((each) => nameOf(each) !== wanted && isDefault(each));
  if (isDefault(group) && other) throw invalid(`a different portgroup entry in network '${name}' is already set as the default. Only one default is allowed.`);
  if (action === 'modify') portgroups[at] = group;
  else place(portgroups, group, action);
}

function updateDnsHost({ dns, name }: NetworkDefinition, element: Element, action: UpdateAction): void {
  if (action === 'modify') throw unsupported('DNS HOST records cannot be modified, only added or deleted');
  const host = parseDnsHost(element, name);
  const matches = (other: typeof host): boolean => other.ip === host.ip || other.hostnames.some((known) => host.hostnames.includes(known));
  const found = dns.hosts.filter(matches);
  if (action === 'delete') {
    if (found.length === 0) throw invalid(`couldn't locate a matching DNS HOST record in network ${name}`);
    if (found.length > 1) throw invalid(`multiple matching DNS HOST records were found in network ${name}`);
    dns.hosts = dns.hosts.filter((other) => !matches(other));
    return;
  }
  if (found.length > 0) throw invalid(`there is already at least one DNS HOST record with a matching field in network ${name}`);
  place(dns.hosts, host, action);
}

function updateText({ dns, name }: NetworkDefinition, element: Element, action: UpdateAction): void {
  if (action === 'modify') throw unsupported('DNS TXT records cannot be modified, only added or deleted');
  const text = parseText(element, name);
  const at = dns.txt.findIndex((other) => other.name === text.name);
  if (action === 'delete') {
    if (at < 0) throw invalid(`couldn't locate a matching DNS TXT record in network ${name}`);
    dns.txt.splice(at, 1);
    return;
  }
  if (at >= 0) throw invalid(`there is already a DNS TXT record with name '${text.name}' in network ${name}`);
  place(dns.txt, text, action);
}

function updateService({ dns, name }: NetworkDefinition, element: Element, action: UpdateAction): void {
  if (action === 'modify') throw unsupported('DNS SRV records cannot be modified, only added or deleted');
  const service = parseService(element);
  // What the record doesn't say matches anything.
  const matches = (other: [string, string][]): boolean => service.every(([key, value]) => other.some(([name, known]) => name === key && known === value));
  const found = dns.srv.filter(matches);
  if (action === 'delete') {
    if (found.length === 0) throw invalid(`couldn't locate a matching DNS SRV record in network ${name}`);
    if (found.length > 1) throw invalid(`multiple DNS SRV records matching all specified fields were found in network ${name}`);
    dns.srv = dns.srv.filter((other) => !matches(other));
    return;
  }
  if (found.length > 0) throw invalid(`there is already at least one DNS SRV record matching all specified fields in network ${name}`);
  place(dns.srv, service, action);
}
