import ELK from 'elkjs/lib/elk-api.js';
import type { ElkNode } from 'elkjs/lib/elk-api.js';
import elkWorkerUrl from 'elkjs/lib/elk-worker.min.js?url';
import type { MapColumn, MapGraph } from './map-graph';
import { nodeHeight, nodeWidth } from './map-layout';

/** Partitions keep each node in its column's layer (eclipse.dev/elk, layered, partitioning). */
const partitions: Record<MapColumn, number> = { outside: 0, bridges: 1, machines: 2 };

/** Works out, in a worker, in which order nodes of a column should stand so that few cables cross. Close it when done with the map. */
export function openLayeredOrder(): { order(graph: MapGraph): Promise<Map<string, number>>; close(): void } {
  const elk = new ELK({ workerUrl: elkWorkerUrl });
  return {
    async order(graph) {
      const result = await elk.layout(describe(graph));
      return new Map((result.children ?? []).map((child) => [child.id, (child.y ?? 0) + (child.height ?? 0) / 2]));
    },
    close: () => elk.terminateWorker(),
  };
}

function describe(graph: MapGraph): ElkNode {
  return {
    id: 'map',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.partitioning.activate': 'true',
      'elk.separateConnectedComponents': 'false',
      // Begins with the snapshot's own order, so that names stay in their sequence as far as cables allow. Weighing that order
      // at each crossing as well (crossingCounterNodeInfluence) takes a minute for 200 nodes.
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
      // Folded by their sequence, groups are found by it: fewer crossings are worth less there.
      'elk.layered.crossingMinimization.forceNodeModelOrder': String(graph.nodes.some((node) => node.kind === 'group')),
      // Only the order is used; where things stand is arranged here.
      'elk.layered.nodePlacement.strategy': 'SIMPLE',
      // Attempts at fewer crossings. The default of 7 takes twice as long, and found nothing better on a host with 100 of each.
      'elk.layered.thoroughness': '3',
      'elk.randomSeed': '1',
      'elk.spacing.nodeNode': '14',
    },
    children: graph.nodes.map((node) => ({
      id: node.id, width: nodeWidth(node), height: nodeHeight(node), layoutOptions: { 'elk.partitioning.partition': String(partitions[node.column]) },
    })),
    edges: graph.edges.filter((edge) => edge.kind !== 'stack').map((edge) => ({ id: edge.id, sources: [edge.source], targets: [edge.target] })),
  };
}
