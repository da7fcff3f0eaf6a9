import { XMLSerializer } from '@xmldom/xmldom';
import type { Element } from '@xmldom/xmldom';
import { attribute, childElement, childElements, textOf } from '../../../../shared/domain/xml/read-element';
import { attributesOf } from '../../../../shared/domain/xml/xml-source';
import { familyOf } from '../linux/address-math';
import { LibvirtError } from './libvirt-error';
import { isVirtual } from './network-definition';
import type { BridgeDefinition, DnsDefinition, ForwardDefinition, NetworkDefinition, XmlNode } from './network-definition';
import { parseIp, parseRoute } from './parse-network-ip';
import { readRoot, toXmlNode } from './read-document';
import { checkAttachedParts, readBandwidthNode, readPortgroupNode, readVlanNode } from './validate-attached';

const forwardModes = ['none', 'nat', 'route', 'open', 'bridge', 'private', 'vepa', 'passthrough', 'hostdev'];
const uuidPattern = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;
const macPattern = /^[0-9a-f]{1,2}(:[0-9a-f]{1,2}){5}$/i;

/**
 * Reads a network definition as libvirt 9.0 does, with its messages. `newUuid` is asked when the document names none.
 * Throws LibvirtError.
 */
export function parseNetworkDefinition(xml: string, newUuid: () => string): NetworkDefinition {
  const root = readRoot(xml, 'network_definition', 'network');
  const name = textOf(childElement(root, 'name'));
  if (!name) throw new LibvirtError('missing name information');
  if (name.includes('/')) throw new LibvirtError('invalid char in name: /');
  if (name.includes('\n')) throw new LibvirtError('invalid char in name: \n');
  const uuid = textOf(childElement(root, 'uuid'));
  if (uuid !== null && !uuidPattern.test(uuid.trim())) throw new LibvirtError('internal error: malformed uuid element');
  const domain = attribute(childElement(root, 'domain'), 'name');
  const forward = parseForward(childElement(root, 'forward'), name);
  const definition: NetworkDefinition = {
    name,
    uuid: uuid === null ? newUuid() : dashed(uuid.trim().toLowerCase()),
    guestIpv6: attribute(root, 'ipv6') === 'yes',
    trustGuestRxFilters: attribute(root, 'trustGuestRxFilters'),
    metadata: parseMetadata(childElement(root, 'metadata')),
    domain: domain === null ? null : { name: domain, localOnly: attribute(childElement(root, 'domain'), 'localOnly') },
    bridge: parseBridge(childElement(root, 'bridge'), name),
    mtu: parseMtu(childElement(root, 'mtu'), name),
    mac: parseMac(childElement(root, 'mac'), name),
    dns: parseDns(childElement(root, 'dns'), name),
    vlan: partOf(root, 'vlan', readVlanNode),
    bandwidth: partOf(root, 'bandwidth', readBandwidthNode),
    port: node(root, 'port'),
    ips: childElements(root, 'ip').map((ip) => parseIp(ip, name)),
    routes: [],
    forward,
    virtualPort: node(root, 'virtualport'),
    portgroups: childElements(root, 'portgroup').map((group) => readPortgroupNode(toXmlNode(group))),
    dnsmasqOptions: childElements(root, 'dnsmasq:options')
      .flatMap((options) => childElements(options, 'dnsmasq:option'))
      .map((option) => attribute(option, 'value') ?? ''),
  };
  definition.routes = childElements(root, 'route').map((route) => parseRoute(route, name));
  if (['nat', 'route', 'open'].includes(forward?.mode ?? '') && definition.ips.length === 0) {
    throw new LibvirtError(`XML error: ${forward?.mode} forwarding requested, but no IP address provided for network '${name}'`);
  }
  const given = childElement(root, 'bridge');
  if (!isVirtual(definition)) checkAttachedParts(definition, { stp: attribute(given, 'stp') !== null, delay: attribute(given, 'delay') !== null });
  return definition;
}

function partOf(root: Element, name: string, read: (part: XmlNode) => XmlNode): XmlNode | null {
  const element = node(root, name);
  return element && read(element);
}

function node(root: Element, name: string) {
  const element = childElement(root, name);
  return element ? toXmlNode(element) : null;
}

