import { z } from 'zod';
import { vlanSchema } from './network';

/** A libvirt domain (virtual machine), as far as its network goes. Source: https://libvirt.org/formatdomain.html#network-interfaces */

export const machineStateSchema = z.enum(['running', 'paused', 'shutting-down', 'shut-off', 'crashed', 'suspended', 'unknown']);
export type MachineState = z.infer<typeof machineStateSchema>;

/** Where a NIC's address is known from; shown with the address, for each source can be wrong in its own way. */
export const addressSourceSchema = z.enum(['lease', 'arp', 'agent', 'static-lease']);

export const machineNicSchema = z.object({
  mac: z.string(),
  /** `<interface type=…>`. */
  type: z.string(),
  /** Set when plugged into a libvirt network. */
  network: z.string().nullable(),
  portgroup: z.string().nullable(),
  /** Bridge it is (or, for a network, will be) a port of; null when unknown. */
  bridge: z.string().nullable(),
  /** Host device of a direct (macvtap) or hostdev NIC. */
  hostDevice: z.string().nullable(),
  model: z.string().nullable(),
  /** The tap on the host while running, for example `vnet3`. */
  target: z.string().nullable(),
  link: z.enum(['up', 'down']),
  vlan: vlanSchema.nullable(),
  addresses: z.array(z.object({ address: z.string(), source: addressSourceSchema, expiresAt: z.string().nullable() })),
});
export type MachineNic = z.infer<typeof machineNicSchema>;

export const machineSchema = z.object({
  uuid: z.string(),
  name: z.string(),
  title: z.string().nullable(),
  state: machineStateSchema,
  autostart: z.boolean(),
  persistent: z.boolean(),
  nics: z.array(machineNicSchema),
});
export type Machine = z.infer<typeof machineSchema>;
