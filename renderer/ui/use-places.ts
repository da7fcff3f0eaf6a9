import { computed, onScopeDispose, shallowRef, watch } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import { windowStart } from './table-rows';

/** Where a row of a long table stands in the document. Places stay; the rows in them change. */
export interface Place<Row> {
  key: number;
  /** Of the row, in the whole table. */
  index: number;
  /** The row that is there, or was when the place is spare. */
  row: Row | null;
  /** The row above it. */
  previous: Row | null;
  /** There is no row for it now. It keeps the last one unseen, for to fill it again costs less than to make it anew. */
  isSpare: boolean;
}

interface PlacesOptions<Row> {
  rows: Readonly<Ref<readonly Row[]>>;
  /** How many places there are. */
  count: Readonly<Ref<number>>;
  /** First and last row in view; empty while nothing is. */
  inView: Readonly<Ref<readonly number[]>>;
  /** Rows kept ready above and below what is in view. */
  overscan: number;
  /** While this is true, places are not put into the order of their rows. */
  isMoving: Readonly<Ref<boolean>>;
}

/**
 * Which rows are in the document, and where. A row's place follows from its index, so a scroll by two rows changes two
 * places. In the document places stand in the order of their rows (who reads or tabs through it meets them so), but
 * for the time of a scroll, as an element that is moved is styled and laid out anew.
 * After a change of the rows those in view come first, and the others once these have been painted.
 */
export function usePlaces<Row>({ rows, count, inView, overscan, isMoving }: PlacesOptions<Row>): ComputedRef<Place<Row>[]> {
  const start = computed(() => windowStart((inView.value[0] ?? 0) - overscan, count.value, rows.value.length));

  const isAhead = shallowRef(false);
  let changes = 0;
  watch(rows, () => {
    isAhead.value = false;
    const change = changes += 1;
    requestAnimationFrame(() => setTimeout(() => { if (change === changes) isAhead.value = true; }));
  }, { immediate: true });
  onScopeDispose(() => { changes += 1; });

  /** The index whose place is the first in the document. */
  const firstInOrder = shallowRef(0);
  watch([start, isMoving], () => { if (!isMoving.value) firstInOrder.value = start.value; }, { immediate: true });

  const kept = new Map<number, { row: Row; previous: Row | null }>();
  return computed(() => {
    const [first = 0, last = -1] = inView.value;
    return Array.from({ length: count.value }, (_, at): Place<Row> => {
      const key = (firstInOrder.value + at) % count.value;
      const index = start.value + ((key - start.value) % count.value + count.value) % count.value;
      const row = isAhead.value || (index >= first && index <= last) ? rows.value[index] : undefined;
      if (row !== undefined) kept.set(key, { row, previous: rows.value[index - 1] ?? null });
      return { key, index, row: null, previous: null, ...kept.get(key), isSpare: row === undefined };
    });
  });
}
