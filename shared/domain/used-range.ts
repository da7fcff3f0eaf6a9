import { z } from 'zod';

/** An address range that is taken, and by whom. `owner` is a sentence part: "default on attic", "docker0 on attic". */
export const usedRangeSchema = z.object({
  cidr: z.string(),
  owner: z.string(),
  hostId: z.string(),
  kind: z.enum(['network', 'interface', 'route', 'reserved']),
  /** Set when the range belongs to this libvirt network, so that editing it doesn't conflict with itself. */
  networkUuid: z.string().nullable(),
});
export type UsedRange = z.infer<typeof usedRangeSchema>;
