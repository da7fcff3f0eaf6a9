import type { HostState, NetworkState } from '../host-state';
import { familyOf, isWithin } from '../linux/address-math';
import { findInterface } from '../linux/link-state';
import type { World } from '../world';
import { LibvirtError } from './libvirt-error';
import { isVirtual } from './network-definition';
import type { NetworkDefinition, XmlNode } from './network-definition';
import { parseNetworkDefinition } from './parse-network';
import { prefixOf } from './parse-network-ip';
import { checkAttachedElements, checkPortgroups } from './validate-attached';

/** A network by UUID or name, as virsh looks it up; null when there is none. */
export function findNetwork(state: HostState, key: string): NetworkState | null {
  return state.networks.find((network) => network.uuid === key.toLowerCase())
    ?? state.networks.find((network) => network.name === key) ?? null;
}

/**
 * `net-define`: makes or replaces the persistent definition. A running network keeps its own until its next start.
 * Throws LibvirtError.
 */
export function defineNetwork(world: World, xml: string): NetworkState {
  const { state } = world;
  const definition = parseNetworkDefinition(xml, () => world.newUuid());
  validate(world, definition);
  const known = state.networks.find((network) => network.uuid === definition.uuid);
  if (known && known.name !== definition.name) {
    throw new LibvirtError(`operation failed: network '${known.name}' is already defined with uuid ${known.uuid}`);
  }
  const namesake = state.networks.find((network) => network.name === definition.name);
  if (!known && namesake) {
    throw new LibvirtError(`operation failed: network '${namesake.name}' already exists with uuid ${namesake.uuid}`);
  }
  const network = known ?? { uuid: definition.uuid, name: definition.name, persistent: null, running: null, autostart: false, leases: [] };
  network.persistent = definition;
  if (!known) state.networks.push(network);
  world.announce({ kind: 'network', name: network.name, what: 'Defined' });
  return network;
}

/** networkValidate of libvirt 9.0: rules beyond the single element; names the bridge and its MAC where they are not given. */
function validate(world: World, definition: NetworkDefinition): void {
  const { name } = definition;
  if (isVirtual(definition)) {
    const given = definition.bridge?.name ?? null;
    if (given !== null && !given.includes('%d')) {
      if (bridgeInUse(world.state, given, name)) throw new LibvirtError(`internal error: bridge name '${given}' already in use.`);
    } else {
      const bridge = unusedBridge(world.state, given ?? 'virbr%d', name);
      definition.bridge = { ...(definition.bridge ?? { zone: null, stp: true, delay: 0, macTableManager: null }), name: bridge };
    }
    definition.mac ??= world.newMac();
  } else checkAttachedElements(definition);
  checkVlan(definition);
  checkPortgroups(definition);
  for (const family of ['inet', 'inet6'] as const) {
    if (definition.ips.filter((ip) => ip.dhcp && familyOf(ip.address) === family).length > 1) {
      const words = family === 'inet' ? 'IPv4' : 'IPv6';
      throw new LibvirtError(`unsupported configuration: Multiple ${words} dhcp sections found -- dhcp is supported only for a single ${words} address on each network`);
    }
  }
  for (const { gateway } of definition.routes) {
    if (!definition.ips.some((ip) => isWithin(gateway, ip.address, Math.max(0, prefixOf(ip))))) {
      throw new LibvirtError(`unsupported configuration: unreachable static route gateway '${gateway}' specified for network '${name}'`);
    }
  }
}

function checkVlan(definition: NetworkDefinition): void {
  const typeOf = (port: XmlNode | null) => port?.attributes.find(([key]) => key === 'type')?.[1] ?? null;
  const mode = definition.forward?.mode ?? 'none';
  const ofNetwork = typeOf(definition.virtualPort);
  const taggable = (port: string | null) => (mode === 'bridge' && port === 'openvswitch') || mode === 'hostdev' || mode === 'passthrough';
  const portgroupTagged = definition.portgroups.some((portgroup) => portgroup.children.some((child) => child.name === 'vlan')
    && !taggable(typeOf(portgroup.children.find((child) => child.name === 'virtualport') ?? definition.virtualPort)));
  if ((definition.vlan && !taggable(ofNetwork)) || portgroupTagged) {
    throw new LibvirtError(`unsupported configuration: <vlan> element specified for network ${definition.name}, whose type doesn't support vlan configuration`);
  }
}

/** By another network than `except`, active or not. */
function bridgeInUse(state: HostState, bridge: string, except: string): boolean {
  return state.networks.some((network) => network.name !== except && [network.running, network.persistent].some((definition) => definition?.bridge?.name === bridge));
}

function unusedBridge(state: HostState, template: string, except: string): string {
  for (let number = 0; number < 256; number += 1) {
    const name = template.replace('%d', String(number));
    if (!bridgeInUse(state, name, except) && !findInterface(state, name)) return name;
  }
  throw new LibvirtError('internal error: Bridge generation exceeded max id 255');
}
