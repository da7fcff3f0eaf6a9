import type { MapColumn, MapEdge, MapGraph, MapNode } from './map-graph';

/** Where everything stands, in pixels of the unzoomed map; edges as SVG paths. */
export interface MapLayout {
  nodes: PlacedNode[];
  edges: PlacedEdge[];
  /** Left edge of each column that holds something. */
  columns: { column: MapColumn; title: string; x: number }[];
  width: number;
  height: number;
}
export interface PlacedNode { node: MapNode; x: number; y: number; width: number; height: number }
export interface PlacedEdge { edge: MapEdge; path: string; sourceY: number; targetY: number }

export const columnTitles: Record<MapColumn, string> = { outside: 'Outside', bridges: 'Bridges and switches', machines: 'Machines' };
const columnWidths: Record<MapColumn, number> = { outside: 136, bridges: 182, machines: 164 };
const columnOrder: readonly MapColumn[] = ['outside', 'bridges', 'machines'];

export const socketsPerRow = 6;
export const maxSocketRows = 3;
const margin = { left: 28, top: 44, right: 28, bottom: 28 };
const rowGap = 14;
const minColumnGap = 84;
const maxColumnGap = 260;

/** Height of a node as the components draw it. */
export function nodeHeight(node: MapNode): number {
  if (node.kind !== 'bridge') return 46;
  const rows = Math.min(maxSocketRows, Math.max(1, Math.ceil(node.ports.length / socketsPerRow)));
  return 34 + rows * 21 + (rows > 1 ? 2 : 0);
}

export const nodeWidth = (node: MapNode): number => columnWidths[node.column];

/** The zoom at which `height` fits into `available` pixels, unless that would make words too small to read. */
export const readableZoom = (height: number, available: number): number => Math.min(1, Math.max(0.8, available / Math.max(1, height)));

/**
 * Puts nodes in their columns. `order` holds the vertical centre that a layered layout chose for each node; nodes without
 * one come last. Columns spread over `availableWidth`; nothing ever overlaps. Pure: same input, same map.
 */
export function arrange(graph: MapGraph, order: ReadonlyMap<string, number>, availableWidth: number): MapLayout {
  const used = columnOrder.filter((column) => graph.nodes.some((node) => node.column === column));
  const widths = used.reduce((sum, column) => sum + columnWidths[column], 0);
  const gap = Math.min(maxColumnGap, Math.max(minColumnGap, (availableWidth - margin.left - margin.right - widths) / Math.max(1, used.length - 1)));
  const columns: MapLayout['columns'] = [];
  let x = margin.left;
  for (const column of used) {
    columns.push({ column, title: columnTitles[column], x });
    x += columnWidths[column] + gap;
  }
  const centres = besideTheirBase(graph, order);
  const nodes = columns.flatMap(({ column, x: left }) => stackColumn(graph.nodes.filter((node) => node.column === column), centres, left));
  const top = Math.min(...nodes.map((node) => node.y));
  for (const node of nodes) node.y += margin.top - top;
  return {
    nodes,
    edges: routeEdges(graph.edges, nodes),
    columns,
    width: nodes.length === 0 ? 0 : x - gap + margin.right,
    height: Math.max(0, ...nodes.map((node) => node.y + node.height)) + margin.bottom,
  };
}

/** The layered layout doesn't see links within a column: the internet goes right above its NIC, a VLAN right below its. */
function besideTheirBase(graph: MapGraph, order: ReadonlyMap<string, number>): Map<string, number> {
  const centres = new Map(order);
  for (const edge of graph.edges) {
    if (edge.kind !== 'stack') continue;
    const isInternet = graph.nodes.some((node) => node.id === edge.target && node.kind === 'internet');
    const base = order.get(edge.source);
    const isPlugged = graph.edges.some((other) => other.kind !== 'stack' && (other.source === edge.target || other.target === edge.target));
    if (base !== undefined && !isPlugged) centres.set(edge.target, isInternet ? base - 0.5 : base + 0.5);
  }
  return centres;
}

