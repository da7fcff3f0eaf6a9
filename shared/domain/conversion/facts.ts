import type { HostInterface, Route } from '../host-network';
import type { PreflightFacts } from '../preflight/facts';

/**
 * What a conversion is judged and planned from, read from the host in one go: plain data, so that the rules and the planners
 * are functions of it.
 */
export interface ConversionFacts {
  /** The host's own end of the SSH connection (`SSH_CONNECTION` of sshd(8)); null: no SSH, or sshd doesn't say. */
  session: { address: string; client: string } | null;
  links: LinkFacts[];
  routes: Route[];
  /** Lines of ip-rule(8) beyond the three every host has. */
  rules: string[];
  /** By interface name; absent: NetworkManager doesn't know it. */
  networkManager: Record<string, NetworkManagerDevice>;
  /** By interface name; absent: systemd-networkd doesn't know it. */
  networkd: Record<string, NetworkdLink>;
  /** Interfaces that ifupdown brought up, from its ifstate. */
  ifstate: string[];
  /** Every configuration file of every stack that is there. */
  files: ConfigFile[];
  os: PreflightFacts['os'];
  /** PID 1 is systemd, and its version; null: no systemd. */
  systemd: number | null;
  /** As `1.42.4`; null: not there, or not running. */
  networkManagerVersion: string | null;
  /** NetworkManager can make Open vSwitch devices (its plugin is installed). */
  networkManagerOvs: boolean;
  tools: string[];
  /** Units that exist: their active state (`active`, `inactive`, …). */
  units: Record<string, string>;
  /** `ports` by bridge, without its own internal port; absent where it was not asked for. `kernel`: its datapath is in the kernel. */
  ovs: { answers: boolean; bridges: string[]; ports?: Record<string, string[]>; kernel: boolean };
  /** File system types of what is mounted, with where. */
  mounts: { source: string; target: string; type: string; readOnly: boolean }[];
  /** Free space, in kilobytes of 1024 bytes, by mount point that holds /etc, /var and /run. */
  freeKilobytes: Record<string, number>;
  /** /sys/class/iscsi_session has entries. */
  iscsi: boolean;
  /** `net.bridge.bridge-nf-call-iptables`; null: br_netfilter isn't loaded. */
  bridgeNetfilter: boolean | null;
  /** The conversion that holds the host's lock and has not ended (`tx/ID`); null: there is none. */
  pending: string | null;
  /** systemd-detect-virt(1): `kvm`, `lxc`, …; null: a machine of its own. */
  inside: string | null;
  /** Where the host looks names up, in its order; a resolver of its own is followed to those it asks. */
  nameServers: string[];
  /** Below which names are looked for that have no dot. */
  searchDomains: string[];
  /** firewalld's zone by interface; absent: none is set, or firewalld doesn't run. */
  zones: Record<string, string>;
  /** The session may run commands as root. */
  root: boolean;
}

export interface LinkFacts extends HostInterface {
  /** The MAC burnt into the card, where it differs from `mac` or the kernel tells it. */
  permanentMac: string | null;
  /** `eui64`, `stable_secret`, `random`, `none`, as ip-link(8) says it. */
  addressGeneration: string | null;
  /** Addresses made up for privacy, which change by themselves. */
  temporary: string[];
  /** From DHCP's lease, hexadecimal; null: not readable. */
  dhcpClientId: string | null;
  /** `net.ipv6.conf.NAME.accept_ra`; null: no IPv6. */
  acceptRa: number | null;
}

export interface NetworkManagerDevice {
  /** `connected`, `disconnected`, `unmanaged`, …, without what is in parentheses. */
  state: string;
  /** The active profile. */
  uuid: string | null;
  name: string | null;
  /** Where the profile stands; null: only in memory. */
  file: string | null;
}

export interface NetworkdLink {
  /** `configured`, `configuring`, `unmanaged`, … */
  state: string;
  /** The .network file in force; null: none matches. */
  file: string | null;
}

export interface ConfigFile {
  path: string;
  /** Null: this user may not read it. */
  content: string | null;
  /** Permission bits. */
  mode: number;
}

/** What the user asks for. */
export interface ConversionSpec {
  /** The device that becomes a port: a NIC, a bond, or a VLAN device. */
  nic: string;
  bridge: string;
  kind: 'linux' | 'ovs';
  /** What does not move to the bridge, in the words of leave/left-setting.ts. Absent: everything moves. */
  leave?: readonly string[];
}

export function linkOf<Link extends { name: string }>(facts: { links: readonly Link[] }, name: string): Link | undefined {
  return facts.links.find((link) => link.name === name);
}

/** Of the file that stands there; undefined: there is none, or it may not be read. */
export function contentOf(facts: Pick<ConversionFacts, 'files'>, path: string): string | undefined {
  return facts.files.find((file) => file.path === path)?.content ?? undefined;
}

/** EUI-64 of RFC 4291: the MAC with ff:fe in its middle and the seventh bit turned. */
export function hasMacInside(address: string, mac: string): boolean {
  const bytes = mac.split(':').map((pair) => Number.parseInt(pair, 16));
  bytes[0]! ^= 2;
  const [a, b, c, d, e, f] = bytes as [number, number, number, number, number, number];
  const groups = [(a << 8) | b, (c << 8) | 0xff, 0xfe00 | d, (e << 8) | f].map((group) => group.toString(16));
  return address.toLowerCase().endsWith(`:${groups.join(':')}`);
}
