import { z } from 'zod';
import { ipSchema, macSchema } from '../address';
import { nicSpecSchema } from '../machine-intent';
import { labKeySchema } from './lab-mark';

/** A NIC of a role as a lab file asks for it. */
export const labNicSchema = z.strictObject({
  network: labKeySchema.describe('A network of this file'),
  portgroup: z.string().min(1).max(64).optional().describe('A portgroup of that network. Left out: its default'),
  mac: macSchema.optional().describe('Left out: one that stays'),
  model: nicSpecSchema.shape.model.unwrap().default('virtio'),
  address: ipSchema.optional().describe('Reserved for it where the host hands out addresses on that network; elsewhere a note of what the guest is given'),
});
export type LabNic = z.output<typeof labNicSchema>;

/** A role: a place in the lab for a machine. */
export const labMachineSchema = z.strictObject({
  title: z.string().max(200, 'At most 200 characters').optional(),
  machine: z.string().min(1).max(255).optional().describe('The machine that plays it, by its name on the host. Left out: the role is open'),
  nics: z.array(labNicSchema).min(1, 'A role needs a NIC').max(32, 'At most 32 NICs'),
});
