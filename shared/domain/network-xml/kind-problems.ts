import type { Element } from '@xmldom/xmldom';
import type { XmlProblem } from '../xml-problem';
import { attribute, childElement, childElements } from '../xml/read-element';
import { problemAt } from './xml-rule';

/**
 * What libvirt's network driver refuses for the kind of network (networkValidate in src/network/bridge_driver.c): libvirt
 * only tells when it defines, and then without a line.
 */
export function kindProblems(root: Element): XmlProblem[] {
  const forwards = childElements(root, 'forward');
  const forward = forwards[0] ?? null;
  const mode = forward ? attribute(forward, 'mode') ?? 'nat' : 'none';
  const isOwn = ['none', 'nat', 'route', 'open'].includes(mode);
  return [
    ...forwards.slice(1).map((other) => problemAt(other, 'error', 'A network has one <forward>.')),
    ...(isOwn ? ownProblems(root, mode) : foreignProblems(root, mode)),
    ...vlanProblems(root, mode), ...portgroupProblems(root), ...floorProblems(root),
  ];
}

/** Kinds whose bridge libvirt makes. */
function ownProblems(root: Element, mode: string): XmlProblem[] {
  const found: XmlProblem[] = [];
  const forward = childElement(root, 'forward');
  if (mode !== 'none' && childElements(root, 'ip').length === 0) {
    found.push(problemAt(forward, 'error', `A network with mode="${mode}" needs an <ip>: the host's own address on it.`));
  }
  if (mode === 'open' && attribute(forward, 'dev') !== null) found.push(problemAt(forward, 'error', 'An open network has no firewall rules, so “dev” can\'t confine it.'));
  for (const family of ['IPv4', 'IPv6'] as const) {
    const handing = childElements(root, 'ip').filter((ip) => (attribute(ip, 'address') ?? '').includes(':') === (family === 'IPv6') && childElement(ip, 'dhcp'));
    found.push(...handing.slice(1).map((ip) => problemAt(childElement(ip, 'dhcp'), 'error', `Only one ${family} address of a network can have <dhcp>.`)));
  }
  return found;
}

function foreignProblems(root: Element, mode: string): XmlProblem[] {
  const bridge = childElement(root, 'bridge');
  const found = childElements(root, 'ip').map((ip) => problemAt(ip, 'error', `A network with mode="${mode}" has no address of its own: libvirt makes no bridge, DHCP or DNS there. Take the <ip> out.`));
  const extra = ['stp', 'delay', 'zone'].filter((name) => attribute(bridge, name) !== null);
  if (extra.length > 0) found.push(problemAt(bridge, 'error', `${extra.join(', ')}: not for a bridge that libvirt doesn't make itself.`));
  if (mode === 'bridge' && !bridge && childElements(childElement(root, 'forward') ?? root, 'interface').length === 0) {
    found.push(problemAt(childElement(root, 'forward'), 'warning', 'mode="bridge" needs a <bridge name="…"/>, or an <interface dev="…"/> for macvtap.'));
  }
  return found;
}

function vlanProblems(root: Element, mode: string): XmlProblem[] {
  const portOf = (parent: Element): string | null => attribute(childElement(parent, 'virtualport'), 'type');
  // A port group's own <virtualport> stands for the network's, even where it names no type.
  const portFor = (parent: Element): string | null => portOf(childElement(parent, 'virtualport') ? parent : root);
  const taggable = (port: string | null): boolean => (mode === 'bridge' && port === 'openvswitch') || mode === 'hostdev' || mode === 'passthrough';
  const found: XmlProblem[] = [];
  for (const parent of [root, ...childElements(root, 'portgroup')]) {
    const vlan = childElement(parent, 'vlan');
    if (!vlan) continue;
    if (!taggable(portFor(parent))) found.push(problemAt(vlan, 'error', 'Only Open vSwitch networks (mode="bridge" with <virtualport type="openvswitch"/>) and SR-IOV pools can tag VLANs.'));
    for (const tag of childElements(vlan, 'tag')) {
      const id = attribute(tag, 'id') ?? '';
      if (!/^\d+$/.test(id) || Number(id) > 4095) found.push(problemAt(tag, 'error', `“${id}” is not a VLAN: 1 to 4094.`));
      else if (Number(id) === 0 || Number(id) === 4095) found.push(problemAt(tag, 'warning', `VLAN ${id} is reserved (IEEE 802.1Q); 1 to 4094 are for use.`));
    }
  }
  return found;
}

/** virNetDevBandwidthParse takes a `floor` of an `<interface>` only. */
function floorProblems(root: Element): XmlProblem[] {
  return [root, ...childElements(root, 'portgroup')].flatMap((parent) => childElements(parent, 'bandwidth')).flatMap((bandwidth) => childElements(bandwidth))
    .filter((side) => attribute(side, 'floor') !== null)
    .map((side) => problemAt(side, 'error', 'A promised rate (floor) is for the NIC of a machine, not for a network.'));
}

function portgroupProblems(root: Element): XmlProblem[] {
  const groups = childElements(root, 'portgroup');
  const found = groups.filter((group) => attribute(group, 'default') === 'yes').slice(1).map((group) => problemAt(group, 'error', 'Only one <portgroup> can be the default.'));
  const seen = new Set<string>();
  for (const group of groups) {
    const name = attribute(group, 'name') ?? '';
    if (seen.has(name)) found.push(problemAt(group, 'error', `A second port group “${name}”.`));
    seen.add(name);
  }
  return found;
}
