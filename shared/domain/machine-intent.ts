import { z } from 'zod';
import { macSchema, uuidSchema } from './address';
import { bandwidthSchema } from './bandwidth';

/**
 * What a user may want of a machine's NICs and power. A NIC is called by its MAC, which is what people see in every table
 * and what libvirt itself goes by (`detach-interface --mac`). Source: https://libvirt.org/formatdomain.html#network-interfaces
 */

const deviceName = z.string().min(1).max(15);

/** Where the other end of the cable is: `<interface type=…>` with its `<source>`. */
export const nicSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('network'), network: z.string().min(1).max(64), portgroup: z.string().min(1).max(64).nullable() }),
  /** A bridge of the host, past any libvirt network; an Open vSwitch bridge takes `<virtualport type='openvswitch'/>`. */
  z.object({ kind: z.literal('bridge'), bridge: deviceName, isOvs: z.boolean() }),
  z.object({ kind: z.literal('direct'), device: deviceName, mode: z.enum(['bridge', 'private', 'vepa', 'passthrough']) }),
]);
export type NicSource = z.infer<typeof nicSourceSchema>;

/** A NIC as the form shows it; what its XML holds beyond this (boot order, address, driver, …) stays. */
export const nicSpecSchema = z.object({
  source: nicSourceSchema,
  mac: macSchema,
  /** `<model type>`: `virtio`, `e1000e`, …; null: the hypervisor's own choice. */
  model: z.string().regex(/^[A-Za-z0-9_.-]{1,40}$/, 'A model like virtio or e1000e').nullable(),
  linkUp: z.boolean(),
  bandwidth: bandwidthSchema,
});
export type NicSpec = z.infer<typeof nicSpecSchema>;

/** `running`: the machine as it runs, forgotten at its shutdown; `definition`: from its next boot on. */
export const nicExtentSchema = z.enum(['running', 'definition', 'both']);
export type NicExtent = z.infer<typeof nicExtentSchema>;

const nic = { uuid: uuidSchema, extent: nicExtentSchema };

export const machineIntents = [
  z.object({ kind: z.literal('machine.attach'), ...nic, nic: nicSpecSchema }),
  z.object({ kind: z.literal('machine.detach'), ...nic, mac: macSchema }),
  /** Moves a NIC to another network, or changes its model, MAC, link or bandwidth. `mac`: the NIC as it is now. */
  z.object({ kind: z.literal('machine.change-nic'), ...nic, mac: macSchema, nic: nicSpecSchema }),
  z.object({ kind: z.literal('machine.start'), uuid: uuidSchema }),
  /** Asks the guest to shut down (ACPI), which it may take its time for, or ignore. */
  z.object({ kind: z.literal('machine.shut-down'), uuid: uuidSchema }),
  /** Pulls the plug: what the guest has not written is lost. */
  z.object({ kind: z.literal('machine.force-off'), uuid: uuidSchema }),
] as const;
