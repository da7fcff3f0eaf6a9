import { defineComponent, h } from 'vue';
import type { PropType, Slots, VNode } from 'vue';
import type { TableColumn } from './table-rows';

/**
 * One row of a DataTable. A component of its own, so that rows which stay are not made anew with every frame of a scroll,
 * and one that takes another row's facts only changes its texts.
 */
export const DataRow = defineComponent({
  name: 'DataRow',
  props: {
    row: { type: null as unknown as PropType<unknown>, required: true },
    /** The row above, null for the first. */
    previous: { type: null as unknown as PropType<unknown>, required: true },
    /** In the whole table, from 0. */
    index: { type: Number, required: true },
    columns: { type: Array as PropType<readonly TableColumn<never>[]>, required: true },
    /** The table's own slots: passed on as slots they would have every row made anew with the table. */
    cells: { type: Object as PropType<Slots>, required: true },
    selected: { type: Boolean, required: true },
    active: { type: Boolean, required: true },
  },
  setup(props) {
    const cell = (column: TableColumn<never>): VNode[] | string =>
      props.cells[`cell-${column.id}`]?.({ row: props.row, previous: props.previous }) ?? String(column.value(props.row as never) ?? '');
    return () => h('tr', {
      'class': ['row', { selected: props.selected }], 'tabindex': props.active ? 0 : -1,
      'data-index': props.index, 'aria-rowindex': props.index + 2, 'aria-selected': props.selected,
    }, props.columns.map((column) => h('td', { key: column.id, role: 'gridcell', class: column.align }, cell(column))));
  },
});
