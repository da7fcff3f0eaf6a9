import { z } from 'zod';
import { reachSchema } from '../../reach';

/** Somebody who reaches or is reached: machines of a network of the lab (by portgroup and VLAN on a switch), its routers, or what is around them. */
export const labEndSchema = z.object({
  kind: z.enum(['network', 'router', 'host', 'lan', 'internet']),
  /** Of a network: its key in the lab, with `/portgroup` and ` VLAN n` where there are any. Of a router: its key. Of the others: their kind. */
  id: z.string(),
  /** As sentences call it. */
  label: z.string(),
});
export type LabEnd = z.infer<typeof labEndSchema>;

/**
 * `as-promised`; `differs`; `seen`: the lab promises neither, for it depends on more than the lab (a router's routes, the host's own
 * firewall), and this is how it is; `failed`: it should have been tried and could not; `out-of-reach`: no host can try this by itself.
 */
export const labVerdictSchema = z.enum(['as-promised', 'differs', 'seen', 'failed', 'out-of-reach']);

export const labFindingSchema = z.object({
  from: labEndSchema,
  to: labEndSchema,
  promised: reachSchema,
  /** Null: it was not tried. */
  reached: z.boolean().nullable(),
  verdict: labVerdictSchema,
  sentence: z.string(),
  /** What to look at; null where nothing is wrong. */
  hint: z.string().nullable(),
});
export type LabFinding = z.infer<typeof labFindingSchema>;

export const labTestReportSchema = z.object({
  lab: z.string(),
  /** `differs` where a finding does; else `incomplete` where one failed; else `as-promised`. */
  outcome: z.enum(['as-promised', 'differs', 'incomplete']),
  findings: z.array(labFindingSchema),
  /** Scripts of earlier tests that were killed, and whose links were removed. */
  removedLeftovers: z.number().int(),
  durationMs: z.number(),
});
export type LabTestReport = z.infer<typeof labTestReportSchema>;
