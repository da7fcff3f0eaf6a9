import { z } from 'zod';
import { uuidSchema } from '../address';
import { networkSpecSchema } from '../network-spec';
import { nicSpecSchema } from '../machine-intent';
import { routerSpecSchema } from '../router/router-spec';
import { labKeySchema, labNameSchema } from './lab-mark';
import { labVersionSchema } from './lab-version';
import { roleKeySchema } from './role-mark';

/** A network of a lab with nothing left open: `resolveLab` makes it of a file and a host. */
export const resolvedNetworkSchema = z.object({ key: labKeySchema, uuid: uuidSchema, spec: networkSpecSchema });
export type ResolvedNetwork = z.infer<typeof resolvedNetworkSchema>;

/** A machine that plays a role, with the NICs it needs for it; `network` is the name in libvirt. */
export const resolvedMachineSchema = z.object({
  role: roleKeySchema, uuid: uuidSchema,
  nics: z.array(z.object({ key: labKeySchema, network: z.string(), portgroup: z.string().nullable(), mac: z.string(), model: nicSpecSchema.shape.model })),
});
export type ResolvedMachine = z.infer<typeof resolvedMachineSchema>;
export type ResolvedNic = ResolvedMachine['nics'][number];

/** A router of a lab, likewise. */
export const resolvedRouterSchema = z.object({ key: labKeySchema, uuid: uuidSchema, spec: routerSpecSchema, autostart: z.boolean() });
export type ResolvedRouter = z.infer<typeof resolvedRouterSchema>;

export const labIntents = [
  /** The host has these networks and routers of the lab, active, and no others of it; these machines are plugged into them by it, and no others. */
  z.object({
    kind: z.literal('lab.apply'), lab: labNameSchema, networks: z.array(resolvedNetworkSchema).min(1), machines: z.array(resolvedMachineSchema).default([]),
    routers: z.array(resolvedRouterSchema).default([]),
    /** The file all this was made of, to be kept with the lab. Null: what is kept stays. */
    file: labVersionSchema.nullable().default(null),
  }),
  /** Whatever the host has of the lab goes, and nothing else. */
  z.object({ kind: z.literal('lab.destroy'), lab: labNameSchema }),
  /** Its networks and the machines of its roles, on or off; nothing of what they are changes. */
  z.object({ kind: z.literal('lab.start'), lab: labNameSchema }),
  z.object({ kind: z.literal('lab.stop'), lab: labNameSchema }),
] as const;
