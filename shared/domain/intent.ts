import { z } from 'zod';
import { uuidSchema } from './address';
import { labIntents } from './labs/lab-intent';
import { machineIntents } from './machine-intent';
import { networkSpecSchema } from './network-spec';
import { findingCodes } from './preflight/finding';
import { longestDocument } from './xml-problem';

const networkIntents = [
  z.object({ kind: z.literal('network.create'), uuid: uuidSchema, spec: networkSpecSchema, start: z.boolean() }),
  z.object({
    kind: z.literal('network.edit'), uuid: uuidSchema, spec: networkSpecSchema,
    /**
     * For an active network: change it while it runs, where libvirt can (reservations, DHCP ranges, DNS records: machines keep their
     * link), restart it now (machines are plugged in again), or leave the change for its next start.
     */
    when: z.enum(['live', 'now', 'next-start']),
  }),
  /** A whole definition as somebody wrote it, of a new network or of one that is there. */
  z.object({
    kind: z.literal('network.define'), uuid: uuidSchema, xml: z.string().min(1).max(longestDocument),
    /** The definition it was made from, so that nobody's later work is overwritten; null: there must be no such network yet. */
    basedOn: z.string().max(longestDocument).nullable(),
    when: z.enum(['now', 'next-start']),
    /** Start it if it is not active. */
    start: z.boolean(),
    autostart: z.boolean(),
  }),
  z.object({ kind: z.literal('network.delete'), uuid: uuidSchema }),
  z.object({ kind: z.literal('network.start'), uuid: uuidSchema }),
  z.object({ kind: z.literal('network.stop'), uuid: uuidSchema }),
  z.object({ kind: z.literal('network.autostart'), uuid: uuidSchema, enabled: z.boolean() }),
] as const;

/** What the user wants. A plan is made of it by the pure planners, in preview and again before it runs. */
export const intentSchema = z.discriminatedUnion('kind', [
  ...networkIntents,
  ...machineIntents,
  ...labIntents,
  /** The fix of a finding of preflight: what it is follows from the host's facts, never from the caller. */
  z.object({ kind: z.literal('preflight.fix'), code: z.enum(findingCodes) }),
  z.object({ kind: z.literal('undo'), historyId: z.string() }),
]);
export type Intent = z.infer<typeof intentSchema>;
export type NetworkIntent = Extract<Intent, { kind: `network.${string}` }>;
export type MachineIntent = Extract<Intent, { kind: `machine.${string}` }>;
export type LabIntent = Extract<Intent, { kind: `lab.${string}` }>;
