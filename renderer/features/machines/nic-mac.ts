import { proposeMac } from '../../../shared/domain/propose-mac';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import { macsOn } from '../../../shared/domain/validate-nic-spec';
import type { KnownMac } from '../../../shared/domain/validate-nic-spec';
import { normalizeMac } from './nic-draft';

/** MACs of machines on other known hosts, now and at their next boot. */
export function macsElsewhere(others: readonly { name: string; snapshot: Pick<HostSnapshot, 'machines'> }[]): KnownMac[] {
  return others.flatMap(({ name, snapshot }) => snapshot.machines.flatMap((machine) =>
    machine.nics.flatMap((nic) => [nic.mac, ...nic.next ? [nic.next.mac] : []].map((mac) => ({ mac, machine: machine.name, host: name })))));
}

/** Why what was typed is no MAC for a NIC at all; null when it is one. Who has it already is a question for `validateNicSpec`. */
export function macShapeProblem(text: string): string | null {
  const mac = normalizeMac(text);
  if (mac === '') return 'A MAC address is needed.';
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(mac)) return `“${text.trim()}” is not a MAC address. Write six pairs, like 52:54:00:12:34:56.`;
  // virnetdevtap.c: libvirt refuses them.
  return mac.startsWith('fe:') ? 'Addresses that begin with fe: are what libvirt gives to the host’s end of a cable. Choose another beginning.' : null;
}

/** A free address in QEMU’s and KVM’s own range. */
export const freeMac = (snapshot: HostSnapshot, elsewhere: readonly KnownMac[]): string =>
  proposeMac([...macsOn(snapshot).keys(), ...elsewhere.map(({ mac }) => mac)], () => [...crypto.getRandomValues(new Uint8Array(3))]);
