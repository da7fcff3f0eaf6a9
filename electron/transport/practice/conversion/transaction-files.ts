import type { World } from '../world';
import { checksumsBelow } from './kept';
import type { TransactionState } from './transaction-state';

const lines = (rows: readonly string[]): string => rows.map((row) => `${row}\n`).join('');

const settingsOf = ({ settings }: TransactionState): string[] => Object.entries(settings).map(([key, value]) => `${key}=${value}`);
const journalOf = ({ journal }: TransactionState): string[] => journal.map(({ at, state, text }) => `${at} ${state} ${text}`);

/** What stands in a transaction's folder, by path. */
export function transactionFiles(transaction: TransactionState): [string, () => string][] {
  const folder = `/var/lib/netwright/tx/${transaction.id}`;
  return [
    [`${folder}/settings`, () => lines(settingsOf(transaction))],
    [`${folder}/state`, () => `${transaction.state}\n`],
    [`${folder}/journal`, () => lines(journalOf(transaction))],
    ...Object.entries(transaction.forUndo?.files ?? {}).map(([path, text]): [string, () => string] => [`${folder}/kept/files${path}`, () => text]),
    ...transaction.pending ? [[`${folder}/token`, () => `${transaction.token}\n`] as [string, () => string]] : [],
  ];
}

/** What the app's script to list transactions prints (electron/commands/conversion/list-transactions.ts). */
export function listing(world: World): string {
  return (world.state.transactions ?? []).map((transaction) => lines([
    '@', ...settingsOf(transaction).map((row) => `=${row}`), `=state=${transaction.state}`,
    ...transaction.pending ? ['=pending=yes'] : [],
    ...transaction.forUndo || transaction.kept ? ['=kept=yes'] : [],
    ...transaction.deadline !== null && transaction.decided === null ? [`=left=${Math.trunc((transaction.deadline - world.now()) / 1000)}`] : [],
    ...journalOf(transaction).map((row) => `>${row}`),
  ])).join('');
}

/** What the script to read what an ended transaction has kept prints (electron/commands/conversion/read-kept.ts). Files of this host are all of mode 644. */
export function keptListing({ state }: World, { forUndo }: TransactionState): string {
  if (!forUndo) return '';
  const sums = (entries: Record<string, string>): string[] => Object.entries(entries).map(([path, sum]) => `${sum}  ${path}`);
  const rows: [string, readonly string[]][] = [
    ['paths', forUndo.paths], ['written', sums(forUndo.written)], ['ipv4', forUndo.ipv4], ['defaults4', forUndo.defaults], ['mtu', [String(forUndo.mtu)]],
    ['now', sums(checksumsBelow(state, forUndo.paths))], ['mode 644', Object.keys(forUndo.files).map((path) => `files${path}`)],
  ];
  return lines(rows.flatMap(([name, entries]) => entries.map((entry) => `${name} ${entry}`)));
}
