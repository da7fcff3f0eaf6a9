import type { Element } from '@xmldom/xmldom';
import { attribute, childElements, textOf } from '../xml/read-element';

/** What a definition gives a router through qemu's firmware configuration is below this (docs/specs/fw_cfg.rst of qemu, "opt/"). */
const folder = 'opt/netwright/';

export const firmwareName = (name: string): string => `${folder}${name}`;

/** The files that a `<domain>` gives its router, by name: their text, or the path of the file on the host that holds it. */
export function firmwareFiles(root: Element): Record<string, string> {
  const entries = childElements(root, 'sysinfo').filter((info) => attribute(info, 'type') === 'fwcfg').flatMap((info) => childElements(info, 'entry'));
  return Object.fromEntries(entries.map((entry) => [(attribute(entry, 'name') ?? '').replace(folder, ''), attribute(entry, 'file') ?? (textOf(entry) ?? '').trim()]));
}

/** Who may log in, a public key each, as the file `keys` of a jump box says. */
export function keysIn(text: string): string[] {
  return text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
}

/** The fixed addresses of a router, without prefixes, by the MAC of the NIC that has them: `network` is what its init reads (router-network.ts). */
export function addressesByMac(network: string): Map<string, string[]> {
  const lines = network.split('\n').map((line) => line.split(' '));
  const macs = new Map(lines.flatMap(([word, mac = '', device = '']) => (word === 'nic' ? [[device, mac] as const] : [])));
  const parents = new Map(lines.flatMap(([word, device = '', , parent = '']) => (word === 'vlan' ? [[device, parent] as const] : [])));
  const found = new Map<string, string[]>();
  for (const [word, device = '', cidr = ''] of lines) {
    const mac = word === 'address' ? macs.get(parents.get(device) ?? device) : undefined;
    if (mac !== undefined) found.set(mac, [...found.get(mac) ?? [], cidr.split('/')[0] ?? '']);
  }
  return found;
}
