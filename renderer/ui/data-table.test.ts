import { mount } from '@vue/test-utils';
import { describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import DataTable from './DataTable.vue';
import type { TableColumn } from './table-rows';

interface Row { id: string; name: string }
const rows: Row[] = ['net-10', 'net-2', 'net-1'].map((name) => ({ id: name, name }));
const columns: TableColumn<Row>[] = [{ id: 'name', label: 'Name', width: 100, value: (row) => row.name }];

/** happy-dom lays nothing out: the virtualizer is told that the scroller is 600 px high. */
function mountTable(selected: { id: string | null } = { id: null }, list: Row[] = rows) {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(800);
  return mount(DataTable<Row>, {
    attachTo: document.body,
    props: { label: 'Things', rows: list, columns, rowKey: (row: Row) => row.id, isSelected: (row: Row) => row.id === selected.id, initialSort: { column: 'name', descending: false } },
  });
}
const names = (table: ReturnType<typeof mountTable>): string[] => table.findAll('tr.row').map((row) => row.text());

describe('DataTable', () => {
  it('sorts by a click on a header, and says so to a screen reader', async () => {
    const table = mountTable();
    await nextTick();
    expect(names(table)).toEqual(['net-1', 'net-2', 'net-10']);
    expect(table.find('th').attributes('aria-sort')).toBe('ascending');
    await table.find('th button').trigger('click');
    expect(names(table)).toEqual(['net-10', 'net-2', 'net-1']);
    expect(table.find('th').attributes('aria-sort')).toBe('descending');
    table.unmount();
  });

  it('moves by the arrow keys, one row in the order of Tab', async () => {
    const table = mountTable();
    await nextTick();
    expect(table.findAll('tr.row').map((row) => row.attributes('tabindex'))).toEqual(['0', '-1', '-1']);
    await table.findAll('tr.row')[0]!.trigger('keydown', { key: 'ArrowDown' });
    await nextTick();
    expect(table.emitted('select')?.at(-1)).toEqual([{ id: 'net-2', name: 'net-2' }]);
    expect(document.activeElement?.textContent).toBe('net-2');
    await table.findAll('tr.row')[1]!.trigger('keydown', { key: 'Enter' });
    expect(table.emitted('open')?.at(-1)).toEqual([{ id: 'net-2', name: 'net-2' }]);
    table.unmount();
  });

  it('keeps a thousand rows out of the document', async () => {
    const table = mountTable({ id: null }, Array.from({ length: 1000 }, (_, index) => ({ id: `${index}`, name: `net-${index}` })));
    await nextTick();
    expect(table.findAll('tr.row').length).toBeGreaterThan(10);
    expect(table.findAll('tr.row').length).toBeLessThan(60);
    expect(table.find('table').attributes('aria-rowcount')).toBe('1001');
    table.unmount();
  });

  it('gives rows that come into view the places of those that leave it', async () => {
    const table = mountTable({ id: null }, Array.from({ length: 1000 }, (_, index) => ({ id: `${index}`, name: `net-${index}` })));
    await nextTick();
    const before = table.findAll('tr.row').map((row) => row.element);
    const scroller = table.element as HTMLElement;
    scroller.scrollTop = 29 * 100;
    scroller.dispatchEvent(new Event('scroll'));
    await nextTick();
    const after = table.findAll('tr.row');
    expect(after.map((row) => row.text())).toContain('net-105');
    expect(new Set(after.map((row) => row.element))).toEqual(new Set(before));
    expect(after.map((row) => Number(row.attributes('aria-rowindex')))).toEqual([...after.keys()].map((at) => at + 92));
    table.unmount();
  });
});
