import type { ActiveFault } from './conversion/faults';
import type { TransactionState } from './conversion/transaction-state';
import type { NetworkDefinition, XmlNode } from './libvirt/network-definition';

/** Everything the practice host remembers, as plain JSON: it can be written to a file and read back. */
export interface HostState {
  version: 1;
  hostname: string;
  kernel: string;
  /** What `uname -v` says. */
  kernelBuild: string;
  /** Milliseconds since 1970. */
  bootedAt: number;
  /** Moves on with every UUID and MAC made up. */
  seed: number;
  nextInterfaceIndex: number;
  nextMachineId: number;
  nextTap: number;
  interfaces: InterfaceState[];
  routes: StaticRoute[];
  networks: NetworkState[];
  machines: MachineState[];
  /** Null: Open vSwitch is not installed. */
  ovs: OvsState | null;
  /** Whole files by path. Generated ones (`/proc`, `/sys`, libvirt's own) are not in here. */
  files: Record<string, string>;
  /** By dotted key. */
  sysctls: Record<string, string>;
  /** Where each tool is, by name. */
  tools: Record<string, string>;
  units: UnitState[];
  /** Members of groups that have any. */
  groups?: Record<string, string[]>;
  /** Rules that libvirt did not make, by address family and table. */
  foreignRules: ForeignRules[];
  /** libvirt makes its own chains with the first network that starts, and leaves them. */
  libvirtChains: boolean;
  /** Where the NICs' cables lead; states kept by earlier versions have none. */
  lan?: LanState;
  /** Conversions of NICs, oldest first. */
  transactions?: TransactionState[];
  /** What has been made to go wrong, and still does. */
  rehearsal?: ActiveFault[];
}

/** The LAN, with a router that hands out addresses, and the user's computer on it. */
export interface LanState {
  router: string;
  prefix: number;
  /** By MAC: who asks again gets the same address. */
  leases: Record<string, string>;
  client: string;
  /** The address that the user logs in by. */
  login: string;
}

export interface InterfaceAddress {
  family: 'inet' | 'inet6';
  address: string;
  prefix: number;
  /** From DHCP: seconds it stays valid. */
  validSeconds: number | null;
}

export interface InterfaceState {
  index: number;
  name: string;
  kind: 'loopback' | 'physical' | 'bridge' | 'tap' | 'ovs';
  mac: string;
  mtu: number;
  up: boolean;
  /** A signal on the wire; for a bridge its ports decide. */
  cable: boolean;
  controller: string | null;
  /** As a port: passes nothing to other isolated ports. */
  isolated?: boolean;
  addresses: InterfaceAddress[];
  /** Forward delay in hundredths of a second, as the kernel counts. */
  bridge: { stp: boolean; forwardDelay: number } | null;
  /** PCI address and driver of a real card. */
  device: { pci: string; driver: string } | null;
}

/** A route that no address brings with it. */
export interface StaticRoute {
  family: 'inet' | 'inet6';
  /** CIDR or `default`. */
  destination: string;
  gateway: string;
  device: string;
  metric: number | null;
  /** As in /etc/iproute2/rt_protos. */
  protocol: string;
}

export interface LeaseState {
  mac: string;
  family: 'inet' | 'inet6';
  address: string;
  hostname: string | null;
  clientId: string;
  /** Seconds since 1970. */
  expiresAt: number;
}

export interface NetworkState {
  uuid: string;
  name: string;
  persistent: NetworkDefinition | null;
  running: NetworkDefinition | null;
  autostart: boolean;
  leases: LeaseState[];
}

export interface NicState {
  mac: string;
  type: 'network' | 'bridge';
  /** Name of the network or the bridge. */
  source: string;
  portgroup: string | null;
  model: string;
  linkDown: boolean;
  /** Bus number behind its own PCI Express port; states kept by earlier versions have none. */
  bus?: number;
  bandwidth?: XmlNode | null;
}

export interface RunningNic extends NicState {
  target: string;
  /** `net0`, …; states kept by earlier versions have none. */
  alias?: string;
  /** The guest was asked to let it go and has not: it is paused. */
  isLeaving?: boolean;
  bridge: string | null;
  portId: string | null;
}

/** An element of a machine's `<metadata>`, as libvirt prints it. */
export interface MachineMetadata { uri: string; lines: string[] }

/**
 * A machine that boots a kernel of the host's instead of a disk. `files` and `hostFiles`: of its firmware, `<sysinfo type='fwcfg'>`, by name,
 * with the text or with the path of the file that holds it.
 */
export interface DirectBoot { kernel: string; initrd: string; options: string; files: [string, string][]; hostFiles?: [string, string][]; onCrash: string }

export interface MachineState {
  uuid: string;
  name: string;
  title: string | null;
  memoryKiB: number;
  vcpus: number;
  autostart: boolean;
  persistent: boolean;
  nics: NicState[];
  running: null | {
    id: number;
    state: 'running' | 'paused' | 'in shutdown';
    /** Milliseconds since 1970. */
    startedAt: number;
    nics: RunningNic[];
    metadata?: MachineMetadata[];
    boot?: DirectBoot;
  };
  /** Of the definition. */
  metadata?: MachineMetadata[];
  /** Of the definition; absent: it boots its disk. */
  boot?: DirectBoot;
  /** Says its name when it asks for an address. */
  sendsHostname: boolean;
  /** Its guest has a QEMU guest agent. */
  hasAgent?: boolean;
}

export interface UnitState {
  name: string;
  description: string;
  load: 'loaded' | 'not-found';
  active: 'active' | 'inactive';
  sub: string;
  /** Null: has no unit file. */
  file: string | null;
  preset: string;
}

export interface ForeignRules {
  family: 'inet' | 'inet6';
  table: 'nat' | 'filter' | 'mangle';
  chains: string[];
  /** In front of libvirt's own jump rules, as Docker puts them. */
  rules: string[];
}

/** A cell of the Open vSwitch database in the notation of RFC 7047. */
export type OvsValue = string | number | boolean | readonly ['uuid', string] | readonly ['set', readonly OvsValue[]] | readonly ['map', readonly (readonly [OvsValue, OvsValue])[]];
export type OvsRow = Record<string, OvsValue>;
export type OvsTable = 'Open_vSwitch' | 'Bridge' | 'Port' | 'Interface';

export interface OvsState {
  version: string;
  schema: string;
  tables: Record<OvsTable, OvsRow[]>;
}
