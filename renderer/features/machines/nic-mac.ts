import type { FieldIssue } from '../../../shared/domain/nat-spec';
import { proposeMac } from '../../../shared/domain/propose-mac';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import { normalizeMac } from './nic-draft';

/** Who has a MAC address. `host` null: on the host at hand. `machine`: a NIC of that machine. */
export interface MacUse { mac: string; host: string | null; what: string; machine: string | null }

type Known = Pick<HostSnapshot, 'machines' | 'networks' | 'interfaces'>;

/** Every MAC address a snapshot holds: machines' NICs now and at their next boot, bridges of networks, devices of the host. */
function usesOf(snapshot: Known, host: string | null): MacUse[] {
  const taps = new Set(snapshot.machines.flatMap((machine) => machine.nics.map((nic) => nic.target)));
  return [
    ...snapshot.machines.flatMap((machine) => machine.nics.flatMap((nic) =>
      [nic.mac, ...nic.next && nic.next.mac !== nic.mac ? [nic.next.mac] : []].map((mac) => ({ mac, host, what: machine.name, machine: machine.uuid })))),
    ...snapshot.networks.flatMap((network) => (network.mac ? [{ mac: network.mac, host, what: `the bridge of network ${network.name}`, machine: null }] : [])),
    ...snapshot.interfaces.flatMap((device) => (device.mac && !taps.has(device.name) && !device.mac.startsWith('00:00:00:00:00') ? [{ mac: device.mac, host, what: device.name, machine: null }] : [])),
  ].map((use) => ({ ...use, mac: use.mac.toLowerCase() }));
}

/** Uses on the host at hand, then those on other known hosts; a device with a network's bridge on it counts once. */
export function macUses(own: Known, others: readonly { name: string; snapshot: Known }[]): MacUse[] {
  return [...usesOf(own, null), ...others.flatMap((other) => usesOf(other.snapshot, other.name))];
}

/**
 * What is wrong with a MAC address for a NIC. An address is refused where libvirt or Ethernet would refuse it and where
 * another machine of this host has it; elsewhere it is only a warning, since two hosts needn't share a LAN.
 * Sources: IEEE 802 (group bit), libvirt's virnetdevtap.c (0xFE is its own end of the cable).
 *
 * @param original the NIC's own address when it is edited, else null
 */
export function macIssues(text: string, uses: readonly MacUse[], original: { machine: string; mac: string } | null, hostName: string): FieldIssue[] {
  const path = 'mac';
  const error = (message: string): FieldIssue[] => [{ path, message, severity: 'error' }];
  const mac = normalizeMac(text);
  if (mac === '') return error('A MAC address is needed.');
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(mac)) return error(`“${text.trim()}” is not a MAC address. Write six pairs, like 52:54:00:12:34:56.`);
  const first = Number.parseInt(mac.slice(0, 2), 16);
  if (mac === '00:00:00:00:00:00') return error('All zeros is nobody’s address.');
  if (first % 2 === 1) return error(`${mac} is a group address (its first byte is odd), which no NIC can have.`);
  if (first === 0xfe) return error('Addresses that begin with fe: are what libvirt gives to the host’s end of a cable. Choose another beginning.');
  if (original !== null && normalizeMac(original.mac) === mac) return [];
  const here = uses.find((use) => use.host === null && use.mac === mac);
  if (here) return error(here.machine !== null && here.machine === original?.machine ? 'Another NIC of this machine has it.' : `${here.what} on ${hostName} has it already.`);
  const there = uses.find((use) => use.mac === mac);
  return there ? [{ path, message: `${there.what} on ${there.host} has it already. On one LAN both would lose packets.`, severity: 'warning' }] : [];
}

/** A free address in QEMU’s and KVM’s own range. */
export const freeMac = (uses: readonly MacUse[]): string => proposeMac(uses.map((use) => use.mac), () => [...crypto.getRandomValues(new Uint8Array(3))]);
