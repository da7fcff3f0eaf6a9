import { z } from 'zod';
import { documentChangeSchema } from '../plan';
import { conversionFindingSchema } from './finding';
import { leftSettingSchema } from './leave/left-setting';
import { outlookSchema } from './outlook';
import { addressRequestSchema } from './readdress/address-request';
import { stackNameSchema, transactionGoals, transactionStepSchema } from './transaction';

/** What the window asks for: ChangeRequest, with the lengths that come over IPC. */
export const conversionRequestSchema = z.discriminatedUnion('kind', [
  /** `nic` becomes the first port of a new bridge. */
  z.object({ kind: z.literal('convert'), nic: z.string().min(1).max(15), bridge: z.string().max(64), switch: z.enum(['linux', 'ovs']), leave: z.array(leftSettingSchema).max(100).optional() }),
  z.object({ kind: z.literal('unbridge'), bridge: z.string().min(1).max(15), port: z.string().min(1).max(15).optional() }),
  z.object({ kind: z.literal('readdress'), ...addressRequestSchema.shape, device: z.string().min(1).max(15), addresses6: addressRequestSchema.shape.addresses6.unwrap().max(16).optional(), dns: addressRequestSchema.shape.dns.unwrap().max(8).optional(), search: addressRequestSchema.shape.search.unwrap().max(8).optional() }),
  /** Back to what the transaction `id`, which was kept, has found. */
  z.object({ kind: z.literal('undo'), id: z.string().regex(/^[0-9a-z-]{8,64}$/) }),
]);
export type ConversionRequest = z.infer<typeof conversionRequestSchema>;

/** A conversion as it is reviewed: everything that would run, and nothing that the host has to be asked for again. */
export const conversionReviewSchema = z.object({
  request: conversionRequestSchema,
  /** Who configures the NIC; null: nobody, or several. */
  stack: stackNameSchema.nullable(),
  /** Blockers first. */
  findings: z.array(conversionFindingSchema),
  before: outlookSchema.nullable(),
  /** Of the whole plan: what was reviewed is what runs. */
  digest: z.string(),
  /** Null: there is a blocker. */
  plan: z.object({
    goal: z.enum(transactionGoals),
    nic: z.string(),
    bridge: z.string(),
    /** The address at which the host is looked for and confirmed; null: where it is now. */
    reachedAddress: z.string().nullable(),
    apply: z.array(transactionStepSchema),
    commit: z.array(transactionStepSchema),
    revert: z.array(transactionStepSchema),
    changes: z.array(documentChangeSchema),
    /** Files that stand only while the change is on trial, gone with the power. */
    trialPaths: z.array(z.string()),
    /** What is kept before anything changes, and put back by going back. */
    protects: z.array(z.string()),
    needsBootGuard: z.boolean(),
    /** The longest silence to expect, in seconds. */
    expectedGap: z.number(),
    /** How long the trial lasts, in seconds. */
    trialSeconds: z.number(),
  }).nullable(),
});
export type ConversionReview = z.infer<typeof conversionReviewSchema>;
export type ReviewedPlan = NonNullable<ConversionReview['plan']>;
