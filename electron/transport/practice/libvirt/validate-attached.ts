import { LibvirtError } from './libvirt-error';
import type { NetworkDefinition, XmlNode } from './network-definition';

/** What libvirt 9.0 says to networks that are only attached to something of the host (networkValidate, virNetworkDefParse). */

const attributeOf = (node: XmlNode | null, name: string): string | null => node?.attributes.find(([key]) => key === name)?.[1] ?? null;
const childOf = (node: XmlNode, name: string): XmlNode | null => node.children.find((child) => child.name === name) ?? null;

/** Rules of the parser: they come before all others. `given`: whether `<bridge>` was written with these. Throws LibvirtError. */
export function checkAttachedParts(definition: NetworkDefinition, given: { stp: boolean; delay: boolean }): void {
  const { name, forward, bridge } = definition;
  const mode = forward?.mode ?? 'none';
  if (bridge && mode !== 'bridge') throw new LibvirtError(`XML error: bridge name not allowed in ${mode} mode (network '${name}')`);
  if (bridge && (given.stp || given.delay || bridge.zone !== null)) {
    throw new LibvirtError(`XML error: bridge delay/stp/zone options only allowed in route, nat, and isolated mode, not in ${mode} (network '${name}')`);
  }
  if (bridge && forward && (forward.interfaces.length > 0 || forward.others.some((other) => other.name === 'pf'))) {
    throw new LibvirtError(`XML error: A network with forward mode='${mode}' can specify a bridge name or a forward dev, but not both (network '${name}')`);
  }
  if (definition.mtu !== null) throw new LibvirtError(`XML error: mtu size only allowed in open, route, nat, and isolated mode, not in ${mode} (network '${name}')`);
}

/** Elements that only networks of libvirt's own bridge may have. Throws LibvirtError. */
export function checkAttachedElements(definition: NetworkDefinition): void {
  const { name, forward, dns } = definition;
  const unsupported = (element: string): LibvirtError => new LibvirtError(`unsupported configuration: Unsupported <${element}> element in network ${name} with forward mode='${forward?.mode}'`);
  if (definition.mac !== null) throw unsupported('mac');
  if (definition.ips.length > 0) throw unsupported('ip');
  if (dns.hosts.length > 0 || dns.txt.length > 0 || dns.srv.length > 0) throw unsupported('dns');
  if (definition.domain) throw unsupported('domain');
}

/** Throws LibvirtError. */
export function checkPortgroups(definition: NetworkDefinition): void {
  const { name, forward, portgroups } = definition;
  const limitable = !definition.forward || definition.bridge !== null || ['nat', 'route', 'open'].includes(forward?.mode ?? '');
  let fallback: string | null = null;
  for (const [at, group] of portgroups.entries()) {
    const own = attributeOf(group, 'name') ?? '';
    if (attributeOf(group, 'default') === 'yes') {
      if (fallback !== null) throw new LibvirtError(`unsupported configuration: network '${name}' has multiple default <portgroup> elements (${fallback} and ${own}), but only one default is allowed`);
      fallback = own;
    }
    if (portgroups.slice(at + 1).some((other) => attributeOf(other, 'name') === own)) {
      throw new LibvirtError(`unsupported configuration: multiple <portgroup> elements with the same name (${own}) in network '${name}'`);
    }
    if (childOf(group, 'bandwidth') && !limitable) {
      throw new LibvirtError(`unsupported configuration: Unsupported <bandwidth> element in network '${name}' in portgroup '${own}' with forward mode='${forward?.mode}'`);
    }
  }
}

/** virNetDevVlanParse; several tags become a trunk without being asked. Throws LibvirtError. */
export function readVlanNode(vlan: XmlNode): XmlNode {
  const tags = vlan.children.filter((child) => child.name === 'tag');
  if (tags.length === 0) throw new LibvirtError('XML error: missing tag id - each <vlan> must have at least one <tag id=\'n\'/> subelement');
  for (const tag of tags) {
    const id = attributeOf(tag, 'id') ?? '';
    if (!/^\d+$/.test(id)) throw new LibvirtError('XML error: missing or invalid vlan tag id attribute');
    if (Number(id) > 4095) throw new LibvirtError(`XML error: vlan tag id ${id} too large (maximum 4095)`);
  }
  if (tags.filter((tag) => attributeOf(tag, 'nativeMode') !== null).length > 1) throw new LibvirtError('XML error: duplicate native vlan setting');
  const trunk = attributeOf(vlan, 'trunk');
  if (tags.length > 1 && trunk === 'no') throw new LibvirtError('XML error: invalid "trunk=\'no\'" in <vlan> - trunk=\'yes\' is required for more than one vlan tag');
  return tags.length > 1 || trunk === 'yes' ? { ...vlan, attributes: [['trunk', 'yes']] } : { ...vlan, attributes: [] };
}

/** virNetDevBandwidthParse: the `<bandwidth>` of a network or a portgroup can't promise a rate. Throws LibvirtError. */
export function readBandwidthNode(bandwidth: XmlNode): XmlNode {
  for (const side of bandwidth.children.filter((child) => attributeOf(child, 'floor') !== null)) {
    throw new LibvirtError(`unsupported configuration: ${side.name === 'outbound' ? '\'floor\' attribute allowed only in <inbound> element' : 'floor attribute is not supported for this config'}`);
  }
  return bandwidth;
}

/** A portgroup with its VLAN as libvirt keeps it. */
export function readPortgroupNode(group: XmlNode): XmlNode {
  const read = (child: XmlNode): XmlNode => (child.name === 'vlan' ? readVlanNode(child) : child.name === 'bandwidth' ? readBandwidthNode(child) : child);
  return { ...group, children: group.children.map(read) };
}
