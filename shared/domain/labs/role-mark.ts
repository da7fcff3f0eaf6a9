import { z } from 'zod';

/** What a lab file calls one of its roles; DNS knows the machine by it where an address is reserved for it. */
export const roleKeySchema = z
  .string()
  .min(1, 'A role needs a name')
  .max(24, 'At most 24 characters')
  .regex(/^[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/, 'Letters, digits and “-” only, a letter at the start and no “-” at the end');

/** A NIC of a role, as the machine's metadata tells it. */
export const roleNicSchema = z.object({
  /** The network's name within the lab. */
  network: z.string(),
  mac: z.string(),
  /** The lab plugged it in, and takes it out again; false: the machine had it before. */
  plugged: z.boolean(),
});
export type RoleNic = z.infer<typeof roleNicSchema>;

/**
 * What a machine's metadata says of a lab it is part of. libvirt keeps it through edits and restarts, in what runs and in the
 * definition alike (seen with 9.0), so that every computer that reads the host knows who plays which role, and which NICs came with it.
 */
export const roleMarkSchema = z.object({ lab: z.string(), role: z.string(), nics: z.array(roleNicSchema) });
export type RoleMark = z.infer<typeof roleMarkSchema>;
