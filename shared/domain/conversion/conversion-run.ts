import { z } from 'zod';
import { appErrorDataSchema } from '../../errors/app-error-data';
import { hostTransactionSchema } from './host-transaction';
import { outlookSchema } from './outlook';
import { transactionGoals } from './transaction';

/** The longest that a trial can be made to last, in seconds (engine.sh, extend). */
export const longestTrialSeconds = 600;

/** How long one lasts, unless its user makes it longer: then the host goes back by itself. */
export const usualTrialSeconds = 120;

/** A conversion as the window shows it: what the host says, and what is seen of the host from here. */
export const conversionRunSchema = z.object({
  hostId: z.string(),
  /** `preparing`: nothing is on the host yet. `unknown`: the host was out of reach for too long, and nobody asks it any more. */
  phase: z.enum(['preparing', 'watching', 'ended', 'unknown']),
  /** `unbridge`: the bridge goes again, and the NIC takes its addresses back. `unport`: one of its NICs leaves it. */
  goal: z.enum(transactionGoals),
  nic: z.string(),
  bridge: z.string(),
  /** The address at which the host is to be reached afterwards; null: where it was, or this app has not planned it. */
  movesTo: z.string().nullable(),
  /** As the host's journal last said. */
  transaction: hostTransactionSchema.nullable(),
  /** Begun by this app; somebody else's is looked on at. */
  isOwn: z.boolean(),
  /** `verified`: kept as soon as the host was reached. `asked`: the user says so. */
  keep: z.enum(['verified', 'asked']),
  reached: z.boolean(),
  /** Why the host can't be reached just now. */
  problem: z.string().nullable(),
  /** Connections tried in vain since the host last answered. */
  attempts: z.number().int(),
  /** What the host has been told and has not answered yet. */
  told: z.enum(['keep', 'revert']).nullable(),
  /** Why it did not even begin, or why it is unknown how it goes on. */
  error: appErrorDataSchema.nullable(),
  /** What lasts below /etc once it is kept; empty where this app has not planned it. */
  files: z.array(z.object({ path: z.string(), change: z.enum(['new', 'changed', 'removed']) })),
  /** What of the NIC does not move, in the words of leave/left-setting.ts. */
  leaves: z.array(z.string()),
  before: outlookSchema.nullable(),
  /** Read after the end, once the host is connected again. */
  after: outlookSchema.nullable(),
});
export type ConversionRun = z.infer<typeof conversionRunSchema>;

/** What carries the network before the change, and after it. */
export function endsOf({ goal, nic, bridge }: Pick<ConversionRun, 'goal' | 'nic' | 'bridge'>): { from: string; to: string } {
  if (goal === 'address') return { from: nic, to: nic };
  if (goal === 'unport') return { from: bridge, to: bridge };
  return goal === 'unbridge' ? { from: bridge, to: nic } : { from: nic, to: bridge };
}
