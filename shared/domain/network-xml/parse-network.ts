import type { Element } from '@xmldom/xmldom';
import { readBandwidth } from '../bandwidth-xml';
import { attribute, childElement, childElements, numberAttribute, textOf } from '../xml/read-element';
import { parseRoot } from '../xml/parse-xml';
import { remembering } from '../xml/remembering';
import { forwardModeSchema, networkKind } from '../network';
import type { DhcpHost, ForwardMode, Network, NetworkIp, NetworkKind, Vlan } from '../network';
import { readLabMark } from './lab-mark-xml';
import { readPrefix } from './read-prefix';

/** What `virsh net-dumpxml` says of a network; the rest of `Network` comes from the lists and leases. */
export type NetworkDefinition = Omit<Network, 'active' | 'autostart' | 'persistent' | 'leases' | 'pendingRestart'>;

/**
 * Reads a `<network>` document (https://libvirt.org/formatnetwork.html). Elements it doesn't know are skipped. Throws AppError
 * `libvirt.xml-invalid`.
 */
export const parseNetwork = remembering((xml: string): NetworkDefinition => readNetwork(parseRoot(xml, 'network')));

function readNetwork(root: Element): NetworkDefinition {
  const forward = readForward(root);
  const bridge = childElement(root, 'bridge');
  const bridgeName = attribute(bridge, 'name');
  const virtualPort = attribute(childElement(root, 'virtualport'), 'type');
  const domain = childElement(root, 'domain');
  return {
    uuid: textOf(childElement(root, 'uuid'))?.trim() ?? '',
    name: textOf(childElement(root, 'name')) ?? '',
    title: textOf(childElement(root, 'title')),
    kind: kindOf(forward.mode, virtualPort, bridgeName !== null),
    forward,
    bridge: bridgeName === null ? null : {
      name: bridgeName,
      stp: attribute(bridge, 'stp') !== 'off',
      delaySeconds: numberAttribute(bridge, 'delay') ?? 0,
      zone: attribute(bridge, 'zone'),
    },
    virtualPort,
    portIsolation: attribute(childElement(root, 'port'), 'isolated') === 'yes',
    guestIpv6: attribute(root, 'ipv6') === 'yes',
    mac: attribute(childElement(root, 'mac'), 'address'),
    mtu: numberAttribute(childElement(root, 'mtu'), 'size'),
    domain: domain && attribute(domain, 'name') !== null
      ? { name: attribute(domain, 'name') ?? '', localOnly: attribute(domain, 'localOnly') === 'yes' }
      : null,
    dns: readDns(childElement(root, 'dns')),
    ips: childElements(root, 'ip').flatMap(readIp),
    routes: childElements(root, 'route').map(readRoute),
    portgroups: childElements(root, 'portgroup').map((group) => ({
      name: attribute(group, 'name') ?? '',
      isDefault: attribute(group, 'default') === 'yes',
      vlan: readVlan(childElement(group, 'vlan')),
      ...limitsOf(group),
    })),
    vlan: readVlan(childElement(root, 'vlan')),
    ...limitsOf(root),
    lab: readLabMark(root),
  };
}

function limitsOf(element: Element): Pick<Network, 'bandwidth'> {
  const bandwidth = readBandwidth(childElement(element, 'bandwidth'));
  return bandwidth.inbound || bandwidth.outbound ? { bandwidth } : {};
}

/** `<vlan>` of a network, portgroup or machine NIC; null when there is none. */
export function readVlan(vlan: Element | null): Vlan | null {
  if (!vlan) return null;
  const tags = childElements(vlan, 'tag').map((tag) => {
    const nativeMode = attribute(tag, 'nativeMode');
    return {
      id: numberAttribute(tag, 'id') ?? 0,
      ...(nativeMode === 'tagged' || nativeMode === 'untagged' ? { nativeMode } as const : {}),
    };
  });
  return { trunk: attribute(vlan, 'trunk') === 'yes' || tags.length > 1, tags };
}

