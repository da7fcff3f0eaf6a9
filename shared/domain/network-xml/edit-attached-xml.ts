import type { Element } from '@xmldom/xmldom';
import type { AttachedSpec, MacvtapSpec, PortgroupSpec, SriovSpec, VlanSpec } from '../attached-spec';
import { setBandwidth } from '../bandwidth-xml';
import { AppError } from '../../errors/app-error';
import { insertElement, isEmptyElement, removeElement, setAttribute, setText } from '../xml/edit-element';
import type { NewElement } from '../xml/edit-element';
import { attribute, childElement, childElements, numberAttribute } from '../xml/read-element';
import { parseXml } from '../xml/parse-xml';
import { syncElements } from '../xml/sync-elements';
import { writeXml } from '../xml/xml-source';
import { forwardDevicesOf, newInterface, newPortgroup, newTag, newVlan, tagValues, trunkAttribute } from './attached-elements';
import { addToNetwork, ensureInNetwork, same, setChildText } from './edit-network-xml';
import { readAttachedRoot } from './read-attached-spec';

/**
 * The same document with what the form of an attached network shows set to `spec`, and nothing else touched: unknown
 * elements, attributes, comments and namespaces stay. A spec equal to what the document says gives back the identical text.
 * Throws as `readAttachedSpec` does, and `input.invalid` when the kind differs.
 */
export function editAttachedXml(xml: string, spec: AttachedSpec): string {
  const document = parseXml(xml);
  const root = document.documentElement;
  if (!root) throw new Error('A parsed document has a root');
  const current = readAttachedRoot(root, spec.autostart);
  if (current.kind !== spec.kind) throw new AppError('input.invalid', 'Another kind of network', `“${current.name}” is ${current.kind}, not ${spec.kind}.`);
  if (current.name !== spec.name) setText(ensureInNetwork(root, 'name'), spec.name);
  if (current.title !== spec.title) setChildText(root, 'title', spec.title);
  if (current.description !== spec.description) setChildText(root, 'description', spec.description);
  if ('bridge' in current && 'bridge' in spec && current.bridge !== spec.bridge) setAttribute(ensureInNetwork(root, 'bridge'), 'name', spec.bridge);
  if (current.kind === 'bridged' && spec.kind === 'bridged' && current.isolatedPorts !== spec.isolatedPorts) setIsolated(root, spec.isolatedPorts);
  if (current.kind === 'macvtap' && spec.kind === 'macvtap') setMacvtap(root, current, spec);
  if (current.kind === 'sriov' && spec.kind === 'sriov') setFunction(root, current, spec);
  if (!same(current.vlan, spec.vlan)) setVlan(root, spec.vlan, (made) => addToNetwork(root, made));
  if (!same(current.portgroups, spec.portgroups)) setPortgroups(root, spec.portgroups);
  return writeXml(document);
}

function setIsolated(root: Element, isolated: boolean): void {
  const port = childElement(root, 'port') ?? (isolated ? addToNetwork(root, { name: 'port' }) : null);
  if (!port) return;
  setAttribute(port, 'isolated', isolated ? 'yes' : null);
  if (isEmptyElement(port)) removeElement(port);
}

/** libvirt refuses a `dev` that is not the first `<interface>`. */
function setMacvtap(root: Element, current: MacvtapSpec, spec: MacvtapSpec): void {
  const forward = ensureInNetwork(root, 'forward');
  if (current.mode !== spec.mode) setAttribute(forward, 'mode', spec.mode);
  if (same(current.devices, spec.devices)) return;
  const listed = childElements(forward, 'interface');
  setAttribute(forward, 'dev', spec.devices[0] ?? null);
  // Written by hand with `dev` alone: that one attribute says it all.
  if (listed.length === 0 && forwardDevicesOf(forward).length > 0 && spec.devices.length === 1) return;
  syncElements({
    parent: forward, elements: listed.filter((child) => attribute(child, 'dev') !== null),
    keyOf: (element) => attribute(element, 'dev') ?? '', keyOfValue: (dev) => dev,
    update: (element, dev) => setAttribute(element, 'dev', dev), make: newInterface, reuse: true,
  }, spec.devices);
}

function setFunction(root: Element, current: SriovSpec, spec: SriovSpec): void {
  const forward = ensureInNetwork(root, 'forward');
  if (current.managed !== spec.managed) setAttribute(forward, 'managed', spec.managed ? 'yes' : null);
  const pf = childElement(forward, 'pf');
  if (pf && current.device !== spec.device) setAttribute(pf, 'dev', spec.device);
}

/** In a network or a portgroup; `add` puts a new `<vlan>` where libvirt has it. */
function setVlan(parent: Element, vlan: VlanSpec | null, add: (made: NewElement) => void): void {
  const element = childElement(parent, 'vlan');
  if (!vlan) {
    if (element) removeElement(element);
    return;
  }
  if (!element) {
    add(newVlan(vlan));
    return;
  }
  setAttribute(element, 'trunk', trunkAttribute(vlan));
  syncElements({
    parent: element, elements: childElements(element, 'tag'),
    keyOf: (tag) => String(numberAttribute(tag, 'id') ?? ''), keyOfValue: (tag) => String(tag.id),
    update: (tag, value) => {
      setAttribute(tag, 'id', value.id);
      setAttribute(tag, 'nativeMode', value.nativeMode);
    },
    make: newTag, reuse: true,
  }, tagValues(vlan));
}

/** A portgroup is found by its name, which is what machines call it by. */
function setPortgroups(root: Element, groups: readonly PortgroupSpec[]): void {
  const elements = childElements(root, 'portgroup');
  syncElements({
    parent: root, elements, before: childElements(root).find((element) => element.nodeName === 'dnsmasq:options') ?? null,
    keyOf: (element) => attribute(element, 'name') ?? '', keyOfValue: (group) => group.name, update: setPortgroup, make: newPortgroup,
  }, groups);
}

function setPortgroup(element: Element, group: PortgroupSpec): void {
  if ((attribute(element, 'default') === 'yes') !== group.isDefault) setAttribute(element, 'default', group.isDefault ? 'yes' : null);
  setVlan(element, group.vlan, (made) => insertElement(element, made, childElements(element)[0] ?? null));
  setBandwidth(element, group.bandwidth, (made) => insertElement(element, made));
}
