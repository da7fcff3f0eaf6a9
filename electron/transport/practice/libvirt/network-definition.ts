/**
 * A network as libvirt 9.0 keeps it: what its parser knows, nothing more (comments, unknown elements, `<title>` and
 * `<description>` are lost on the way, as on the real one). Source: formatnetwork.html, network_conf.c of 9.0.
 */
export interface NetworkDefinition {
  name: string;
  uuid: string;
  /** `<network ipv6='yes'>`: IPv6 between guests although the host has no IPv6 address there. */
  guestIpv6: boolean;
  trustGuestRxFilters: string | null;
  /** The inside of `<metadata>`, one string for each child element, as written. */
  metadata: string[];
  forward: ForwardDefinition | null;
  bridge: BridgeDefinition | null;
  mtu: number | null;
  mac: string | null;
  domain: { name: string; localOnly: string | null } | null;
  dns: DnsDefinition;
  /** Parts that libvirt only carries here, in its own order. */
  vlan: XmlNode | null;
  bandwidth: XmlNode | null;
  port: XmlNode | null;
  ips: IpDefinition[];
  routes: RouteDefinition[];
  virtualPort: XmlNode | null;
  portgroups: XmlNode[];
  dnsmasqOptions: string[];
}

/** An element without mixed content. */
export interface XmlNode {
  name: string;
  attributes: [string, string][];
  children: XmlNode[];
}

export interface ForwardDefinition {
  mode: string;
  managed: string | null;
  /** `<interface dev=…>`; the first one is repeated as `dev` of `<forward>`. */
  interfaces: string[];
  /** `<pf>`, `<address>`, `<driver>`. */
  others: XmlNode[];
  natIpv6: boolean;
  natAddress: { start: string; end: string } | null;
  natPort: { start: number; end: number } | null;
}

export interface BridgeDefinition {
  name: string | null;
  zone: string | null;
  stp: boolean;
  delay: number;
  macTableManager: string | null;
}

export interface DnsDefinition {
  enable: string | null;
  forwardPlainNames: string | null;
  forwarders: { domain: string | null; address: string | null }[];
  txt: { name: string; value: string | null }[];
  /** Attributes in libvirt's order. */
  srv: [string, string][][];
  hosts: { ip: string; hostnames: string[] }[];
}

export interface IpDefinition {
  /** As written; IPv4 when null. */
  family: string | null;
  address: string;
  netmask: string | null;
  prefix: number | null;
  localPtr: boolean;
  tftpRoot: string | null;
  dhcp: null | {
    ranges: { start: string; end: string; lease: LeaseTime | null }[];
    hosts: { id: string | null; mac: string | null; name: string | null; ip: string | null; lease: LeaseTime | null }[];
    bootp: { file: string; server: string | null } | null;
  };
}

export interface LeaseTime { expiry: string; unit: string | null }

export interface RouteDefinition {
  family: string | null;
  address: string;
  netmask: string | null;
  prefix: string | null;
  gateway: string;
  metric: string | null;
}

/** The modes for which libvirt makes the bridge itself. */
export function isVirtual(definition: NetworkDefinition): boolean {
  return definition.forward === null || ['nat', 'route', 'open'].includes(definition.forward.mode);
}
