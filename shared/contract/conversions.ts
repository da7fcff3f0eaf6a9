import { z } from 'zod';
import { conversionRunSchema, longestTrialSeconds } from '../domain/conversion/conversion-run';
import { hostTransactionSchema } from '../domain/conversion/host-transaction';
import { conversionRequestSchema, conversionReviewSchema } from '../domain/conversion/review';
import { conversionSurveySchema } from '../domain/conversion/survey';

const hostId = z.string().min(1).max(64);

/** The part of the contract that conversions of NICs need. A host has one at a time: calls name the host alone. */
export const conversionProcedures = {
  /** What of the host could become a bridge's port. */
  'conversion.survey': { input: z.object({ hostId }), output: conversionSurveySchema },
  'conversion.preview': { input: z.object({ hostId, request: conversionRequestSchema }), output: conversionReviewSchema },
  /**
   * Plans again, refuses with `plan.stale` if the result differs from `digest`, then stages, arms and begins. Answers when the host has
   * been told to begin, or with why it was not; from then on, progress comes by event.
   */
  'conversion.start': {
    input: z.object({ hostId, request: conversionRequestSchema, digest: z.string().max(128), keep: conversionRunSchema.shape.keep, rebootIfLost: z.boolean() }),
    output: conversionRunSchema,
  },
  /** Every conversion that is under way, or whose end nobody has looked at. */
  'conversion.running': { input: z.void(), output: z.array(conversionRunSchema) },
  /** Asks the host what is under way there, and goes on with what this app began. Null: nothing. */
  'conversion.state': { input: z.object({ hostId }), output: conversionRunSchema.nullable() },
  /** Answered when it has ended, whichever way; that is told by event. Of what somebody else began it takes root's rights. */
  'conversion.confirm': { input: z.object({ hostId }), output: z.void() },
  'conversion.revert': { input: z.object({ hostId }), output: z.void() },
  /** The trial then lasts so many seconds in all. */
  'conversion.extend': { input: z.object({ hostId, seconds: z.number().int().min(1).max(longestTrialSeconds) }), output: z.void() },
  /** What the host remembers, oldest first. */
  'conversion.list': { input: z.object({ hostId }), output: z.array(hostTransactionSchema) },
  /** The user has seen how it ended. */
  'conversion.dismiss': { input: z.object({ hostId }), output: z.void() },
} as const;

export const conversionEvents = {
  'conversion.progress': conversionRunSchema,
  /** It is forgotten here: the user has seen how it ended, or there is nothing under way after all. */
  'conversion.gone': z.object({ hostId: z.string() }),
} as const;
