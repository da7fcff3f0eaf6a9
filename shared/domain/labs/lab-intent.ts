import { z } from 'zod';
import { uuidSchema } from '../address';
import { networkSpecSchema } from '../network-spec';
import { labKeySchema, labNameSchema } from './lab-mark';

/** A network of a lab with nothing left open: `resolveLab` makes it of a file and a host. */
export const resolvedNetworkSchema = z.object({ key: labKeySchema, uuid: uuidSchema, spec: networkSpecSchema });
export type ResolvedNetwork = z.infer<typeof resolvedNetworkSchema>;

export const labIntents = [
  /** The host has these networks of the lab, active, and no others of it. */
  z.object({ kind: z.literal('lab.apply'), lab: labNameSchema, networks: z.array(resolvedNetworkSchema).min(1) }),
  /** Whatever the host has of the lab goes, and nothing else. */
  z.object({ kind: z.literal('lab.destroy'), lab: labNameSchema }),
] as const;
