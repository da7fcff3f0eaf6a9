import type { NetworkDefinition } from '../../../shared/domain/network-xml/parse-network';
import type { HostInterface, OvsBridge, Route } from '../../../shared/domain/host-network';
import type { Machine, MachineState } from '../../../shared/domain/machine';
import type { Lease } from '../../../shared/domain/network';
import type { HostProblem, HostSystem } from '../../../shared/domain/snapshot';
import type { AgentAddress } from '../../commands/virsh/agent-addresses';
import type { Neighbour } from '../../commands/ip/list-neighbours';
import type { ForwardingEntry } from '../../commands/ip/list-forwarding';

/** A network as last read. `definition` is of the running XML where there is one. */
export interface NetworkRecord {
  active: boolean;
  autostart: boolean;
  persistent: boolean;
  /** `net-dumpxml` and, for one that is active and persistent, `net-dumpxml --inactive`. */
  xml: string;
  nextXml: string | null;
  definition: NetworkDefinition;
  pendingRestart: boolean;
}

export interface MachineRecord {
  state: MachineState;
  autostart: boolean;
  persistent: boolean;
  /** `dumpxml` and, for one that is on and persistent, `dumpxml --inactive`. */
  xml: string;
  nextXml: string | null;
  definition: Pick<Machine, 'uuid' | 'name' | 'title' | 'agent' | 'labRoles' | 'nics'>;
}

/** All that was read of one host, each part replaced by its own reread. Keys of networks and machines are UUIDs. */
export interface HostParts {
  system: HostSystem;
  networks: Map<string, NetworkRecord>;
  machines: Map<string, MachineRecord>;
  /** By network UUID. */
  leases: Map<string, Lease[]>;
  /** By machine UUID: what guest agents say. */
  agentAddresses: Map<string, AgentAddress[]>;
  interfaces: HostInterface[];
  routes: Route[];
  /** By `device address`. */
  neighbours: Map<string, Neighbour>;
  /** By `port mac`: whom bridges of the host have heard lately, on which of their ports. */
  forwarding: Map<string, ForwardingEntry>;
  ovsBridges: OvsBridge[];
  /** By what could not be read, so that a reread that works takes its own problem away. */
  problems: Map<string, HostProblem>;
}

export function emptyParts(): HostParts {
  return {
    system: {
      hostname: '', osName: '', kernel: '', architecture: '', libvirtVersion: null, ovsVersion: null, networkStacks: [], tools: [],
      ipv4Forwarding: null,
    },
    networks: new Map(), machines: new Map(), leases: new Map(), agentAddresses: new Map(), interfaces: [], routes: [], neighbours: new Map(), forwarding: new Map(), ovsBridges: [],
    problems: new Map(),
  };
}

export const neighbourKey = (device: string, address: string): string => `${device} ${address}`;
export const forwardingKey = ({ port, mac }: ForwardingEntry): string => `${port} ${mac}`;
