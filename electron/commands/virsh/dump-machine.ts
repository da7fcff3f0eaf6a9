import type { Element } from '@xmldom/xmldom';
import type { Machine, MachineNic } from '../../../shared/domain/machine';
import { readVlan } from '../../../shared/domain/network-xml/parse-network';
import { parseRoot } from '../../../shared/domain/xml/parse-xml';
import { attribute, childElement, childElements, textOf } from '../../../shared/domain/xml/read-element';

/** What `virsh dumpxml` says of a machine; the rest of `Machine` comes from the lists. */
export type MachineDefinition = Pick<Machine, 'uuid' | 'name' | 'title' | 'nics'>;

/** For the persistent virsh. Without `inactive`: the running definition where there is one. Source: virsh(1), dumpxml. */
export function dumpMachineArgv(uuid: string, options: { inactive: boolean }): string[] {
  return options.inactive ? ['dumpxml', '--inactive', uuid] : ['dumpxml', uuid];
}

/**
 * Reads a `<domain>` document as far as its network goes (https://libvirt.org/formatdomain.html#network-interfaces).
 * NICs have no addresses yet. Throws AppError `libvirt.xml-invalid`.
 */
export function parseMachine(xml: string): MachineDefinition {
  const root = parseRoot(xml, 'domain');
  const devices = childElement(root, 'devices');
  return {
    uuid: textOf(childElement(root, 'uuid'))?.trim().toLowerCase() ?? '',
    name: textOf(childElement(root, 'name')) ?? '',
    title: textOf(childElement(root, 'title')),
    nics: devices ? childElements(devices, 'interface').map(readNic) : [],
  };
}

function readNic(nic: Element): MachineNic {
  const type = attribute(nic, 'type') ?? '';
  const source = childElement(nic, 'source');
  // While it runs, a NIC on a network shows the type the network made of it, and still names the network.
  return {
    mac: attribute(childElement(nic, 'mac'), 'address')?.toLowerCase() ?? '',
    type,
    network: attribute(source, 'network'),
    portgroup: attribute(source, 'portgroup'),
    bridge: attribute(source, 'bridge'),
    hostDevice: hostDevice(type, source),
    model: attribute(childElement(nic, 'model'), 'type'),
    target: attribute(childElement(nic, 'target'), 'dev'),
    link: attribute(childElement(nic, 'link'), 'state') === 'down' ? 'down' : 'up',
    vlan: readVlan(childElement(nic, 'vlan')),
    addresses: [],
  };
}

/** The NIC below a macvtap, or the PCI address (as lspci -D prints it) of one that is passed through. */
function hostDevice(type: string, source: Element | null): string | null {
  const pci = childElement(source, 'address');
  if (type === 'hostdev' && pci) {
    const part = (name: string, width: number): string =>
      (attribute(pci, name) ?? '0').replace(/^0x/i, '').padStart(width, '0');
    return `${part('domain', 4)}:${part('bus', 2)}:${part('slot', 2)}.${part('function', 1)}`;
  }
  return attribute(source, 'dev');
}
