import { describe, expect, it } from 'vitest';
import { atticNetworkUuids } from '../../testing/fixtures/attic-networks';
import { crowdedSnapshot, fixtureInventories } from '../../testing/fixtures/hosts';
import { buildMapGraph, bridgeNodeId, nicNodeId } from './map-graph';
import type { MapGraph } from './map-graph';
import { foldGraph, nodeLimit } from './map-groups';
import { arrange } from './map-layout';

const attic = fixtureInventories().get('attic')!.snapshot;
const graph = buildMapGraph(attic);
const edge = (source: string, target: string, from: MapGraph = graph) => from.edges.find((candidate) => candidate.source === source && candidate.target === target);

describe('buildMapGraph', () => {
  it('has every bridge of libvirt, Linux and Open vSwitch once, and every machine', () => {
    const names = graph.nodes.filter((node) => node.kind === 'bridge').map((node) => node.name);
    expect(new Set(names).size).toBe(names.length);
    for (const network of attic.networks) if (network.bridge) expect(names).toContain(network.bridge.name);
    for (const bridge of attic.ovsBridges) expect(names).toContain(bridge.name);
    expect(graph.nodes.filter((node) => node.kind === 'machine').length).toBe(attic.machines.length);
  });

  it('joins only nodes that exist, with ids that are unique', () => {
    const ids = new Set(graph.nodes.map((node) => node.id));
    for (const { source, target } of graph.edges) expect([ids.has(source), ids.has(target)]).toEqual([true, true]);
    expect(new Set(graph.edges.map((candidate) => candidate.id)).size).toBe(graph.edges.length);
  });

  it('plugs a NIC into its bridge and leads a NAT network out through it by translation', () => {
    expect(edge(nicNodeId('eno1'), bridgeNodeId('br0'))).toMatchObject({ kind: 'wire', off: false });
    expect(edge(nicNodeId('eno1'), bridgeNodeId('virbr0'))).toMatchObject({ kind: 'translation', network: atticNetworkUuids.default });
    expect(graph.nodes.find((node) => node.id === 'internet')).toMatchObject({ kind: 'internet' });
  });

  it('leads an isolated network nowhere', () => {
    const isolated = attic.networks.find((network) => network.kind === 'isolated')!;
    expect(graph.edges.filter((candidate) => candidate.target === bridgeNodeId(isolated.bridge!.name))).toEqual([]);
  });

  it('shows a cable as off when its machine is shut off', () => {
    const off = attic.machines.find((machine) => machine.state === 'shut-off' && machine.nics.length > 0)!;
    const cables = graph.edges.filter((candidate) => candidate.target === `machine:${off.uuid}`);
    expect(cables.length).toBeGreaterThan(0);
    expect(cables.every((cable) => cable.off)).toBe(true);
    expect(graph.nodes.find((node) => node.id === `machine:${off.uuid}`)).toMatchObject({ on: false, detail: 'shut off' });
  });

  it('keeps an inactive network on the map, marked as off', () => {
    const networks = attic.networks.map((network) => (network.name === 'sandbox-net' ? { ...network, active: false } : network));
    const inactive = networks.find((network) => !network.active && network.bridge !== null)!;
    const quiet = buildMapGraph({ ...attic, networks, interfaces: attic.interfaces.filter((device) => device.name !== inactive.bridge!.name) });
    expect(quiet.nodes.find((node) => node.id === bridgeNodeId(inactive.bridge!.name))).toMatchObject({ active: false, detail: expect.stringContaining('off') });
  });

  it('says nothing about a host with nothing on it', () => {
    expect(buildMapGraph({ ...attic, networks: [], machines: [], interfaces: [], routes: [], ovsBridges: [] })).toEqual({ nodes: [], edges: [] });
  });
});

describe('foldGraph', () => {
  it('leaves a small graph as it is', () => {
    expect(foldGraph(graph, new Set())).toBe(graph);
  });

  it('folds a crowded host below the limit, loses no machine, and opens a group again', () => {
    const crowded = buildMapGraph(crowdedSnapshot(1000));
    const folded = foldGraph(crowded, new Set());
    expect(folded.nodes.length).toBeLessThanOrEqual(nodeLimit);
    const counted = folded.nodes.filter((node) => node.column === 'machines').reduce((sum, node) => sum + (node.kind === 'group' ? node.count : 1), 0);
    expect(counted).toBe(crowded.nodes.filter((node) => node.kind === 'machine').length);
    const group = folded.nodes.find((node) => node.kind === 'group' && node.column === 'bridges')!;
    const opened = foldGraph(crowded, new Set([group.id]));
    expect(opened.nodes.some((node) => node.id === group.id)).toBe(false);
    expect(opened.nodes.length).toBeGreaterThan(folded.nodes.length);
    const ids = new Set(folded.nodes.map((node) => node.id));
    expect(folded.edges.every((candidate) => ids.has(candidate.source) && ids.has(candidate.target))).toBe(true);
  });
});

describe('arrange', () => {
  const order = new Map(graph.nodes.map((node, index) => [node.id, index * 10]));
  const layout = arrange(graph, order, 772);

  it('lets nothing overlap, and fits three columns into the width beside the inspector', () => {
    for (const a of layout.nodes) {
      for (const b of layout.nodes) {
        if (a === b || a.x !== b.x) continue;
        expect(a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(true);
      }
    }
    expect(layout.width).toBeLessThanOrEqual(772);
    expect(layout.columns.map((column) => column.column)).toEqual(['outside', 'bridges', 'machines']);
  });

  it('plugs cables of one bridge side by side, in the order of their other ends', () => {
    const centre = new Map(layout.nodes.map((placed) => [placed.node.id, placed.y + placed.height / 2]));
    const cables = layout.edges.filter((placed) => placed.edge.source === bridgeNodeId('virbr0')).sort((a, b) => a.sourceY - b.sourceY);
    const ends = cables.map((cable) => centre.get(cable.edge.target)!);
    expect(ends).toEqual([...ends].sort((a, b) => a - b));
    expect(new Set(cables.map((cable) => cable.sourceY)).size).toBe(cables.length);
  });

  it('is the same for the same snapshot', () => {
    expect(arrange(buildMapGraph(attic), order, 772)).toEqual(layout);
  });
});
