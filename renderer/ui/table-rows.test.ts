import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitColumns, nextSort, searchRows, shareWidths, sortRows, windowStart } from './table-rows';
import type { TableColumn } from './table-rows';

interface Row { name: string; count: number | null; on: boolean }
const columns: TableColumn<Row>[] = [
  { id: 'name', label: 'Name', width: 100, grow: 3, value: (row) => row.name },
  { id: 'count', label: 'Count', width: 50, align: 'right', value: (row) => row.count },
  { id: 'on', label: 'On', width: 50, value: (row) => row.on },
];
const row = (name: string, count: number | null = 0, on = false): Row => ({ name, count, on });
const names = (rows: readonly Row[]): string[] => rows.map((entry) => entry.name);

describe('sortRows', () => {
  it('reads numbers in texts as numbers, addresses too', () => {
    expect(names(sortRows([row('net-10'), row('net-2'), row('Net-1')], columns, { column: 'name', descending: false }))).toEqual(['Net-1', 'net-2', 'net-10']);
    expect(names(sortRows([row('10.0.0.10'), row('10.0.0.9')], columns, { column: 'name', descending: false }))).toEqual(['10.0.0.9', '10.0.0.10']);
  });

  it('keeps blanks last in both directions, and equal rows in their order', () => {
    const rows = [row('a', null), row('b', 2), row('c', 1), row('d', 1)];
    expect(names(sortRows(rows, columns, { column: 'count', descending: false }))).toEqual(['c', 'd', 'b', 'a']);
    expect(names(sortRows(rows, columns, { column: 'count', descending: true }))).toEqual(['b', 'c', 'd', 'a']);
  });

  it('loses and adds nothing', () => {
    fc.assert(fc.property(fc.array(fc.record({ name: fc.string(), count: fc.option(fc.integer()), on: fc.boolean() })), fc.constantFrom('name', 'count', 'on', 'nope'), fc.boolean(), (rows, column, descending) => {
      const sorted = sortRows(rows, columns, { column, descending });
      expect(new Set(sorted)).toEqual(new Set(rows));
      expect(sorted).toHaveLength(rows.length);
    }));
  });

  it('sorts a thousand rows within a frame or two', () => {
    const rows = Array.from({ length: 1000 }, (_, index) => row(`net-${(index * 7919) % 1000}`));
    const from = performance.now();
    sortRows(rows, columns, { column: 'name', descending: false });
    expect(performance.now() - from).toBeLessThan(200);
  });
});

describe('searchRows', () => {
  it('wants every word, in any order and case', () => {
    const rows = [row('lab-dmz NAT virbr5'), row('default NAT virbr0')];
    expect(names(searchRows(rows, (entry) => entry.name, 'virbr5 nat'))).toEqual(['lab-dmz NAT virbr5']);
    expect(searchRows(rows, (entry) => entry.name, '   ')).toBe(rows);
    expect(searchRows(rows, (entry) => entry.name, 'nat dmz virbr0')).toEqual([]);
  });
});

it('fitColumns drops the least important first, and never those that must stay', () => {
  const some: TableColumn<Row>[] = [{ ...columns[0]! }, { ...columns[1]!, priority: 2 }, { ...columns[2]!, priority: 1 }];
  const ids = (available: number): string[] => fitColumns(some, available).map((column) => column.id);
  expect([ids(200), ids(199), ids(149), ids(0)]).toEqual([['name', 'count', 'on'], ['name', 'on'], ['name'], ['name']]);
});

describe('shareWidths', () => {
  it('gives what is left over to the columns that grow, and never exceeds it', () => {
    expect(shareWidths(columns, 600)).toEqual([400, 50, 150]);
    expect(shareWidths(columns, 100)).toEqual([100, 50, 50]);
  });
});

it('nextSort turns round on the same column and starts ascending on another', () => {
  expect(nextSort({ column: 'name', descending: false }, 'name')).toEqual({ column: 'name', descending: true });
  expect(nextSort({ column: 'name', descending: true }, 'count')).toEqual({ column: 'count', descending: false });
});

describe('windowStart', () => {
  it('is within the table, whole as long as there are enough rows, and where it was asked for if it can be', () => {
    fc.assert(fc.property(fc.integer({ min: -30, max: 1100 }), fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 1000 }), (start, places, count) => {
      const first = windowStart(start, places, count);
      expect(first).toBeGreaterThanOrEqual(0);
      expect(Math.min(count, first + places) - first).toBe(Math.min(places, count));
      if (start >= 0 && start + places <= count) expect(first).toBe(start);
    }));
  });
});
