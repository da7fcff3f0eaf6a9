import { z } from 'zod';
import { hostInterfaceSchema, ovsBridgeSchema, routeSchema } from './host-network';
import { machineSchema } from './machine';
import { networkSchema } from './network';

/** How commands that need rights get them. `read-only`: libvirt answers reads only, writes are refused by polkit. */
export const privilegeSchema = z.enum(['root', 'sudo', 'sudo-without-password', 'doas', 'pkexec', 'libvirt-group', 'read-only']);
export type Privilege = z.infer<typeof privilegeSchema>;

export const networkStackSchema = z.enum(['NetworkManager', 'netplan', 'systemd-networkd', 'ifupdown', 'ifupdown2', 'wicked']);
export type NetworkStack = z.infer<typeof networkStackSchema>;

export const hostSystemSchema = z.object({
  hostname: z.string(),
  /** PRETTY_NAME of os-release(5). */
  osName: z.string(),
  kernel: z.string(),
  architecture: z.string(),
  /** Versions as `9.0.0`; null when the tool is not there. */
  libvirtVersion: z.string().nullable(),
  ovsVersion: z.string().nullable(),
  /** Every stack that is installed and active, the most likely owner of the uplink first. */
  networkStacks: z.array(networkStackSchema),
  /** Which of the tools the app may use exist on PATH, sorted. */
  tools: z.array(z.string()),
  ipv4Forwarding: z.boolean().nullable(),
  /** Whether its CPUs run guests (/dev/kvm). Absent: nobody has looked. */
  kvm: z.boolean().optional(),
});
export type HostSystem = z.infer<typeof hostSystemSchema>;

/** A part of the host that could not be read, and what to do about it; the rest of the snapshot is still true. */
export const hostProblemSchema = z.object({
  area: z.enum(['libvirt', 'ovs', 'interfaces', 'system', 'privilege']),
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  hint: z.string().optional(),
});
export type HostProblem = z.infer<typeof hostProblemSchema>;

/**
 * Everything the app knows of one host at one moment. Replaced as a whole: `revision` grows with every change the
 * service publishes for this host and never goes back.
 */
export const hostSnapshotSchema = z.object({
  hostId: z.string(),
  revision: z.number().int(),
  /** ISO 8601, this computer's clock. */
  takenAt: z.string(),
  system: hostSystemSchema,
  privilege: privilegeSchema,
  networks: z.array(networkSchema),
  machines: z.array(machineSchema),
  interfaces: z.array(hostInterfaceSchema),
  routes: z.array(routeSchema),
  ovsBridges: z.array(ovsBridgeSchema),
  problems: z.array(hostProblemSchema),
});
export type HostSnapshot = z.infer<typeof hostSnapshotSchema>;
