import { isOwnVeth, isUp } from '../../../shared/domain/interface-state';
import type { HostInterface, Route } from '../../../shared/domain/host-network';
import type { Machine, MachineNic } from '../../../shared/domain/machine';
import { networkKindLabel } from '../../../shared/domain/network-kinds';
import type { Network } from '../../../shared/domain/network';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import { bridgePorts, ovsPortOf } from './map-ports';
import type { MapPort } from './map-ports';

/** The map as data: what stands where is decided later (`map-layout`), what it looks like in the components. */
export interface MapGraph { nodes: MapNode[]; edges: MapEdge[] }

export type MapColumn = 'outside' | 'bridges' | 'machines';

interface NodeCommon { id: string; name: string; detail: string; column: MapColumn }
export type MapNode =
  | (NodeCommon & { kind: 'internet' })
  | (NodeCommon & { kind: 'nic'; up: boolean })
  | (NodeCommon & { kind: 'bridge'; active: boolean; ports: MapPort[]; networks: { uuid: string; name: string }[]; problem: string | null })
  | (NodeCommon & { kind: 'machine'; uuid: string; on: boolean; stateWord: string; networks: string[] })
  | (NodeCommon & { kind: 'group'; count: number });

/**
 * `wire`: a port or a tap. `translation` and `routing`: packets cross, no wire does. `stack`: a device on top of another,
 * or the way to the internet, both within the outside column.
 */
export interface MapEdge {
  id: string;
  source: string;
  target: string;
  kind: 'wire' | 'translation' | 'routing' | 'stack';
  /** UUID of the network whose colour it has; null: none of them. */
  network: string | null;
  /** One end is off: machine shut off, link down, network not active. */
  off: boolean;
  /** What it is, in words, for the list and for screen readers. */
  words: string;
}

const outsideKinds: ReadonlySet<HostInterface['kind']> = new Set(['physical', 'wireless', 'bond', 'vlan', 'wireguard', 'tun']);
const machineWords: Record<Machine['state'], string> = {
  running: 'running', paused: 'paused', 'shutting-down': 'shutting down', 'shut-off': 'shut off', crashed: 'crashed', suspended: 'suspended', unknown: 'state unknown',
};

export const nicNodeId = (name: string): string => `nic:${name}`;
export const bridgeNodeId = (name: string): string => `bridge:${name}`;
export const machineNodeId = (uuid: string): string => `machine:${uuid}`;
export const internetNodeId = 'internet';

/** NICs, bridges and switches, machines, and every way between them, of one host at one moment. Same snapshot, same graph. */
export function buildMapGraph(snapshot: HostSnapshot): MapGraph {
  const nics = outsideInterfaces(snapshot);
  const bridges = collectBridges(snapshot);
  const nodes: MapNode[] = [];
  const edges: MapEdge[] = [];

  for (const nic of nics) {
    nodes.push({ kind: 'nic', id: nicNodeId(nic.name), name: nic.name, detail: nicDetail(nic, snapshot), column: 'outside', up: isUp(nic) });
    if (nic.parent !== null && nics.some((other) => other.name === nic.parent)) {
      edges.push(edge(nicNodeId(nic.parent), nicNodeId(nic.name), 'stack', null, !isUp(nic), `${nic.name} is a VLAN on ${nic.parent}`));
    }
  }

  const byName = new Map(nics.map((nic) => [nic.name, nic]));
  for (const [name, networks] of bridges) {
    const ports = bridgePorts(name, snapshot);
    const own = snapshot.interfaces.find((candidate) => candidate.name === name);
    const ovs = snapshot.ovsBridges.find((candidate) => candidate.name === name);
    const uplinks = ports.filter((port) => byName.has(port.name)).map((port) => port.name);
    const active = networks.length === 0 || own !== undefined || ovs !== undefined || networks.some((network) => network.active);
    nodes.push({
      kind: 'bridge', id: bridgeNodeId(name), name, detail: bridgeDetail(networks, uplinks, ovs !== undefined), column: 'bridges', active, ports,
      networks: networks.map(({ uuid, name: label }) => ({ uuid, name: label })), problem: ovs?.problem ?? null,
    });
    for (const uplink of uplinks) {
      const colour = networks.length > 0 ? networks[0]!.uuid : null;
      edges.push(edge(nicNodeId(uplink), bridgeNodeId(name), 'wire', colour, !isUp(byName.get(uplink)!), `${uplink} is a port of ${name}`));
    }
  }

  const uplinks = addInternet(snapshot, nics, nodes, edges);
  addCrossings(snapshot, nodes, uplinks, edges);
  addMachines(snapshot, nodes, edges);
  return { nodes, edges };
}

