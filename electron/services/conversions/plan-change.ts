import { bridgeUsers } from '../../../shared/domain/conversion/bridge-users';
import { planChange } from '../../../shared/domain/conversion/change-request';
import type { ChangeRequest } from '../../../shared/domain/conversion/change-request';
import type { ConversionFacts } from '../../../shared/domain/conversion/facts';
import type { ConversionPlan } from '../../../shared/domain/conversion/planned';
import type { FinishedTransaction } from '../../../shared/domain/conversion/undo';
import { hasRoot } from '../../../shared/domain/privilege';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import { AppError } from '../../../shared/errors/app-error';
import { parseGatheredFiles } from '../../commands/gathered-files';
import { listTransactionsCommand, parseTransactions } from '../../commands/conversion/list-transactions';
import { keptGlobs, parseKept, readKeptCommand } from '../../commands/conversion/read-kept';
import type { CommandRunner } from '../../transport/command-runner';
import { readConversionFacts } from './read-conversion-facts';

/** A plan, and what was seen of the host when it was made. */
export interface PlannedChange { facts: ConversionFacts; planned: ConversionPlan }

type Reader = Pick<CommandRunner, 'run' | 'gather' | 'privilege'>;

/**
 * Looks at the host and plans a change of what carries the session; nothing is changed. What comes out is to be made again and compared
 * before it runs (`isSamePlan`). `known`: machines and networks of libvirt, for who uses a bridge; null where libvirt isn't read.
 * @throws AppError `not-found` for a transaction the host doesn't know, and what reading throws
 */
export async function planChangeOn(runner: Reader, request: ChangeRequest, known: Pick<HostSnapshot, 'machines' | 'networks'> | null): Promise<PlannedChange> {
  const [facts, finished] = await Promise.all([readConversionFacts(runner, hasRoot(runner)), request.kind === 'undo' ? readFinished(runner, request.id) : null]);
  return { facts, planned: planChange(request, { facts, finished, usersOf: (bridge) => bridgeUsers(known ?? { machines: [], networks: [] }, bridge) }) };
}

/** Whether a plan that was reviewed is still what the host asks for. */
export const isSamePlan = (reviewed: ConversionPlan, now: ConversionPlan): boolean => JSON.stringify(reviewed) === JSON.stringify(now);

async function readFinished(runner: Reader, id: string): Promise<FinishedTransaction> {
  const { stdout } = await runner.run(listTransactionsCommand, { elevate: false });
  const transaction = parseTransactions(stdout).find((candidate) => candidate.id === id);
  if (!transaction) throw new AppError('not-found', 'No such transaction', `The host knows of no transaction ${id}.`, { hint: '“netwright transactions HOST” lists them.' });
  if (transaction.undoable !== true) return parseKept(transaction, '', []);
  const listed = await runner.run(readKeptCommand(id));
  const files = await runner.gather([{ name: 'kept', command: { kind: 'files', globs: keptGlobs(id) } }]);
  return parseKept(transaction, listed.stdout, parseGatheredFiles(files.get('kept')?.stdout ?? ''));
}
