import type { HostInterface } from '../host-network';
import { linkOf } from './facts';

/** The device that carries the session; null: none has its address. */
export function sessionDevice(facts: { links: readonly HostInterface[]; session: { address: string } | null }): string | null {
  const address = facts.session?.address.toLowerCase();
  return facts.links.find((link) => link.addresses.some((entry) => entry.address.toLowerCase() === address))?.name ?? null;
}

/** A device with everything below it: a VLAN's NIC, a bond's NICs, a bridge's ports. The device itself comes first. */
export function lowerDevices(facts: { links: readonly HostInterface[] }, name: string, seen: readonly string[] = []): string[] {
  const link = linkOf(facts, name);
  if (!link || seen.includes(name)) return [];
  const below = [...link.parent === null ? [] : [link.parent], ...facts.links.filter(({ controller }) => controller === name).map((port) => port.name)];
  return [name, ...below.flatMap((lower) => lowerDevices(facts, lower, [...seen, name]))];
}