/** `mode='bridge'` without a bridge but with an interface is a macvtap (formatnetwork.html, "Using a macvtap"). */
function kindOf(mode: ForwardMode, virtualPort: string | null, hasBridge: boolean): NetworkKind {
  return mode === 'bridge' && !hasBridge ? 'macvtap' : networkKind(mode, virtualPort);
}

function readForward(root: Element): NetworkDefinition['forward'] {
  const forward = childElement(root, 'forward');
  if (!forward) return { mode: 'none', dev: null, interfaces: [], natIpv6: false };
  const mode = forwardModeSchema.safeParse(attribute(forward, 'mode') ?? 'nat');
  return {
    // A mode that a later libvirt adds is shown as what the safest reading is: no forwarding that we know of.
    mode: mode.success ? mode.data : 'none',
    dev: attribute(forward, 'dev'),
    interfaces: childElements(forward).flatMap((child) => {
      if (child.nodeName === 'interface' || child.nodeName === 'pf') return attribute(child, 'dev') ?? [];
      return child.nodeName === 'address' ? pciAddress(child) : [];
    }),
    natIpv6: attribute(childElement(forward, 'nat'), 'ipv6') === 'yes',
  };
}

/** `0000:02:00.1`, as lspci -D prints it. */
function pciAddress(address: Element): string {
  const part = (name: string, width: number): string =>
    (attribute(address, name) ?? '0').replace(/^0x/i, '').padStart(width, '0');
  return `${part('domain', 4)}:${part('bus', 2)}:${part('slot', 2)}.${part('function', 1)}`;
}

function readDns(dns: Element | null): NetworkDefinition['dns'] {
  const all = (name: string): Element[] => (dns ? childElements(dns, name) : []);
  return {
    enabled: attribute(dns, 'enable') !== 'no',
    forwarders: all('forwarder').map((item) => ({ address: attribute(item, 'addr'), domain: attribute(item, 'domain') })),
    hosts: all('host').map((host) => ({
      ip: attribute(host, 'ip') ?? '',
      hostnames: childElements(host, 'hostname').map((name) => textOf(name) ?? ''),
    })),
    srv: all('srv').map((srv) => ({
      service: attribute(srv, 'service') ?? '',
      protocol: attribute(srv, 'protocol') ?? '',
      domain: attribute(srv, 'domain'),
      target: attribute(srv, 'target'),
      port: numberAttribute(srv, 'port'),
    })),
    txt: all('txt').map((txt) => ({ name: attribute(txt, 'name') ?? '', value: attribute(txt, 'value') ?? '' })),
  };
}

function readIp(ip: Element): NetworkIp[] {
  const address = attribute(ip, 'address');
  if (address === null) return [];
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  const dhcp = childElement(ip, 'dhcp');
  const bootpFile = attribute(childElement(dhcp, 'bootp'), 'file');
  const tftpRoot = attribute(childElement(ip, 'tftp'), 'root');
  return [{
    family,
    address,
    prefix: readPrefix(ip, address),
    dhcp: dhcp && {
      ranges: childElements(dhcp, 'range').map((range) => ({
        start: attribute(range, 'start') ?? '', end: attribute(range, 'end') ?? '',
      })),
      hosts: childElements(dhcp, 'host').map(readDhcpHost),
      ...(bootpFile === null ? {} : { bootpFile }),
    },
    ...(tftpRoot === null ? {} : { tftpRoot }),
  }];
}

function readDhcpHost(host: Element): DhcpHost {
  const read: DhcpHost = {};
  for (const name of ['mac', 'id', 'name', 'ip'] as const) {
    const value = attribute(host, name);
    if (value !== null) read[name] = value;
  }
  return read;
}

function readRoute(route: Element): NetworkDefinition['routes'][number] {
  const address = attribute(route, 'address') ?? '';
  return {
    destination: `${address}/${readPrefix(route, address)}`,
    gateway: attribute(route, 'gateway') ?? '',
    metric: numberAttribute(route, 'metric'),
  };
}
