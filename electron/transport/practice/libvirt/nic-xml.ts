import type { Element } from '@xmldom/xmldom';
import { attribute, childElement, childElements } from '../../../../shared/domain/xml/read-element';
import { escapeXml } from '../../../../shared/domain/xml/xml-source';
import type { HostState, NicState, RunningNic } from '../host-state';
import type { World } from '../world';
import { findNetwork } from './define-network';
import { formatNode } from './format-network';
import { LibvirtError } from './libvirt-error';
import type { NetworkDefinition, XmlNode } from './network-definition';
import { toXmlNode } from './read-document';

/** Where a NIC sits: one bus for each, as on the q35 machine. `at`: its place in the list, for states that know no bus. */
const busOf = (nic: NicState, at: number): number => nic.bus ?? at + 1;
const hex = (bus: number): string => bus.toString(16).padStart(2, '0');
const pciAddress = (bus: number): string => `      <address type='pci' domain='0x0000' bus='0x${hex(bus)}' slot='0x00' function='0x0'/>`;

/** As libvirt finds NICs in error messages. */
export const addressOf = (nic: NicState, at: number): string => `0000:${hex(busOf(nic, at))}:00.0`;

/** Every NIC with a bus of its own; those that have one keep it. */
export function placed<T extends NicState>(nics: readonly T[]): T[] {
  const taken = new Set(nics.flatMap((nic) => (nic.bus === undefined ? [] : [nic.bus])));
  return nics.map((nic) => {
    if (nic.bus !== undefined) return nic;
    let bus = 1;
    while (taken.has(bus)) bus += 1;
    taken.add(bus);
    return { ...nic, bus };
  });
}

export function formatNic(nic: NicState, at: number): string[] {
  const portgroup = nic.portgroup === null ? '' : ` portgroup='${escapeXml(nic.portgroup)}'`;
  return [
    `    <interface type='${nic.type}'>`,
    `      <mac address='${nic.mac}'/>`,
    `      <source ${nic.type}='${escapeXml(nic.source)}'${portgroup}/>`,
    ...bandwidthLines(nic),
    `      <model type='${nic.model}'/>`,
    ...(nic.linkDown ? ['      <link state=\'down\'/>'] : []),
    pciAddress(busOf(nic, at)),
    '    </interface>',
  ];
}

/** As libvirt shows a NIC of a running machine: with tap, bridge and port, a bridged one with its own type. */
export function formatRunningNic(state: HostState, nic: RunningNic, at: number): string[] {
  const definition = nic.type === 'network' ? findNetwork(state, nic.source)?.running ?? null : null;
  const type = definition?.forward?.mode === 'bridge' ? 'bridge' : nic.type;
  const portgroup = nic.portgroup === null ? '' : ` portgroup='${escapeXml(nic.portgroup)}'`;
  const place = nic.type === 'network'
    ? `network='${escapeXml(nic.source)}'${portgroup} portid='${nic.portId ?? ''}' bridge='${escapeXml(nic.bridge ?? '')}'`
    : `bridge='${escapeXml(nic.source)}'`;
  const vlan = vlanFor(definition, nic.portgroup);
  const isOvs = isOvsNetwork(definition);
  return [
    `    <interface type='${type}'>`,
    `      <mac address='${nic.mac}'/>`,
    `      <source ${place}/>`,
    ...(isOvs && vlan ? formatNode(vlan).map((line) => `      ${line}`) : []),
    ...(isOvs ? ['      <virtualport type=\'openvswitch\'>', `        <parameters interfaceid='${nic.portId ?? ''}'/>`, '      </virtualport>'] : []),
    ...bandwidthLines(nic),
    `      <target dev='${nic.target}'/>`,
    `      <model type='${nic.model}'/>`,
    ...(nic.linkDown ? ['      <link state=\'down\'/>'] : []),
    `      <alias name='${nic.alias ?? `net${at}`}'/>`,
    pciAddress(busOf(nic, at)),
    '    </interface>',
  ];
}

function bandwidthLines({ bandwidth }: NicState): string[] {
  if (!bandwidth) return [];
  const rate = ({ name, attributes }: XmlNode): string => `        <${name}${attributes.map(([key, value]) => ` ${key}='${escapeXml(value)}'`).join('')}/>`;
  return ['      <bandwidth>', ...bandwidth.children.map(rate), '      </bandwidth>'];
}

/** Reads an `<interface>`. Throws LibvirtError. */
export function parseNic(world: World, nic: Element): NicState {
  const source = childElement(nic, 'source');
  const type = attribute(nic, 'type');
  if (type !== 'network' && type !== 'bridge') throw new LibvirtError(`unsupported configuration: the practice host has no interfaces of type '${type ?? ''}'`);
  if (!source) throw new LibvirtError(`XML error: interface type='${type}' requires a 'source' element`);
  const mac = attribute(childElement(nic, 'mac'), 'address')?.toLowerCase() ?? world.newMac();
  if (Number.parseInt(mac.slice(0, 2), 16) % 2 === 1) throw new LibvirtError(`XML error: expected unicast mac address, found multicast '${mac}'`);
  const address = childElements(nic, 'address').find((each) => attribute(each, 'type') === 'pci');
  const bandwidth = childElement(nic, 'bandwidth');
  return {
    type, source: attribute(source, type) ?? '', portgroup: attribute(source, 'portgroup'), mac,
    model: attribute(childElement(nic, 'model'), 'type') ?? 'rtl8139', linkDown: attribute(childElement(nic, 'link'), 'state') === 'down',
    ...address ? { bus: Number(attribute(address, 'bus') ?? 0) } : {},
    ...bandwidth && childElements(bandwidth).length > 0 ? { bandwidth: toXmlNode(bandwidth) } : {},
  };
}

export function isOvsNetwork(definition: NetworkDefinition | null): boolean {
  return definition?.virtualPort?.attributes.some(([key, value]) => key === 'type' && value === 'openvswitch') ?? false;
}

/** The `<vlan>` that the portgroup (the default one when none is named) or the network gives. */
export function vlanFor(definition: NetworkDefinition | null, portgroup: string | null): XmlNode | null {
  const groups = definition?.portgroups ?? [];
  const has = (name: string, value: string) => groups.find((group) => group.attributes.some(([key, given]) => key === name && given === value));
  const group = portgroup === null ? has('default', 'yes') : has('name', portgroup);
  return group?.children.find((child) => child.name === 'vlan') ?? definition?.vlan ?? null;
}
