import type { MachineNic, NicSettings } from '../machine';
import { isFromPool } from './is-from-pool';
import { placeOf } from './nic-place';
import type { NicInXml } from './parse-machine';

/**
 * The NICs of a machine that is on, each with how its next boot differs; `next` null: there is no definition. A NIC is the
 * same one in both by its MAC, else by its place on the guest's PCI bus when it is plugged in as before: then only the MAC changes.
 */
export function joinNics(running: readonly NicInXml[], next: readonly NicInXml[] | null): MachineNic[] {
  if (next === null) return running.map((nic) => made(nic, null, null));
  const left = [...next];
  const take = (matches: (nic: NicInXml) => boolean): NicInXml | null => {
    const at = left.findIndex(matches);
    return at < 0 ? null : left.splice(at, 1)[0] ?? null;
  };
  const byMac = running.map((nic) => take((other) => other.mac === nic.mac && other.pciAddress === nic.pciAddress)
    ?? take((other) => other.mac === nic.mac));
  const joined = running.map((nic, at) => {
    const twin = byMac[at] ?? (nic.pciAddress === null ? null : take((other) => other.pciAddress === nic.pciAddress && other.model === nic.model && placeOf(other) === placeOf(nic)));
    if (!twin) return made(nic, 'removed', null);
    const named = isFromPool(nic, twin) ? { ...nic, network: twin.network } : nic;
    return sameNic(named, twin) ? made(named, null, null) : made(named, 'changed', twin);
  });
  return [...joined, ...left.map((nic) => made({ ...nic, alias: null, target: null }, 'added', null))];
}

/** A machine that is off has only its definition. */
export function nicsOfDefinition(nics: readonly NicInXml[]): MachineNic[] {
  return nics.map((nic) => made(nic, null, null));
}

function made(nic: NicInXml, pending: MachineNic['pending'], next: NicInXml | null): MachineNic {
  return { ...nic, addresses: [], seenOn: null, pending, next: next && settingsOf(next) };
}

/** Without what only a running one has. */
export function settingsOf({ alias: _alias, target: _target, ...settings }: NicInXml): NicSettings {
  return settings;
}

/**
 * Whether the next boot gives the same NIC. A running NIC on a network also shows what it got from there: type, bridge,
 * VLAN, virtual port and, by its portgroup, bandwidth. Those are compared only where the definition says them itself.
 */
function sameNic(running: NicInXml, next: NicInXml): boolean {
  const onNetwork = next.network !== null;
  const places = onNetwork
    ? running.network === next.network && running.portgroup === next.portgroup
    : running.network === null && running.type === next.type && running.bridge === next.bridge && running.hostDevice === next.hostDevice
      && running.directMode === next.directMode && running.isOvs === next.isOvs;
  return places && running.mac === next.mac && running.model === next.model && running.link === next.link
    && (onNetwork && next.vlan === null || same(running.vlan, next.vlan))
    && (next.portgroup !== null && isUnlimited(next) || same(running.bandwidth, next.bandwidth))
    && (onNetwork || running.isolatedPort === next.isolatedPort) && running.bootOrder === next.bootOrder;
}

const isUnlimited = ({ bandwidth }: NicInXml): boolean => bandwidth.inbound === null && bandwidth.outbound === null;

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