function dashed(uuid: string): string {
  const hex = uuid.replaceAll('-', '');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Each child element as text, in libxml2's style: double quotes, namespaces where they are used. */
function parseMetadata(metadata: Element | null): string[] {
  return metadata ? childElements(metadata).map((child) => new XMLSerializer().serializeToString(child)) : [];
}

function parseForward(element: Element | null, network: string): ForwardDefinition | null {
  if (!element) return null;
  const mode = attribute(element, 'mode') ?? 'nat';
  if (!forwardModes.includes(mode)) throw new LibvirtError(`unsupported configuration: unknown forwarding type '${mode}'`);
  if (mode === 'none') return null;
  const dev = attribute(element, 'dev');
  const listed = childElements(element, 'interface').flatMap((child) => attribute(child, 'dev') ?? []);
  if (dev !== null && listed.length > 0 && listed[0] !== dev) {
    throw new LibvirtError(`XML error: forward dev '${dev}' must match first interface element dev '${listed[0]}' in network '${network}'`);
  }
  const twice = listed.find((name, at) => listed.indexOf(name) < at);
  if (twice !== undefined) throw new LibvirtError(`XML error: interface '${twice}' can only be listed once in network ${network}`);
  const nat = childElement(element, 'nat');
  const address = childElement(nat, 'address');
  const port = childElement(nat, 'port');
  return {
    mode,
    managed: attribute(element, 'managed'),
    interfaces: listed.length > 0 ? listed : dev === null ? [] : [dev],
    others: childElements(element).filter((child) => ['pf', 'address', 'driver'].includes(child.nodeName)).map(toXmlNode),
    natIpv6: attribute(nat, 'ipv6') === 'yes',
    natAddress: address ? { start: attribute(address, 'start') ?? '', end: attribute(address, 'end') ?? '' } : null,
    natPort: port ? parseNatPort(port, network) : null,
  };
}

function parseNatPort(port: Element, network: string): { start: number; end: number } {
  const where = `attribute in <port> in <nat> in <forward> in network ${network}`;
  const start = Number(attribute(port, 'start'));
  const end = Number(attribute(port, 'end'));
  if (!attribute(port, 'start') || !Number.isInteger(start)) throw new LibvirtError(`Missing or invalid 'start' ${where}`);
  if (!attribute(port, 'end') || !Number.isInteger(end) || end < start) throw new LibvirtError(`Missing or invalid 'end' ${where}`);
  return { start, end };
}

function parseBridge(element: Element | null, network: string): BridgeDefinition | null {
  if (!element) return null;
  const delay = attribute(element, 'delay');
  if (delay !== null && !/^\d+$/.test(delay)) throw new LibvirtError(`XML error: Invalid delay value in network '${network}'`);
  return {
    name: attribute(element, 'name'),
    zone: attribute(element, 'zone'),
    stp: attribute(element, 'stp') !== 'off',
    delay: Number(delay ?? 0),
    macTableManager: attribute(element, 'macTableManager'),
  };
}

function parseMtu(element: Element | null, network: string): number | null {
  const size = attribute(element, 'size');
  if (size === null) return null;
  if (!/^\d+$/.test(size)) throw new LibvirtError(`XML error: Invalid mtu size '${size}' in network '${network}'`);
  return Number(size);
}

function parseMac(element: Element | null, network: string): string | null {
  const mac = attribute(element, 'address');
  if (mac === null) return null;
  if (!macPattern.test(mac)) throw new LibvirtError(`XML error: Invalid bridge mac address '${mac}' in network '${network}'`);
  if (parseInt(mac.slice(0, 2), 16) % 2 === 1) {
    throw new LibvirtError(`XML error: Invalid multicast bridge mac address '${mac}' in network '${network}'`);
  }
  return mac.toLowerCase();
}

/** The attributes of `<srv>` in the order libvirt writes them. */
const srvAttributes = ['service', 'protocol', 'domain', 'target', 'port', 'priority', 'weight'];

function parseDns(element: Element | null, network: string): DnsDefinition {
  const forwarders = element ? childElements(element, 'forwarder').map((forwarder) => {
    const address = attribute(forwarder, 'addr');
    const domain = attribute(forwarder, 'domain');
    if (address !== null && familyOf(address) === null) {
      throw new LibvirtError(`XML error: Invalid forwarder IP address '${address}' in network '${network}'`);
    }
    if (address === null && domain === null) {
      throw new LibvirtError('XML error: Invalid forwarder element, must contain at least one of addr or domain');
    }
    return { address, domain };
  }) : [];
  const hosts = element ? childElements(element, 'host').map((host) => parseDnsHost(host, network)) : [];
  return {
    enable: attribute(element, 'enable'),
    forwardPlainNames: attribute(element, 'forwardPlainNames'),
    forwarders,
    hosts,
    txt: element ? childElements(element, 'txt').map((txt) => parseText(txt, network)) : [],
    srv: element ? childElements(element, 'srv').map(parseService) : [],
  };
}

export function parseDnsHost(host: Element, network: string): DnsDefinition['hosts'][number] {
  const ip = attribute(host, 'ip') ?? '';
  if (familyOf(ip) === null) throw new LibvirtError(`Invalid IP address in network '${network}' DNS HOST record`);
  const hostnames = childElements(host, 'hostname').map((hostname) => textOf(hostname) ?? '');
  if (hostnames.length === 0) throw new LibvirtError(`Missing hostname in network '${network}' DNS HOST record`);
  return { ip, hostnames };
}

export function parseText(txt: Element, network: string): DnsDefinition['txt'][number] {
  const name = attribute(txt, 'name');
  if (name === null) throw new LibvirtError(`missing required name attribute in DNS TXT record of network ${network}`);
  return { name, value: attribute(txt, 'value') };
}

/** A zero priority or weight is what libvirt would assume, and is not written. */
export function parseService(srv: Element): DnsDefinition['srv'][number] {
  const given = new Map(attributesOf(srv).filter(([name, value]) => !((name === 'priority' || name === 'weight') && Number(value) === 0)));
  return srvAttributes.flatMap((name): [string, string][] => (given.has(name) ? [[name, given.get(name) ?? '']] : []));
}
