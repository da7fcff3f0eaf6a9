/** One column of a data table. `value` is what it sorts by; blanks (null, '') always go last. */
export interface TableColumn<Row> {
  id: string;
  label: string;
  /** Least width in pixels. What is left over goes to the columns by their `grow`, by default 1, and 0 for numbers. */
  width: number;
  grow?: number;
  align?: 'right';
  /** For what goes to a machine: addresses, names of bridges. */
  mono?: true;
  /** There is always room in `width` for what its cells say, so nothing has to be cut off; to be ready for that takes a sixth of the work of a frame. */
  fits?: true;
  value(row: Row): string | number | boolean | null;
  /** What its cells say, by default the value. */
  text?(row: Row): string;
  /** Whether a cell says nothing of note: no, none, 0. */
  isQuiet?(row: Row): boolean;
  /** Where there is no room for all, columns of the highest number hide first; those without one always stay. */
  priority?: number;
}

export interface TableSort {
  column: string;
  descending: boolean;
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function compareValues(a: string | number | boolean | null, b: string | number | boolean | null, direction: number): number {
  const isBlankA = a === null || a === '';
  const isBlankB = b === null || b === '';
  if (isBlankA || isBlankB) return Number(isBlankA) - Number(isBlankB);
  if (typeof a === 'string' && typeof b === 'string') return direction * collator.compare(a, b);
  return direction * (Number(a) - Number(b));
}

/** Rows in order; equal ones keep the order they came in. Numbers in texts count as numbers: net-2 before net-10, 10.0.0.9 before 10.0.0.10. */
export function sortRows<Row>(rows: readonly Row[], columns: readonly TableColumn<Row>[], sort: TableSort): readonly Row[] {
  const column = columns.find((candidate) => candidate.id === sort.column);
  if (!column) return rows;
  const direction = sort.descending ? -1 : 1;
  return rows.map((row) => ({ row, value: column.value(row) })).sort((a, b) => compareValues(a.value, b.value, direction)).map(({ row }) => row);
}

/** Rows whose text holds every word of the search, in any order, upper or lower case. */
export function searchRows<Row>(rows: readonly Row[], textOf: (row: Row) => string, search: string): readonly Row[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const text = textOf(row).toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The columns there is room for, in their order; `available` in pixels. */
export function fitColumns<Row>(columns: readonly TableColumn<Row>[], available: number): TableColumn<Row>[] {
  const kept = new Set<TableColumn<Row>>();
  let used = 0;
  for (const column of [...columns].sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0))) {
    if (column.priority !== undefined && used + column.width > available) break;
    kept.add(column);
    used += column.width;
  }
  return columns.filter((column) => kept.has(column));
}

/** Widths in pixels: the least of each column, and a share of what is left of `available`. */
export function shareWidths<Row>(columns: readonly TableColumn<Row>[], available: number): number[] {
  const growOf = (column: TableColumn<Row>): number => column.grow ?? (column.align === 'right' ? 0 : 1);
  const slack = Math.max(0, available - columns.reduce((sum, column) => sum + column.width, 0));
  const shares = columns.reduce((sum, column) => sum + growOf(column), 0) || 1;
  return columns.map((column) => column.width + Math.floor((slack * growOf(column)) / shares));
}

/** A click on a header: sort by it, or turn its order round. */
export function nextSort(sort: TableSort, column: string): TableSort {
  return sort.column === column ? { column, descending: !sort.descending } : { column, descending: false };
}

/** Where a window of `places` rows begins so that it holds `start`, or as near to it as a table of `count` rows has so many. */
export function windowStart(start: number, places: number, count: number): number {
  return Math.max(0, Math.min(start, count - places));
}
