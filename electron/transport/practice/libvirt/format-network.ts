import { escapeXml } from '../../../../shared/domain/xml/xml-source';
import { isVirtual } from './network-definition';
import type { DnsDefinition, ForwardDefinition, IpDefinition, LeaseTime, NetworkDefinition, RouteDefinition, XmlNode } from './network-definition';

type Attribute = [string, string | number | null];

/** A definition as `virsh net-dumpxml` of libvirt 9.0 writes it, with a line break at the end. */
export function formatNetworkDefinition(definition: NetworkDefinition): string {
  const lines: string[] = [];
  const dnsmasq = definition.dnsmasqOptions.length > 0;
  lines.push(open('network', [
    ['xmlns:dnsmasq', dnsmasq ? 'http://libvirt.org/schemas/network/dnsmasq/1.0' : null],
    ['ipv6', definition.guestIpv6 ? 'yes' : null],
    ['trustGuestRxFilters', definition.trustGuestRxFilters],
  ]));
  lines.push(`<name>${escapeXml(definition.name)}</name>`, `<uuid>${definition.uuid}</uuid>`);
  if (definition.metadata.length > 0) lines.push('<metadata>', ...indent(definition.metadata), '</metadata>');
  if (definition.forward) lines.push(...formatForward(definition.forward));
  const bridge = definition.bridge;
  if (bridge) {
    const made = isVirtual(definition);
    lines.push(empty('bridge', [
      ['name', bridge.name], ['zone', bridge.zone],
      ['stp', made ? (bridge.stp ? 'on' : 'off') : null], ['delay', made ? bridge.delay : null],
      ['macTableManager', bridge.macTableManager],
    ]));
  }
  if (definition.mtu !== null) lines.push(empty('mtu', [['size', definition.mtu]]));
  if (definition.mac !== null) lines.push(empty('mac', [['address', definition.mac]]));
  if (definition.domain) lines.push(empty('domain', [['name', definition.domain.name], ['localOnly', definition.domain.localOnly]]));
  lines.push(...formatDns(definition.dns));
  for (const carried of [definition.vlan, definition.bandwidth, definition.port]) if (carried) lines.push(...formatNode(carried));
  for (const ip of definition.ips) lines.push(...formatIp(ip));
  for (const route of definition.routes) lines.push(formatRoute(route));
  if (definition.virtualPort) lines.push(...formatNode(definition.virtualPort));
  for (const portgroup of definition.portgroups) lines.push(...formatOpen(portgroup));
  if (dnsmasq) {
    const options = definition.dnsmasqOptions.map((value) => empty('dnsmasq:option', [['value', value]]));
    lines.push('<dnsmasq:options>', ...indent(options), '</dnsmasq:options>');
  }
  const [first = '', ...rest] = lines;
  return [first, ...indent(rest), '</network>', ''].join('\n');
}

function formatForward(forward: ForwardDefinition): string[] {
  const nat = [
    ...(forward.natAddress ? [empty('address', [['start', forward.natAddress.start], ['end', forward.natAddress.end]])] : []),
    ...(forward.natPort ? [empty('port', [['start', forward.natPort.start], ['end', forward.natPort.end]])] : []),
  ];
  const inside = [
    ...(forward.natIpv6 || nat.length > 0 ? wrap('nat', [['ipv6', forward.natIpv6 ? 'yes' : null]], nat) : []),
    ...forward.others.flatMap(formatNode),
    ...forward.interfaces.map((dev) => empty('interface', [['dev', dev]])),
  ];
  const attributes: Attribute[] = [['dev', forward.interfaces[0] ?? null], ['mode', forward.mode], ['managed', forward.managed]];
  return wrap('forward', attributes, inside);
}

function formatDns(dns: DnsDefinition): string[] {
  const inside = [
    ...dns.forwarders.map(({ domain, address }) => empty('forwarder', [['domain', domain], ['addr', address]])),
    ...dns.txt.map(({ name, value }) => empty('txt', [['name', name], ['value', value]])),
    ...dns.srv.map((attributes) => empty('srv', attributes)),
    ...dns.hosts.flatMap(({ ip, hostnames }) => wrap('host', [['ip', ip]], hostnames.map((name) => `<hostname>${escapeXml(name)}</hostname>`))),
  ];
  if (dns.enable === null && dns.forwardPlainNames === null && inside.length === 0) return [];
  return wrap('dns', [['enable', dns.enable], ['forwardPlainNames', dns.forwardPlainNames]], inside);
}

function formatIp(ip: IpDefinition): string[] {
  const inside: string[] = [];
  if (ip.tftpRoot !== null) inside.push(empty('tftp', [['root', ip.tftpRoot]]));
  if (ip.dhcp && (ip.dhcp.ranges.length > 0 || ip.dhcp.hosts.length > 0)) {
    inside.push('<dhcp>', ...indent([
      ...ip.dhcp.ranges.flatMap(({ start, end, lease }) => wrap('range', [['start', start], ['end', end]], formatLease(lease))),
      ...ip.dhcp.hosts.flatMap(({ id, mac, name, ip: address, lease }) =>
        wrap('host', [['id', id], ['mac', mac], ['name', name], ['ip', address]], formatLease(lease))),
      ...(ip.dhcp.bootp ? [empty('bootp', [['file', ip.dhcp.bootp.file], ['server', ip.dhcp.bootp.server]])] : []),
    ]), '</dhcp>');
  }
  const attributes: Attribute[] = [
    ['family', ip.family], ['address', ip.address], ['netmask', ip.netmask], ['prefix', ip.prefix], ['localPtr', ip.localPtr ? 'yes' : null],
  ];
  // libvirt never closes <ip> in one tag.
  return [open('ip', attributes), ...indent(inside), '</ip>'];
}

function formatLease(lease: LeaseTime | null): string[] {
  return lease ? [empty('lease', [['expiry', lease.expiry], ['unit', lease.unit]])] : [];
}

function formatRoute(route: RouteDefinition): string {
  return empty('route', [
    ['family', route.family], ['address', route.address], ['netmask', route.netmask], ['prefix', route.prefix],
    ['gateway', route.gateway], ['metric', route.metric],
  ]);
}

/** libvirt never closes `<portgroup>` in one tag either. */
function formatOpen(node: XmlNode): string[] {
  return [open(node.name, node.attributes), ...indent(node.children.flatMap(formatNode)), `</${node.name}>`];
}

export function formatNode(node: XmlNode): string[] {
  return wrap(node.name, node.attributes, node.children.flatMap(formatNode));
}

function wrap(name: string, attributes: Attribute[], inside: string[]): string[] {
  return inside.length === 0 ? [empty(name, attributes)] : [open(name, attributes), ...indent(inside), `</${name}>`];
}

function open(name: string, attributes: Attribute[]): string {
  return `<${name}${attributes.map(([key, value]) => (value === null ? '' : ` ${key}='${escapeXml(String(value))}'`)).join('')}>`;
}

function empty(name: string, attributes: Attribute[]): string {
  return open(name, attributes).replace(/>$/, '/>');
}

function indent(lines: string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
