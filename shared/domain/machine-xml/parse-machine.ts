import type { Element } from '@xmldom/xmldom';
import { readRate } from '../bandwidth-xml';
import type { Machine, NicSettings } from '../machine';
import { readVlan } from '../network-xml/parse-network';
import { addressesByMac, firmwareFiles, keysIn } from '../router/router-files';
import { readRouterMark } from '../router/router-mark';
import { parseRoot } from '../xml/parse-xml';
import { attribute, childElement, childElements, numberAttribute, textOf } from '../xml/read-element';
import { readRoleMarks } from './role-marks-xml';

/** A NIC as one document says, without what else is known of it. */
export interface NicInXml extends NicSettings {
  /** Of a running machine. */
  alias: string | null;
  target: string | null;
}

/** What one document of `virsh dumpxml` says of a machine. */
export interface MachineDefinition extends Pick<Machine, 'uuid' | 'name' | 'title' | 'agent' | 'labRoles' | 'labRouter'> {
  nics: NicInXml[];
}

/**
 * Reads a `<domain>` document as far as its network goes (https://libvirt.org/formatdomain.html#network-interfaces).
 * Throws AppError `libvirt.xml-invalid`.
 */
export function parseMachine(xml: string): MachineDefinition {
  const root = parseRoot(xml, 'domain');
  const devices = childElement(root, 'devices');
  const labRouter = labRouterOf(root);
  return {
    uuid: textOf(childElement(root, 'uuid'))?.trim().toLowerCase() ?? '',
    name: textOf(childElement(root, 'name')) ?? '',
    title: textOf(childElement(root, 'title')),
    agent: devices ? agentOf(devices) : null,
    labRoles: readRoleMarks(root),
    ...labRouter ? { labRouter } : {},
    nics: interfaceElements(root).map(readNic),
  };
}

function labRouterOf(root: Element): Machine['labRouter'] {
  const mark = readRouterMark(root);
  if (!mark) return undefined;
  const { network = '', keys } = firmwareFiles(root);
  const addresses = [...addressesByMac(network)].flatMap(([mac, found]) => found.map((address) => ({ mac, address })));
  return { ...mark, addresses, ...keys === undefined ? {} : { keys: keysIn(keys) } };
}

/** The `<interface>` elements of a `<domain>`. */
export function interfaceElements(root: Element): Element[] {
  const devices = childElement(root, 'devices');
  return devices ? childElements(devices, 'interface') : [];
}

/** While the machine runs, libvirt says whether something in the guest has opened the agent's channel. */
function agentOf(devices: Element): Machine['agent'] {
  const target = childElements(devices, 'channel').map((channel) => childElement(channel, 'target'))
    .find((candidate) => attribute(candidate, 'name') === 'org.qemu.guest_agent.0');
  if (!target) return null;
  return attribute(target, 'state') === 'connected' ? 'connected' : 'disconnected';
}

/** One `<interface>`. MACs in lower case. */
export function readNic(nic: Element): NicInXml {
  const type = attribute(nic, 'type') ?? '';
  const source = childElement(nic, 'source');
  const bandwidth = childElement(nic, 'bandwidth');
  // While it runs, a NIC on a network shows the type the network made of it, and still names the network.
  return {
    mac: attribute(childElement(nic, 'mac'), 'address')?.toLowerCase() ?? '',
    type,
    network: attribute(source, 'network'),
    portgroup: attribute(source, 'portgroup'),
    bridge: attribute(source, 'bridge'),
    isOvs: attribute(childElement(nic, 'virtualport'), 'type') === 'openvswitch',
    hostDevice: hostDevice(type, source),
    directMode: type === 'direct' ? attribute(source, 'mode') : null,
    model: attribute(childElement(nic, 'model'), 'type'),
    link: attribute(childElement(nic, 'link'), 'state') === 'down' ? 'down' : 'up',
    vlan: readVlan(childElement(nic, 'vlan')),
    bandwidth: { inbound: readRate(bandwidth, 'inbound'), outbound: readRate(bandwidth, 'outbound') },
    isolatedPort: attribute(childElement(nic, 'port'), 'isolated') === 'yes',
    bootOrder: numberAttribute(childElement(nic, 'boot'), 'order'),
    pciAddress: pciAddress(childElements(nic, 'address').find((address) => attribute(address, 'type') === 'pci') ?? null),
    alias: attribute(childElement(nic, 'alias'), 'name'),
    target: attribute(childElement(nic, 'target'), 'dev'),
  };
}

/** The NIC below a macvtap, or the PCI address (as lspci -D prints it) of one that is passed through. */
function hostDevice(type: string, source: Element | null): string | null {
  return type === 'hostdev' ? pciAddress(childElement(source, 'address')) ?? attribute(source, 'dev') : attribute(source, 'dev');
}

function pciAddress(pci: Element | null): string | null {
  if (!pci) return null;
  const part = (name: string, width: number): string =>
    (attribute(pci, name) ?? '0').replace(/^0x/i, '').padStart(width, '0');
  return `${part('domain', 4)}:${part('bus', 2)}:${part('slot', 2)}.${part('function', 1)}`;
}
