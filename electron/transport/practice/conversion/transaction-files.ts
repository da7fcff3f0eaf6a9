import type { World } from '../world';
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
    ...transaction.pending ? [[`${folder}/token`, () => `${transaction.token}\n`] as [string, () => string]] : [],
  ];
}

/** What the app's script to list transactions prints (electron/commands/conversion/list-transactions.ts). */
export function listing(world: World): string {
  return (world.state.transactions ?? []).map((transaction) => lines([
    '@', ...settingsOf(transaction).map((row) => `=${row}`), `=state=${transaction.state}`,
    ...transaction.pending ? ['=pending=yes'] : [],
    ...transaction.deadline !== null && transaction.decided === null ? [`=left=${Math.trunc((transaction.deadline - world.now()) / 1000)}`] : [],
    ...journalOf(transaction).map((row) => `>${row}`),
  ])).join('');
}
