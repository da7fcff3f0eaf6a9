import type { OvsRow, OvsTable, OvsValue } from '../host-state';
import type { OvsChange, World } from '../world';
import { uuidOf } from './database';
import { columnsOf } from './ovs-vsctl';

interface Watched { table: OvsTable; columns: string[]; initial: boolean }

/**
 * `ovsdb-client --format=json monitor [SERVER] [DATABASE] (TABLE [COLUMNS])…` or `… ALL`: what it prints at once, and
 * for each change. One JSON line a table; COLUMNS may hold `!initial`, which leaves the first out. Null for other words.
 */
export function followOvs(args: readonly string[]): { initial(world: World): string[]; lines(changes: readonly OvsChange[]): string[] } | null {
  const words = args.filter((word) => !word.startsWith('-'));
  const at = words.indexOf('monitor');
  if (at < 0 || !args.includes('--format=json')) return null;
  const rest = words.slice(at + 1);
  if (/^(unix|tcp|ssl):/.test(rest[0] ?? '')) rest.shift();
  if (rest[0] === 'Open_vSwitch') rest.shift();
  const watched = parseWatched(rest);
  return watched.length === 0 ? null : {
    initial: (world) => watched.filter(({ initial }) => initial).flatMap(({ table, columns }) => {
      const rows = world.state.ovs?.tables[table] ?? [];
      return rows.length === 0 ? [] : [line(columns, rows.map((row) => [uuidOf(row), 'initial', ...cells(row, columns)]))];
    }),
    lines: (changes) => watched.flatMap(({ table, columns }) => {
      const rows = changes.filter((change) => change.table === table).flatMap((change) => changeRows(change, columns));
      return rows.length === 0 ? [] : [line(columns, rows)];
    }),
  };
}

function parseWatched(words: readonly string[]): Watched[] {
  const names: OvsTable[] = ['Open_vSwitch', 'Bridge', 'Port', 'Interface'];
  if (words[0] === 'ALL') return names.map((table) => ({ table, columns: withoutUuid(columnsOf(table)), initial: true }));
  const watched: Watched[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const table = names.find((name) => name === words[at]);
    if (!table) continue;
    const next = words[at + 1];
    const listed = next !== undefined && !names.some((name) => name === next) ? next.split(',') : [];
    const columns = listed.filter((column) => !column.startsWith('!'));
    watched.push({ table, columns: columns.length > 0 ? columns : withoutUuid(columnsOf(table)), initial: !listed.includes('!initial') });
  }
  return watched;
}

function withoutUuid(columns: readonly string[]): string[] {
  return columns.filter((column) => column !== '_uuid');
}

function changeRows({ before, after }: OvsChange, columns: readonly string[]): (OvsValue | null)[][] {
  if (!before && after) return [[uuidOf(after), 'insert', ...cells(after, columns)]];
  if (before && !after) return [[uuidOf(before), 'delete', ...cells(before, columns)]];
  if (!before || !after) return [];
  const changed = columns.filter((column) => JSON.stringify(before[column]) !== JSON.stringify(after[column]));
  if (changed.length === 0) return [];
  return [
    [uuidOf(before), 'old', ...columns.map((column) => (changed.includes(column) ? before[column] ?? null : null))],
    ['', 'new', ...cells(after, columns)],
  ];
}

function cells(row: OvsRow, columns: readonly string[]): OvsValue[] {
  return columns.map((column) => row[column] ?? ['set', []]);
}

/** Without the table's name: ovsdb-client gives it only where it watches several. */
function line(columns: readonly string[], data: (OvsValue | null)[][]): string {
  return JSON.stringify({ data, headings: ['row', 'action', ...columns] });
}