/** Host interfaces that lead outside; members of a bond are told with the bond. Loose tunnels without an address lead nowhere. */
function outsideInterfaces(snapshot: HostSnapshot): HostInterface[] {
  const bonds = new Set(snapshot.interfaces.filter((candidate) => candidate.kind === 'bond').map((candidate) => candidate.name));
  const isTunnel = (nic: HostInterface): boolean => nic.kind === 'wireguard' || nic.kind === 'tun';
  return snapshot.interfaces
    .filter((nic) => (outsideKinds.has(nic.kind) || isOwnVeth(nic)) && !(nic.controller !== null && bonds.has(nic.controller)))
    .filter((nic) => !isTunnel(nic) || nic.addresses.some((address) => address.scope === 'global'));
}

/** Every bridge somebody speaks of, running or not, with the libvirt networks on it; in the order of the snapshot. */
function collectBridges(snapshot: HostSnapshot): Map<string, Network[]> {
  const bridges = new Map<string, Network[]>();
  const note = (name: string): Network[] => {
    const known = bridges.get(name) ?? [];
    bridges.set(name, known);
    return known;
  };
  for (const candidate of snapshot.interfaces) if (candidate.kind === 'bridge') note(candidate.name);
  for (const bridge of snapshot.ovsBridges) note(bridge.name);
  for (const network of snapshot.networks) if (network.bridge) note(network.bridge.name).push(network);
  for (const machine of snapshot.machines) for (const nic of machine.nics) if (nic.bridge) note(nic.bridge);
  return bridges;
}

/** The internet, by the default route with the lowest metric. Returns the NICs it goes through. */
function addInternet(snapshot: HostSnapshot, nics: readonly HostInterface[], nodes: MapNode[], edges: MapEdge[]): string[] {
  const route = defaultRoute(snapshot.routes);
  if (!route?.device) return [];
  nodes.push({ kind: 'internet', id: internetNodeId, name: 'Internet', detail: route.gateway ? `via ${route.gateway}` : `through ${route.device}`, column: 'outside' });
  const through = nics.some((nic) => nic.name === route.device)
    ? [nicNodeId(route.device)]
    : edges.filter((candidate) => candidate.kind === 'wire' && candidate.target === bridgeNodeId(route.device!)).map((candidate) => candidate.source);
  for (const nic of through) edges.push(edge(nic, internetNodeId, 'stack', null, false, `${nameOf(nic)} leads to the internet`));
  return through.length > 0 ? through : [internetNodeId];
}

function defaultRoute(routes: readonly Route[]): Route | undefined {
  return routes
    .filter((route) => route.destination === 'default' && route.type === 'unicast' && route.table === 'main')
    .sort((a, b) => Number(a.family === 'ipv6') - Number(b.family === 'ipv6') || (a.metric ?? 0) - (b.metric ?? 0))[0];
}

/** Translated and routed networks leave through a NIC without being plugged into it. */
function addCrossings(snapshot: HostSnapshot, nodes: readonly MapNode[], uplinks: readonly string[], edges: MapEdge[]): void {
  const exists = new Set(nodes.map((node) => node.id));
  for (const network of snapshot.networks) {
    if (!network.bridge || !(network.kind === 'nat' || network.kind === 'routed' || network.kind === 'open')) continue;
    const chosen = network.forward.dev && exists.has(nicNodeId(network.forward.dev)) ? [nicNodeId(network.forward.dev)] : uplinks.slice(0, 1);
    const kind = network.kind === 'nat' ? 'translation' : 'routing';
    for (const way of chosen) {
      edges.push(edge(way, bridgeNodeId(network.bridge.name), kind, network.uuid, !network.active, `${network.name} leaves through ${nameOf(way)} by ${kind === 'translation' ? 'address translation' : 'routing'}`));
    }
  }
}

