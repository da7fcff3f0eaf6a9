import { onBeforeUnmount, shallowRef, watch } from 'vue';
import type { ComputedRef, ShallowRef } from 'vue';
import type { MapGraph } from './map-graph';
import { openLayeredOrder } from './layered-order';
import { arrange, nodeHeight, readableZoom } from './map-layout';
import type { MapLayout } from './map-layout';

/**
 * The layout of a graph, kept up to date. The worker is asked only when something came, went or was plugged elsewhere:
 * a new address or state leaves everything where it stands. `room`: pixels there are for it.
 */
export function useMapLayout(graph: ComputedRef<MapGraph>, room: ShallowRef<{ width: number; height: number }>): ShallowRef<MapLayout | null> {
  const layout = shallowRef<MapLayout | null>(null);
  const worker = openLayeredOrder();
  let shape = '';
  let order: ReadonlyMap<string, number> = new Map();
  let latest = 0;

  watch([graph, room], async ([next, available]) => {
    if (available.width <= 0) return;
    const request = (latest += 1);
    const wanted = shapeOf(next);
    if (wanted !== shape) {
      const found = await worker.order(next);
      if (request !== latest) return;
      order = found;
      shape = wanted;
    }
    // Columns spread over what is there once the map is as small as it has to be.
    const { height } = arrange(next, order, available.width);
    layout.value = arrange(next, order, available.width / readableZoom(height, available.height));
  }, { immediate: true });

  onBeforeUnmount(() => worker.close());
  return layout;
}

const shapeOf = (graph: MapGraph): string => [...graph.nodes.map((node) => `${node.id} ${nodeHeight(node)}`), ...graph.edges.map((edge) => edge.id)].join('\n');
