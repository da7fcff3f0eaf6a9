import { z } from 'zod';

/** A lab's name is the beginning of its networks' names, and a word on the command line. */
export const labNameSchema = z
  .string()
  .min(1, 'A lab needs a name')
  .max(32, 'At most 32 characters')
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]*$/, 'Letters, digits and “-” only, and no “-” at the start');

/** What a lab file calls one of its networks. */
export const labKeySchema = z
  .string()
  .min(1, 'A network needs a name')
  .max(24, 'At most 24 characters')
  .regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'Letters, digits and “-” only, and a letter at the start');

/**
 * What a network's metadata says of the lab that made it. libvirt keeps metadata of networks since 2.1.0, in what runs and in the
 * definition alike (https://libvirt.org/formatnetwork.html), so that every computer that reads the host knows its labs.
 */
export const labMarkSchema = z.object({
  lab: z.string(),
  /** The network's name within the lab. */
  key: z.string(),
  /** The Open vSwitch bridge it is on was made with it, and goes with it. */
  madeSwitch: z.boolean(),
});
export type LabMark = z.infer<typeof labMarkSchema>;
