import { findInterface } from '../linux/link-state';
import { fail, succeed } from '../world';
import type { ToolResult, World } from '../world';
import { keepNetwork } from './kept';
import { readUpload } from './read-upload';
import { judgeShape, shapeOf } from './shape';
import { goBack, supervise } from './supervisor';
import { enter, finish, hasConcluded, pendingTransaction } from './transaction-state';
import type { TransactionState } from './transaction-state';

/** How long a change that was never armed holds others up. */
const abandonedAfterMs = 300_000;

/** The upload that stages a conversion, with the engine's checks and exit codes; null: the script is another one. */
export function stage(world: World, script: string): ToolResult | null {
  const upload = readUpload(script);
  if (!upload) return null;
  const { state } = world;
  const pending = pendingTransaction(state);
  if (pending?.state === 'STAGED' && world.now() - pending.stagedAt > abandonedAfterMs) finish(world, pending, 'REVERTED', 'it was given up before it began');
  const other = pendingTransaction(state);
  if (other) return fail(75, `another change is under way: tx/${other.id}\n`);
  const shape = shapeOf(upload);
  if (!findInterface(state, shape.nic)) return fail(73, `there is no network interface ${shape.nic}\n`);
  const misshapen = judgeShape(state, shape, shape.before, upload.settings['kind']);
  const link = findInterface(state, shape.source);
  if (misshapen !== null || !link) return fail(73, `${misshapen ?? `there is no network interface ${shape.source}`}\n`);
  const transaction: TransactionState = {
    ...upload, state: 'STAGED', journal: [], pending: true, stagedAt: world.now(), deadline: null, decided: null, inbox: {}, isCalledOff: false,
    kept: keepNetwork(world, upload, link),
  };
  state.transactions = [...state.transactions ?? [], transaction];
  enter(world, transaction, 'STAGED', 'everything is kept; nothing was changed');
  return succeed();
}

/** `engine.sh VERB` in a transaction's folder, or by the lock; null: no engine stands at this path. */
export function runEngine(world: World, path: string, verb: string): ToolResult | null {
  const [, id] = /^\/var\/lib\/netwright\/(?:pending|tx\/([0-9a-z-]+))\/engine\.sh$/.exec(path) ?? [];
  const pending = pendingTransaction(world.state);
  if (!pending || !path.endsWith('/engine.sh') || (id !== undefined && id !== pending.id)) return null;
  switch (verb) {
    case 'arm': return arm(world, pending);
    case 'revert': return revertByHand(world, pending);
    default: return fail(64, '');
  }
}

function arm(world: World, transaction: TransactionState): ToolResult {
  if (transaction.state !== 'STAGED') return fail(69, `it is ${transaction.id} in state ${transaction.state}\n`);
  enter(world, transaction, 'ARMED', `waits ${transaction.settings['go_seconds']} s for the word to begin`);
  supervise(world, transaction);
  return succeed();
}

function revertByHand(world: World, transaction: TransactionState): ToolResult {
  if (transaction.state === 'REVERT_FAILED') goBack(world, transaction, 'tried again');
  else if (transaction.state === 'STAGED') goBack(world, transaction, 'by hand');
  else transaction.isCalledOff = true;
  return succeed();
}

/** A word of the user into the inbox, which is there from arming to the end. */
export function takeWord(world: World, inbox: string, word: string, text: string): ToolResult {
  const transaction = pendingTransaction(world.state);
  if (!transaction || inbox !== `/run/netwright/${transaction.id}/inbox` || transaction.state === 'STAGED' || hasConcluded(transaction)) {
    return fail(2, `sh: 1: cannot create ${inbox}/.${word}: Directory nonexistent\n`);
  }
  transaction.inbox[word] = text.trim();
  return succeed();
}
