import { z } from 'zod';
import { roleMarkSchema } from './labs/role-mark';
import { vlanSchema } from './network';
import { labRouterMarkSchema } from './router/router-mark';

/** A libvirt domain (virtual machine), as far as its network goes. Source: https://libvirt.org/formatdomain.html#network-interfaces */

export const machineStateSchema = z.enum(['running', 'paused', 'shutting-down', 'shut-off', 'crashed', 'suspended', 'unknown']);
export type MachineState = z.infer<typeof machineStateSchema>;

/** Where a NIC's address is known from; shown with the address, for each source can be wrong in its own way. */
export const addressSourceSchema = z.enum(['lease', 'arp', 'agent', 'static-lease', 'definition']);

const amount = z.number().nonnegative().nullable();
/** Kilobytes (1000 bytes) per second, KiB of burst, as the XML has them; null where it says nothing. */
const nicRateSchema = z.object({ averageKBps: amount, peakKBps: amount, burstKiB: amount });
export type NicRate = z.infer<typeof nicRateSchema>;

/** What `<interface>` says of a NIC, in the running machine or in its definition. */
export const nicSettingsSchema = z.object({
  mac: z.string(),
  /** `<interface type=…>`. */
  type: z.string(),
  /** Set when plugged into a libvirt network. */
  network: z.string().nullable(),
  portgroup: z.string().nullable(),
  /** Bridge it is (or, for a network, will be) a port of; null when unknown. */
  bridge: z.string().nullable(),
  /** True for a port of an Open vSwitch bridge (`<virtualport type='openvswitch'>`). */
  isOvs: z.boolean(),
  /** Host device of a direct (macvtap) or hostdev NIC. */
  hostDevice: z.string().nullable(),
  /** Of a direct NIC: `bridge`, `private`, `vepa` or `passthrough`. */
  directMode: z.string().nullable(),
  model: z.string().nullable(),
  link: z.enum(['up', 'down']),
  vlan: vlanSchema.nullable(),
  /** As the machine sees it: `inbound` is what it receives. */
  bandwidth: z.object({ inbound: nicRateSchema.nullable(), outbound: nicRateSchema.nullable() }),
  /** `<port isolated='yes'>`: it can't talk to other isolated ports of its bridge. */
  isolatedPort: z.boolean(),
  /** `<boot order>`; null: the machine doesn't boot from it by itself. */
  bootOrder: z.number().nullable(),
  /** Where the guest finds it, as `lspci -D` prints it: `0000:01:00.0`; null before libvirt has given it a place. */
  pciAddress: z.string().nullable(),
});
export type NicSettings = z.infer<typeof nicSettingsSchema>;

export const machineNicSchema = nicSettingsSchema.extend({
  /** libvirt's own name of it while running, for example `net0`. */
  alias: z.string().nullable(),
  /** The tap on the host while running, for example `vnet3`. */
  target: z.string().nullable(),
  addresses: z.array(z.object({ address: z.string(), source: addressSourceSchema, expiresAt: z.string().nullable() })),
  /**
   * The port whose Linux bridge has its MAC in the forwarding table: it has sent something there in the last minutes (the bridge's
   * ageing time, five by default). Usually its own tap; another one means that its MAC is there twice. Null: not seen.
   */
  seenOn: z.object({ port: z.string(), bridge: z.string() }).nullable(),
  /**
   * Of a machine that is on and persistent: how its next boot differs. `added`: it has this NIC only then; `removed`: not
   * any more; `changed`: as `next` says (its MAC may be another, too). Null: no difference.
   */
  pending: z.enum(['added', 'removed', 'changed']).nullable(),
  next: nicSettingsSchema.nullable(),
});
export type MachineNic = z.infer<typeof machineNicSchema>;

export const machineSchema = z.object({
  uuid: z.string(),
  name: z.string(),
  title: z.string().nullable(),
  state: machineStateSchema,
  autostart: z.boolean(),
  persistent: z.boolean(),
  /** Of the QEMU guest agent's channel while the machine is on; null: it has none. */
  agent: z.enum(['connected', 'disconnected']).nullable(),
  /** The labs it is part of, as its metadata says. */
  labRoles: z.array(roleMarkSchema).default([]),
  /** The lab that made it to route between its networks, as its definition says. Absent: none. */
  labRouter: labRouterMarkSchema.optional(),
  /** Those of the running machine in its order, then those that only its next boot has (`pending: 'added'`). */
  nics: z.array(machineNicSchema),
});
export type Machine = z.infer<typeof machineSchema>;