function addMachines(snapshot: HostSnapshot, nodes: MapNode[], edges: MapEdge[]): void {
  const networks = new Map(snapshot.networks.map((network) => [network.name, network]));
  const exists = new Set(nodes.map((node) => node.id));
  for (const machine of snapshot.machines) {
    const id = machineNodeId(machine.uuid);
    const on = machine.state === 'running' || machine.state === 'paused';
    const colours: string[] = [];
    for (const [index, nic] of machine.nics.entries()) {
      const network = nic.network === null ? undefined : networks.get(nic.network);
      const bridge = nic.bridge ?? network?.bridge?.name ?? null;
      const device = nic.hostDevice ?? network?.forward.dev ?? network?.forward.interfaces[0] ?? null;
      const onBridge = snapshot.networks.filter((candidate) => candidate.bridge !== null && candidate.bridge.name === bridge);
      const colour = network?.uuid ?? (onBridge.length > 0 ? onBridge[0]!.uuid : null);
      if (colour !== null && !colours.includes(colour)) colours.push(colour);
      const source = bridge === null ? (device === null ? null : nicNodeId(device)) : bridgeNodeId(bridge);
      if (source === null || !exists.has(source)) continue;
      const off = !on || nic.link === 'down' || (network !== undefined && !network.active);
      edges.push({ ...edge(source, id, 'wire', colour, off, `${machine.name} on ${nameOf(source)}${off ? ', off' : ''}`), id: `${source}>${id}#${index}` });
    }
    nodes.push({ kind: 'machine', id, uuid: machine.uuid, name: machine.name, detail: machineDetail(machine, snapshot), column: 'machines', on, stateWord: machineWords[machine.state], networks: colours });
  }
}

function machineDetail(machine: Machine, snapshot: HostSnapshot): string {
  if (machine.state !== 'running') return machineWords[machine.state];
  const known = machine.nics.map((nic) => ({ nic, address: nic.addresses[0]?.address })).find((candidate) => candidate.address !== undefined);
  const vlan = machine.nics.map((nic) => vlanWords(nic, snapshot)).find((words) => words !== null);
  const address = known?.address ?? (machine.nics.length === 0 ? 'no NIC' : 'no address known');
  return vlan ? `${address} · ${vlan}` : address;
}

function vlanWords(nic: MachineNic, snapshot: HostSnapshot): string | null {
  const network = snapshot.networks.find((candidate) => candidate.name === nic.network);
  const portgroup = network?.portgroups.find((candidate) => candidate.name === nic.portgroup) ?? network?.portgroups.find((candidate) => nic.portgroup === null && candidate.isDefault);
  const vlan = nic.vlan ?? portgroup?.vlan ?? network?.vlan ?? null;
  const tag = vlan?.tags.length === 1 && !vlan.trunk ? vlan.tags[0]!.id : (nic.target === null ? null : ovsPortOf(nic.target, snapshot)?.tag ?? null);
  if (tag !== null) return `VLAN ${tag}`;
  return vlan?.trunk ? 'trunk' : null;
}

function bridgeDetail(networks: readonly Network[], uplinks: readonly string[], isOvs: boolean): string {
  const [first, ...others] = networks;
  const trunk = uplinks.length > 0 ? uplinks.join(', ') : null;
  if (!first) return trunk ?? (isOvs ? 'Open vSwitch' : 'no network');
  if (others.length > 0) return `${networks.length} networks`;
  // The name first: it is what a narrow plate must not cut off.
  if (!first.active) return `${first.name} · off`;
  if (first.kind === 'bridged' || first.kind === 'ovs') return trunk ? `${first.name} · ${trunk}` : first.name;
  return `${first.name} · ${networkKindLabel[first.kind]}`;
}

function nicDetail(nic: HostInterface, snapshot: HostSnapshot): string {
  const carrier = nic.addresses.length > 0 ? nic : snapshot.interfaces.find((candidate) => candidate.name === nic.controller && candidate.kind === 'bridge') ?? nic;
  const address = carrier.addresses.find((candidate) => candidate.family === 'ipv4') ?? carrier.addresses.find((candidate) => candidate.scope === 'global');
  if (address) return carrier === nic ? address.address : `${address.address} · ${carrier.name}`;
  if (nic.vlanId !== null) return `VLAN ${nic.vlanId} on ${nic.parent ?? '?'}`;
  return isUp(nic) ? 'no address' : 'no link';
}

/** Tunnels and some drivers report UNKNOWN for a working link (RFC 2863). */

const nameOf = (id: string): string => (id === internetNodeId ? 'the internet' : id.slice(id.indexOf(':') + 1));

const edge = (source: string, target: string, kind: MapEdge['kind'], network: string | null, off: boolean, words: string): MapEdge =>
  ({ id: `${source}>${target}${network === null ? '' : `@${network}`}`, source, target, kind, network, off, words });
