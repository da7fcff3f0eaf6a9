import { z } from 'zod';
import { uuidSchema } from '../address';
import { networkSpecSchema } from '../network-spec';
import { routerSpecSchema } from '../router/router-spec';
import { labKeySchema, labNameSchema } from './lab-mark';

/** A network of a lab with nothing left open: `resolveLab` makes it of a file and a host. */
export const resolvedNetworkSchema = z.object({ key: labKeySchema, uuid: uuidSchema, spec: networkSpecSchema });
export type ResolvedNetwork = z.infer<typeof resolvedNetworkSchema>;

/** A router of a lab, likewise. */
export const resolvedRouterSchema = z.object({ key: labKeySchema, uuid: uuidSchema, spec: routerSpecSchema, autostart: z.boolean() });
export type ResolvedRouter = z.infer<typeof resolvedRouterSchema>;

export const labIntents = [
  /** The host has these networks and routers of the lab, active, and no others of it. */
  z.object({ kind: z.literal('lab.apply'), lab: labNameSchema, networks: z.array(resolvedNetworkSchema).min(1), routers: z.array(resolvedRouterSchema).default([]) }),
  /** Whatever the host has of the lab goes, and nothing else. */
  z.object({ kind: z.literal('lab.destroy'), lab: labNameSchema }),
] as const;
