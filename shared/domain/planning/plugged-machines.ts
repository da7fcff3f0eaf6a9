import type { Machine } from '../machine';
import { hasRoot } from '../privilege';
import type { HostSnapshot } from '../snapshot';

/** A running machine's cable: the tap on the host that belongs into the network's bridge. */
export interface Plug {
  machine: string;
  tap: string;
  /** Bytes; null when the host shows no such device. */
  mtu: number | null;
}

const alive = new Set<Machine['state']>(['running', 'paused', 'suspended', 'shutting-down']);

/** Taps of running machines on a libvirt network, by machine name and order of their NICs. */
export function plugsOf(snapshot: HostSnapshot, networkName: string): Plug[] {
  return snapshot.machines.filter((machine) => alive.has(machine.state)).flatMap((machine) =>
    machine.nics.flatMap((nic) => (nic.network === networkName && nic.target !== null
      ? [{ machine: machine.name, tap: nic.target, mtu: snapshot.interfaces.find((device) => device.name === nic.target)?.mtu ?? null }]
      : [])));
}

/** Names of machines with a NIC on the network: those that run, and the others. */
export function machinesOn(snapshot: HostSnapshot, networkName: string): { running: string[]; stopped: string[] } {
  const on = snapshot.machines.filter((machine) => machine.nics.some((nic) => nic.network === networkName));
  const names = (live: boolean): string[] => on.filter((machine) => alive.has(machine.state) === live).map((machine) => machine.name);
  return { running: names(true), stopped: names(false) };
}

/** Taps are the kernel's: group libvirt gives no right to touch them. */
export function mayPlug(snapshot: HostSnapshot): boolean {
  return hasRoot(snapshot);
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function listNames(names: readonly string[]): string {
  if (names.length <= 1) return names[0] ?? '';
  if (names.length <= 4) return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
  return `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}
