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
const thousand: Row[] = Array.from({ length: 1000 }, (_, index) => ({ id: `${index}`, name: `net-${index}` }));
const shownIndexes = (table: ReturnType<typeof mountTable>): number[] => table.findAll('tr.row').map((row) => Number(row.attributes('data-index')));
const allPlacesFilled = (table: ReturnType<typeof mountTable>): Promise<void> =>
  vi.waitFor(() => expect([table.findAll('tr.row').length > 30, table.findAll('tbody tr:not(.row)').length]).toEqual([true, 0]));
async function scrollTo(table: ReturnType<typeof mountTable>, top: number): Promise<void> {
  table.element.scrollTop = top;
  table.element.dispatchEvent(new Event('scroll'));
  await nextTick();
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

  it('goes to a row far away once it has been scrolled to', async () => {
    const table = mountTable({ id: null }, thousand);
    await nextTick();
    await table.findAll('tr.row')[0]!.trigger('keydown', { key: 'End' });
    await scrollTo(table, 29 * 1000);
    expect(document.activeElement?.textContent).toBe('net-999');
    expect(shownIndexes(table)).toEqual([...shownIndexes(table)].sort((a, b) => a - b));
    table.unmount();
  });

  it('keeps a thousand rows out of the document', async () => {
    const table = mountTable({ id: null }, thousand);
    await nextTick();
    expect(table.findAll('tr.row').length).toBeGreaterThan(10);
    expect(table.findAll('tr.row').length).toBeLessThan(60);
    expect(table.find('table').attributes('aria-rowcount')).toBe('1001');
    table.unmount();
  });

  it('shows the rows in view first, those around them when these have been painted', async () => {
    const table = mountTable({ id: null }, thousand);
    await nextTick();
    const first = shownIndexes(table);
    expect(first.slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, index) => index));
    await allPlacesFilled(table);
    expect(shownIndexes(table).length).toBeGreaterThan(first.length + 10);
    table.unmount();
  });

  it('gives rows that come into view the places of those that leave it, and puts these in order after the scroll', async () => {
    const table = mountTable({ id: null }, thousand);
    await allPlacesFilled(table);
    const before = table.findAll('tr.row').map((row) => row.element);
    await scrollTo(table, 29 * 100);
    const during = table.findAll('tr.row');
    expect(during.map((row) => row.text())).toContain('net-105');
    expect(during.map((row) => row.element)).toEqual(before);
    expect(during.every((row) => (row.element as HTMLElement).style.top === `${29 * Number(row.attributes('data-index'))}px`)).toBe(true);
    await vi.waitFor(() => expect(shownIndexes(table)).toEqual(before.map((_, at) => at + 89)));
    expect(new Set(table.findAll('tr.row').map((row) => row.element))).toEqual(new Set(before));
    expect(table.findAll('tr.row').map((row) => Number(row.attributes('aria-rowindex')))).toEqual(before.map((_, at) => at + 91));
    table.unmount();
  });

  it('leaves a row that has the focus where it is while it is scrolled', async () => {
    const table = mountTable({ id: null }, thousand);
    await allPlacesFilled(table);
    const row = table.find('tr[data-index="15"]').element as HTMLElement;
    row.focus();
    await scrollTo(table, 29 * 14);
    expect(shownIndexes(table)[0]).toBe(3);
    expect(shownIndexes(table)).toEqual([...shownIndexes(table)].sort((a, b) => a - b));
    expect(document.activeElement).toBe(row);
    expect(row.dataset['index']).toBe('15');
    table.unmount();
  });

  it('keeps unseen the rows that a search leaves none for, and fills them again', async () => {
    const table = mountTable({ id: null }, thousand);
    await allPlacesFilled(table);
    const before = table.findAll('tr.row').map((row) => row.element);
    await table.setProps({ isShown: (row: Row) => row.name.endsWith('77') });
    await vi.waitFor(() => expect(names(table)).toEqual(['net-77', ...Array.from({ length: 9 }, (_, at) => `net-${at + 1}77`)]));
    expect(table.find('table').attributes('aria-rowcount')).toBe('11');
    const spare = table.findAll('tbody tr:not(.row)');
    expect(spare.length).toBe(before.length - 10);
    expect(spare.every((row) => row.attributes('aria-hidden') === 'true' && row.attributes('tabindex') === undefined)).toBe(true);
    await table.setProps({ isShown: null });
    await allPlacesFilled(table);
    expect(table.findAll('tr.row').map((row) => row.element)).toEqual(before);
    expect(names(table)[12]).toBe('net-12');
    table.unmount();
  });
});
