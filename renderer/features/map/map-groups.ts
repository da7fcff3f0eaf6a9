import type { MapEdge, MapGraph, MapNode } from './map-graph';

/** Above this many nodes panning stutters (measured: 200 nodes draw well, 1,000 don't). */
export const nodeLimit = 300;

/** A bridge with more machines than this is folded when there are too many nodes. */
const foldedMachines = 12;
const chunkSize = 50;

/**
 * The graph with few enough nodes to be drawn: the machines of crowded bridges become one node each, then bridges are
 * folded fifty at a time with their machines, in the order of the graph. Groups named in `expanded` stay open.
 */
export function foldGraph(graph: MapGraph, expanded: ReadonlySet<string>, limit = nodeLimit): MapGraph {
  if (graph.nodes.length <= limit) return graph;
  const homes = machineHomes(graph);
  const byBridge = fold(graph, groupMachines(graph, homes, expanded));
  if (byBridge.nodes.length <= limit) return byBridge;
  return fold(byBridge, groupBridges(byBridge, expanded));
}

interface Group { id: string; name: string; detail: string; column: MapNode['column'] }

/** For each machine the nodes it is plugged into. */
function machineHomes(graph: MapGraph): Map<string, Set<string>> {
  const homes = new Map<string, Set<string>>();
  for (const { source, target } of graph.edges) {
    if (target.startsWith('machine:') || target.startsWith('group:')) homes.set(target, (homes.get(target) ?? new Set()).add(source));
  }
  return homes;
}

function groupMachines(graph: MapGraph, homes: ReadonlyMap<string, Set<string>>, expanded: ReadonlySet<string>): Map<string, Group> {
  const members = new Map<string, string[]>();
  for (const node of graph.nodes) {
    if (node.kind !== 'machine') continue;
    const own = homes.get(node.id);
    const home = own === undefined ? 'none' : own.size === 1 ? [...own][0]! : null;
    if (home !== null) members.set(home, [...members.get(home) ?? [], node.id]);
  }
  const groups = new Map<string, Group>();
  for (const [home, machines] of members) {
    const id = `group:machines:${home}`;
    if (machines.length <= foldedMachines || expanded.has(id)) continue;
    const bridge = graph.nodes.find((node) => node.id === home);
    const group: Group = { id, name: `${machines.length} machines`, detail: bridge ? `on ${bridge.name}` : 'on no network', column: 'machines' };
    for (const machine of machines) groups.set(machine, group);
  }
  return groups;
}

function groupBridges(graph: MapGraph, expanded: ReadonlySet<string>): Map<string, Group> {
  const groups = new Map<string, Group>();
  const bridges = graph.nodes.filter((node) => node.kind === 'bridge');
  const chunkOf = new Map<string, number>();
  const rangeOf = (chunk: number): string => `${bridges[chunk * chunkSize]!.name} … ${bridges[Math.min(bridges.length, (chunk + 1) * chunkSize) - 1]!.name}`;
  for (let start = 0; start < bridges.length; start += chunkSize) {
    const chunk = bridges.slice(start, start + chunkSize);
    const number = start / chunkSize;
    const id = `group:bridges:${number}`;
    if (chunk.length < 2 || expanded.has(id)) continue;
    const group: Group = { id, name: `${chunk.length} bridges`, detail: rangeOf(number), column: 'bridges' };
    for (const bridge of chunk) {
      groups.set(bridge.id, group);
      chunkOf.set(bridge.id, number);
    }
  }
  const members = new Map<number, string[]>();
  for (const [machine, homes] of machineHomes(graph)) {
    const chunks = new Set([...homes].map((home) => chunkOf.get(home)));
    const [chunk] = chunks;
    if (chunks.size === 1 && chunk !== undefined) members.set(chunk, [...members.get(chunk) ?? [], machine]);
  }
  const counts = new Map(graph.nodes.map((node) => [node.id, node.kind === 'group' ? node.count : 1]));
  for (const [chunk, machines] of members) {
    const count = machines.reduce((sum, id) => sum + (counts.get(id) ?? 1), 0);
    const group: Group = { id: `group:machines-of:${chunk}`, name: count === 1 ? '1 machine' : `${count} machines`, detail: `on ${rangeOf(chunk)}`, column: 'machines' };
    for (const machine of machines) groups.set(machine, group);
  }
  return groups;
}

/** The graph with grouped nodes replaced by their groups, at the place of a group's first node; parallel edges become one. */
function fold(graph: MapGraph, groups: ReadonlyMap<string, Group>): MapGraph {
  const nodes: MapNode[] = [];
  const drawn = new Map<string, Extract<MapNode, { kind: 'group' }>>();
  for (const node of graph.nodes) {
    const group = groups.get(node.id);
    if (!group) {
      nodes.push(node);
      continue;
    }
    const known = drawn.get(group.id);
    const count = node.kind === 'group' ? node.count : 1;
    if (known) known.count += count;
    else {
      const added = { kind: 'group' as const, ...group, count };
      drawn.set(group.id, added);
      nodes.push(added);
    }
  }
  const edges = new Map<string, MapEdge>();
  for (const edge of graph.edges) {
    const source = groups.get(edge.source)?.id ?? edge.source;
    const target = groups.get(edge.target)?.id ?? edge.target;
    if (source === edge.source && target === edge.target) {
      edges.set(edge.id, edge);
      continue;
    }
    const id = `${source}>${target}:${edge.kind}`;
    const known = edges.get(id);
    if (!known) edges.set(id, { ...edge, id, source, target });
    else edges.set(id, { ...known, off: known.off && edge.off, network: known.network === edge.network ? known.network : null, words: 'several' });
  }
  return { nodes, edges: [...edges.values()] };
}