/** One under the other in the layout's order, each as near to where it wanted to be as those above allow. */
function stackColumn(nodes: readonly MapNode[], order: ReadonlyMap<string, number>, x: number): PlacedNode[] {
  const wanted = nodes
    .map((node, index) => ({ node, index, centre: order.get(node.id) ?? Number.MAX_SAFE_INTEGER }))
    .sort((a, b) => a.centre - b.centre || a.index - b.index);
  let free = Number.NEGATIVE_INFINITY;
  return wanted.map(({ node, centre }) => {
    const height = nodeHeight(node);
    const wish = centre === Number.MAX_SAFE_INTEGER ? (Number.isFinite(free) ? free : 0) : centre - height / 2;
    const y = Math.round(Math.max(wish, free));
    free = y + height + rowGap;
    return { node, x, y, width: nodeWidth(node), height };
  });
}

function routeEdges(edges: readonly MapEdge[], nodes: readonly PlacedNode[]): PlacedEdge[] {
  const placed = new Map(nodes.map((node) => [node.node.id, node]));
  const drawn = edges.filter((edge) => placed.has(edge.source) && placed.has(edge.target));
  const across = drawn.filter((edge) => edge.kind !== 'stack');
  const leaving = spread(across, (edge) => edge.source, (edge) => edge.target, placed);
  const arriving = spread(across, (edge) => edge.target, (edge) => edge.source, placed);
  let bracket = 0;
  return drawn.map((edge) => {
    const source = placed.get(edge.source)!;
    const target = placed.get(edge.target)!;
    if (edge.kind === 'stack') {
      const from = source.y + source.height / 2;
      const to = target.y + target.height / 2;
      return { edge, path: bracketPath(source.x, from, to, 10 + 5 * (bracket++ % 3)), sourceY: from, targetY: to };
    }
    const from = leaving.get(edge) ?? source.y + source.height / 2;
    const to = arriving.get(edge) ?? target.y + target.height / 2;
    return { edge, path: cablePath(source.x + source.width, from, target.x, to), sourceY: from, targetY: to };
  });
}

/** Where each edge meets its node: side by side, in the order of their other ends, so that cables don't cross at the plug. */
function spread(edges: readonly MapEdge[], end: (edge: MapEdge) => string, other: (edge: MapEdge) => string, placed: ReadonlyMap<string, PlacedNode>): Map<MapEdge, number> {
  const perNode = new Map<string, MapEdge[]>();
  for (const edge of edges) perNode.set(end(edge), [...perNode.get(end(edge)) ?? [], edge]);
  const heights = new Map<MapEdge, number>();
  for (const [id, own] of perNode) {
    const node = placed.get(id)!;
    const sorted = [...own].sort((a, b) => centreOf(placed.get(other(a))!) - centreOf(placed.get(other(b))!) || (a.id < b.id ? -1 : 1));
    const pitch = Math.min(9, (node.height - 16) / Math.max(1, sorted.length - 1));
    const first = centreOf(node) - (pitch * (sorted.length - 1)) / 2;
    for (const [index, edge] of sorted.entries()) heights.set(edge, Math.round((first + index * pitch) * 10) / 10);
  }
  return heights;
}

const centreOf = (node: PlacedNode): number => node.y + node.height / 2;

/** A hanging cable: level at both plugs. */
function cablePath(x1: number, y1: number, x2: number, y2: number): string {
  const bend = (x2 - x1) / 2;
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

/** Around the left of a column, from one of its nodes to another. */
function bracketPath(x: number, y1: number, y2: number, depth: number): string {
  const radius = Math.min(6, Math.abs(y2 - y1) / 2, depth);
  const down = y2 >= y1 ? 1 : -1;
  return `M${x} ${y1}H${x - depth + radius}Q${x - depth} ${y1} ${x - depth} ${y1 + radius * down}V${y2 - radius * down}Q${x - depth} ${y2} ${x - depth + radius} ${y2}H${x}`;
}
