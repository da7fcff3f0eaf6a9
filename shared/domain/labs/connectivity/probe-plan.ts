import type { LabEnd } from './lab-test-report';

/** Where connections to a probe are taken: a port that no service of a host has, nor its firewall a rule for. */
export const probePort = 47077;

/** Machines' stand-in: a network namespace on the host, plugged in as libvirt plugs machines in. */
export interface Probe {
  n: number;
  /** Two at each place; the third, where port isolation keeps those apart, has no isolated port and shows that they answer. */
  role: 'first' | 'second' | 'control';
  kind: 'linux' | 'ovs';
  /** The bridge. */
  device: string;
  mtu: number;
  /** On its wire alone (198.18.0.0/15, RFC 2544): nobody routes these. With the prefix /16. */
  wireAddress: string;
  /** The subnet's, the first that nobody answers for is taken; empty where neither the host nor a router of the lab has an address on the network. */
  addresses: string[];
  prefix: number | null;
  /** The host's own address on the network, or the router's. */
  gateway: string | null;
  /** Subnets that others on the network lead to: who means harm knows these ways, too. */
  routes: { subnet: string; via: string }[];
  /** The VLAN it tags its frames with. */
  tag: number | null;
  /** `isolated`, or columns of an Open vSwitch port. */
  options: string[];
}

export interface ProbeTry {
  n: number;
  from: number | 'host';
  /** `wire`: by the address that is on its wire alone. */
  to: { probe: number; wire: boolean } | { address: string };
  /** TCP ports; pings are sent besides. */
  ports: number[];
}

/** A router that may be booting: tries begin when it takes a connection at `port`, or has the address at least where that is null, or after so long. */
export interface ProbeWait { n: number; from: number; address: string; port: number | null; seconds: number }

export interface ProbePlan {
  probes: Probe[];
  waits: ProbeWait[];
  tries: ProbeTry[];
  /** How long a new port may take until its bridge forwards (spanning tree). */
  settleSeconds: number;
  /** After which all of it ends by itself. */
  limitSeconds: number;
}

/** What became of a probe, and what its tries and the host's brought. */
export interface ProbeResults {
  probes: ReadonlyMap<number, ProbeOutcome>;
  /** Whether what was waited for came. */
  waits: ReadonlyMap<number, boolean>;
  tries: ReadonlyMap<number, TryOutcome>;
  removedLeftovers: number;
}
/** `taken`: somebody has each of its addresses; `untagged`: the kernel makes no VLAN devices. */
export type ProbeOutcome = { state: 'up'; address: string } | { state: 'taken' } | { state: 'untagged' | 'failed'; why: string };

/** `refused`: by whoever is there, or by a firewall on the way; `silent`: nothing came back. */
export type TcpOutcome = 'open' | 'refused' | 'unreachable' | 'silent';
export interface TryOutcome {
  tcp: ReadonlyMap<number, TcpOutcome>;
  /** Null: the host has no ping. */
  ping: boolean | null;
}

/** Why nobody at a place can be tried. */
export interface Untried { why: string; verdict: 'failed' | 'out-of-reach' }

export interface PlacePlan {
  end: LabEnd;
  untried: Untried | null;
  first: Probe | null;
  second: Probe | null;
  control: Probe | null;
  /** Its probes have addresses that others can answer. */
  isRouted: boolean;
  /** The host's address there; null: it has none. */
  hostAddress: string | null;
  /** Where it has none: one that a router of this place leads to. */
  hostBeyond: string | null;
  /** Addresses of routers there, by their keys, null where it is not known; and at which port they are asked. */
  routers: ReadonlyMap<string, { address: string | null; port: number }>;
  /** Machines of it have addresses of the network outside, of which a test takes none. */
  isOutside: boolean;
  /** A datapath in user space: the kernel completes no checksums for it, so that pings count where connections fail. */
  inUserSpace: boolean;
}
