import ELK from 'elkjs/lib/elk-api.js';
import type { ELK as ElkApi, ElkNode } from 'elkjs/lib/elk-api.js';
import elkWorkerUrl from 'elkjs/lib/elk-worker.min.js?url';
import type { MapColumn, MapGraph } from './map-graph';
import { nodeHeight, nodeWidth } from './map-layout';

/** Partitions keep each node in its column's layer (eclipse.dev/elk, layered, partitioning). */
const partitions: Record<MapColumn, number> = { outside: 0, bridges: 1, machines: 2 };

/** A worker that has nothing to do holds some 60 MB: it ends after this long, and another starts when it is needed. */
const idleMs = 2_000;

/** Works out, in a worker, in which order nodes of a column should stand so that few cables cross. Close it when done with the map. */
export function openLayeredOrder(): { order(graph: MapGraph): Promise<Map<string, number>>; close(): void } {
  let elk: ElkApi | null = null;
  let idle: ReturnType<typeof setTimeout> | undefined;
  let underWay = 0;
  const end = (): void => {
    clearTimeout(idle);
    elk?.terminateWorker();
    elk = null;
  };
  return {
    async order(graph) {
      clearTimeout(idle);
      elk ??= new ELK({ workerUrl: elkWorkerUrl });
      underWay += 1;
      try {
        const result = await elk.layout(describe(graph));
        return new Map((result.children ?? []).map((child) => [child.id, (child.y ?? 0) + (child.height ?? 0) / 2]));
      } finally {
        underWay -= 1;
        if (underWay === 0 && elk) idle = setTimeout(end, idleMs);
      }
    },
    close: end,
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
