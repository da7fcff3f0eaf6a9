import type { ParseArgsConfig } from 'node:util';
import type { AttachedKind } from '../../shared/domain/network-kinds';

/** Options of `create bridged|direct|ovs|sriov` and of `edit`: what the network is attached to, and its VLANs. */
export const attachedOptions = {
  bridge: { type: 'string' },
  'new-bridge': { type: 'boolean' },
  datapath: { type: 'string' },
  device: { type: 'string', multiple: true },
  mode: { type: 'string' },
  vlan: { type: 'string' },
  portgroup: { type: 'string', multiple: true },
  'port-isolation': { type: 'boolean' },
  'no-port-isolation': { type: 'boolean' },
  managed: { type: 'boolean' },
  unmanaged: { type: 'boolean' },
  title: { type: 'string' },
  description: { type: 'string' },
  'no-autostart': { type: 'boolean' },
  autostart: { type: 'boolean' },
} as const satisfies ParseArgsConfig['options'];

export interface AttachedOptions {
  bridge?: string;
  'new-bridge'?: boolean;
  /** `system` or `netdev`, of a new bridge. */
  datapath?: string;
  device?: string[];
  mode?: string;
  /** `10` or `trunk=10,20,native=1`. */
  vlan?: string;
  /** `NAME:vlan=10,default` or `NAME:trunk=10,20,native=1`. */
  portgroup?: string[];
  'port-isolation'?: boolean;
  'no-port-isolation'?: boolean;
  managed?: boolean;
  unmanaged?: boolean;
  title?: string;
  description?: string;
  'no-autostart'?: boolean;
  autostart?: boolean;
}

/** The words of the command line; libvirt calls macvtap “direct”. */
export const attachedWords: Record<string, AttachedKind> = { bridged: 'bridged', direct: 'macvtap', macvtap: 'macvtap', ovs: 'ovs', sriov: 'sriov' };

export const attachedUsage = `  netwright create bridged HOST [NAME] --bridge BR [--port-isolation]
  netwright create direct HOST [NAME] --device NIC [--mode bridge|private|vepa|passthrough]   macvtap; --device may repeat
  netwright create ovs HOST [NAME] --bridge BR [--new-bridge [--datapath system|netdev]]      Open vSwitch
         [--portgroup NAME:vlan=10,default] [--portgroup NAME:trunk=10,20,native=1] [--vlan 10]
  netwright create sriov HOST [NAME] --device PF [--unmanaged] [--vlan 10]
         all four also: --title --description --no-start --no-autostart
         edit takes the same for a network of its kind; --portgroup says all of them, --vlan '' and --portgroup '' take them away`;
