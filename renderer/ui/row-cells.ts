import { createTextVNode, defineComponent, h } from 'vue';
import type { PropType, Slots, VNode } from 'vue';
import type { TableColumn } from './table-rows';

/** A column that is shown, and how wide. The same object as long as neither changes. */
export interface PlacedColumn {
  column: TableColumn<never>;
  style: { width: string };
}

/**
 * The cells of one row of a DataTable. A component of its own, so that rows which stay are not made anew with every frame
 * of a scroll, and one that takes another row's facts only changes its texts.
 */
export const RowCells = defineComponent({
  name: 'RowCells',
  props: {
    row: { type: null as unknown as PropType<unknown>, required: true },
    /** The row above, null for the first. */
    previous: { type: null as unknown as PropType<unknown>, required: true },
    columns: { type: Array as PropType<readonly PlacedColumn[]>, required: true },
    /** The table's own slots: passed on as slots they would have every row made anew with the table. */
    cells: { type: Object as PropType<Slots>, required: true },
  },
  setup(props) {
    /** A text is a node of its own, whose characters change; as text content it would be another node for each row. */
    const content = (column: TableColumn<never>): VNode[] => {
      const row = props.row as never;
      return props.cells[`cell-${column.id}`]?.({ row, previous: props.previous }) ?? [createTextVNode(column.text?.(row) ?? String(column.value(row) ?? ''))];
    };
    return () => props.columns.map(({ column, style }) => h('td', {
      key: column.id, role: 'gridcell', class: [column.align, { 'font-mono': column.mono, 'fits': column.fits, 'quiet': column.isQuiet?.(props.row as never) }], style,
    }, content(column)));
  },
});
