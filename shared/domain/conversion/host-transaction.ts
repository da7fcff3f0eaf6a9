import { z } from 'zod';
import { transactionGoals } from './transaction';

/**
 * What the host's own journal says of a transaction. Ended ones keep it: DONE (the bridge lasts), REVERTED (the old network
 * is back), REVERT_FAILED (it is not, and somebody has to look). UNKNOWN: it ended before it was staged.
 */
export const hostTransactionStates = [
  'STAGED', 'ARMED', 'APPLYING', 'TRIAL', 'VERIFIED', 'COMMITTING', 'DONE', 'REVERTING', 'REVERTED', 'REVERT_FAILED', 'UNKNOWN',
] as const;
export type HostTransactionState = (typeof hostTransactionStates)[number];

export const hostTransactionSchema = z.object({
  /** Sorts by the time it was begun. */
  id: z.string(),
  state: z.enum(hostTransactionStates),
  /** It has the host's lock: no other can begin. */
  pending: z.boolean(),
  stack: z.string(),
  kind: z.enum(['linux', 'ovs']),
  /** Absent: `bridge`, as engines of before. */
  goal: z.enum(transactionGoals).optional(),
  nic: z.string(),
  bridge: z.string(),
  /** The transaction that this one takes back. Absent: it is none's undoing. */
  undoes: z.string().optional(),
  /** What of the NIC did not move to the bridge, in the words of leave/left-setting.ts. Absent: everything did. */
  leaves: z.array(z.string()).optional(),
  /** The host has kept what an undo needs. */
  undoable: z.boolean().optional(),
  /** Until the host goes back by itself; null when it doesn't count (not begun, decided, ended). */
  secondsLeft: z.number().nullable(),
  /** Oldest first. `at` by the host's clock, ISO 8601 UTC. */
  journal: z.array(z.object({ at: z.string(), state: z.enum(hostTransactionStates), text: z.string() })),
});
export type HostTransaction = z.infer<typeof hostTransactionSchema>;

/** One moment of a conversion, for whoever watches it. */
export interface ConversionProgress {
  hostId: string;
  transaction: HostTransaction;
  /** False: the host does not answer just now, and `transaction` is what it said last. `problem` says why not. */
  reached: boolean;
  problem: string | null;
}

/** Whether the host has nothing more to do. */
export const hasEnded = ({ state }: Pick<HostTransaction, 'state'>): boolean => state === 'DONE' || state === 'REVERTED' || state === 'REVERT_FAILED';

/** It has ended, and the host only clears its things away: until that is done, no other change can begin. Where going back has failed, they stay. */
export const isBeingCleared = ({ state, pending }: Pick<HostTransaction, 'state' | 'pending'>): boolean => pending && (state === 'DONE' || state === 'REVERTED');

/** Of a conversion, for people; `describeTransaction` has the words of other changes, too. */
export const describeTransactionState: Readonly<Record<HostTransactionState, string>> = {
  STAGED: 'prepared, nothing is changed',
  ARMED: 'ready to begin, nothing is changed',
  APPLYING: 'the bridge is being made',
  TRIAL: 'on trial; the host was not reached over a new connection yet',
  VERIFIED: 'on trial; the host was reached, and waits to be told that it shall stay',
  COMMITTING: 'being made lasting',
  DONE: 'the bridge is there to stay',
  REVERTING: 'going back to the old network',
  REVERTED: 'the old network is back',
  REVERT_FAILED: 'the old network is not whole again',
  UNKNOWN: 'it never began',
};

const otherWords: Readonly<Record<'unbridge' | 'unport' | 'address', Partial<Record<HostTransactionState, string>>>> = {
  unbridge: { APPLYING: 'the bridge is being taken away', DONE: 'the bridge is gone for good' },
  unport: { APPLYING: 'it is being taken out of its bridge', DONE: 'it is out of its bridge for good' },
  address: { APPLYING: 'the addresses are being changed', DONE: 'the new addresses are there to stay' },
};

/** For people: the state, in words that fit the change. */
export function describeTransaction({ state, goal = 'bridge' }: Pick<HostTransaction, 'state' | 'goal'>): string {
  return (goal === 'bridge' ? undefined : otherWords[goal][state]) ?? describeTransactionState[state];
}

/** For people: `eno1 → br0`, or `eno2 out of br0`. */
export function nameTransaction({ goal = 'bridge', nic, bridge }: Pick<HostTransaction, 'goal' | 'nic' | 'bridge'>): string {
  if (goal === 'address') return nic;
  if (goal === 'unport') return `${nic} out of ${bridge}`;
  return goal === 'unbridge' ? `${bridge} → ${nic}` : `${nic} → ${bridge}`;
}
