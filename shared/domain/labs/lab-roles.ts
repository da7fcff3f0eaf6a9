import { isAddressed } from '../network-kinds';
import type { LabFile } from './lab-file';
import type { LabIntent } from '../intent';

/** A role of a lab as its file says it. */
export interface LabRole {
  role: string;
  title: string | null;
  /** The machine that plays it, by its name; null: it is open. */
  player: string | null;
  /** What it has a NIC on, by the network's name within the lab. `address`: as the file says; null: none. */
  places: { network: string; portgroup: string | null; address: string | null }[];
}

export function rolesOfFile(file: LabFile): LabRole[] {
  return Object.entries(file.machines).map(([role, { title, machine, nics }]) => ({
    role, title: title ?? null, player: machine ?? null,
    places: nics.map((nic) => ({ network: nic.network, portgroup: nic.portgroup ?? null, address: nic.address ?? null })),
  }));
}

/** A NIC that a machine gets with a role, or has already. */
export interface RoleNicOutlook {
  network: string;
  portgroup: string | null;
  mac: string;
  /** The machine has it: nothing is plugged in. */
  isThere: boolean;
  /** Reserved for it, and known to DNS by `name`; null: nothing is. */
  reserved: { address: string; name: string | null } | null;
}

/** What a machine has on a lab's networks once it plays a role of it. `machine`: as it is. */
export function outlookOfRole(intent: Extract<LabIntent, { kind: 'lab.apply' }>, machine: { uuid: string; nics: readonly { mac: string }[] }): RoleNicOutlook[] {
  const nics = intent.machines.find(({ uuid }) => uuid.toLowerCase() === machine.uuid.toLowerCase())?.nics ?? [];
  return nics.map(({ key, network, portgroup, mac }) => {
    const spec = intent.networks.find((item) => item.key === key)?.spec;
    const lease = spec && isAddressed(spec) ? spec.ipv4?.dhcp?.hosts.find((host) => host.mac.toLowerCase() === mac) : undefined;
    return { network, portgroup, mac, isThere: machine.nics.some((nic) => nic.mac === mac), reserved: lease ? { address: lease.ip, name: lease.name } : null };
  });
}
