import type { HostProfile } from '../../../shared/domain/host';
import { describeTransaction, nameTransaction, type HostTransaction } from '../../../shared/domain/conversion/host-transaction';
import type { CommonOptions } from '../arguments';
import { exitCode } from '../exit-code';
import type { CliContext } from '../main';
import { formatState } from '../print-conversion';

/** `netwright transactions HOST`: oldest first, with the host's own journal. */
export async function showTransactions({ core, print }: CliContext, host: HostProfile, options: CommonOptions): Promise<number> {
  const transactions = await core.conversions.list(host.id);
  print(options.json ? JSON.stringify(transactions, null, 2) : transactions.map(formatTransaction).join('\n\n') || 'Nothing of this host was ever changed so.');
  return exitCode.ok;
}

/** `netwright confirm|revert HOST [TRANSACTION]`: says so over a new connection, and tells what the host does until it has ended. */
export async function concludeConversion(context: CliContext, host: HostProfile, verb: 'confirm' | 'revert', id: string | null, options: CommonOptions): Promise<number> {
  const { core, print } = context;
  const ended = await followed(context, () => core.conversions[verb](host.id, id ?? undefined));
  print(options.json ? JSON.stringify(ended, null, 2) : formatState(ended));
  return exitCode.ok;
}

/** Tells each line of the host's journal as it comes, and when the host is out of reach. */
export async function followed(context: CliContext, work: () => Promise<HostTransaction>): Promise<HostTransaction> {
  let told = 0;
  let wasReached = true;
  const stop = context.core.conversions.onProgress(({ transaction: { journal }, reached, problem }) => {
    for (const { at, text } of journal.slice(told)) context.tell(`${at}  ${text}`);
    told = Math.max(told, journal.length);
    if (wasReached && !reached) context.tell(`The host does not answer: ${problem ?? ''} Trying again…`);
    wasReached = reached;
  });
  try {
    return await work();
  } finally {
    stop();
  }
}

function formatTransaction(transaction: HostTransaction): string {
  const { id, state, stack, secondsLeft, journal, undoes } = transaction;
  return [
    `${id}  ${nameTransaction(transaction)} (${stack})${undoes === undefined ? '' : `, undoes ${undoes}`}: ${describeTransaction(transaction)}${secondsLeft === null || state === 'ARMED' ? '' : `; goes back in ${secondsLeft} s`}`,
    ...journal.map(({ at, text }) => `  ${at}  ${text}`),
  ].join('\n');
}
