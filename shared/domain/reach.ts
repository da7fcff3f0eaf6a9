import { z } from 'zod';

/** Who a VM of a network can reach (`out`) and who can reach it (`in`). `partly`: only with a condition, said in `note`. */
export const reachSchema = z.enum(['yes', 'no', 'partly']);
export type Reach = z.infer<typeof reachSchema>;

export const reachRowSchema = z.object({
  peer: z.enum(['same-network', 'host', 'other-networks', 'lan', 'internet']),
  /** "other VMs on lab-web", "this host (attic)", "LAN 10.0.0.0/24". */
  label: z.string(),
  out: reachSchema,
  in: reachSchema,
  note: z.string().nullable(),
});
export type ReachRow = z.infer<typeof reachRowSchema>;
