import type { Element } from '@xmldom/xmldom';
import { setBandwidth } from '../bandwidth-xml';
import type { NicSource, NicSpec } from '../machine-intent';
import { insertElement, removeElement, setAttribute } from '../xml/edit-element';
import type { NewElement } from '../xml/edit-element';
import { parseXml } from '../xml/parse-xml';
import { childElement, childElements } from '../xml/read-element';
import { attributesOf, writeElementXml } from '../xml/xml-source';
import { nicSpecOf } from './nic-spec-of';
import { readNic } from './parse-machine';

/** Order of virDomainNetDefFormat: a new element goes before the first one that libvirt prints after it. */
const nicOrder = [
  'mac', 'source', 'script', 'vlan', 'virtualport', 'bandwidth', 'target', 'model', 'driver', 'backend', 'filterref', 'boot', 'rom', 'tune', 'link', 'mtu',
  'coalesce', 'port', 'teaming', 'alias', 'address',
];

/** The `<interface>` element of a new NIC; libvirt gives it its place on the guest's bus. */
export function buildNicXml(spec: NicSpec): string {
  const nic = rootOf('<interface/>');
  setAttribute(nic, 'type', spec.source.kind);
  insertElement(nic, { name: 'mac', attributes: { address: spec.mac.toLowerCase() } });
  insertElement(nic, { name: 'source', attributes: sourceAttributes(spec.source) });
  if (isOvsBridge(spec.source)) insertElement(nic, { name: 'virtualport', attributes: { type: 'openvswitch' } });
  setBandwidth(nic, spec.bandwidth, (made) => add(nic, made));
  if (spec.model !== null) insertElement(nic, { name: 'model', attributes: { type: spec.model } });
  if (!spec.linkUp) insertElement(nic, { name: 'link', attributes: { state: 'down' } });
  return writeElementXml(nic);
}

/**
 * The same `<interface>` with what the form shows set to `spec`; boot order, address, driver, comments and unknown elements
 * stay. With another source go what belonged to the old one: `<vlan>`, `<virtualport>`. A spec equal to what it says gives
 * back the identical text. `forgetAddress`: libvirt chooses its place on the guest's bus anew. Throws when it is of a kind that no spec describes.
 */
export function editNicXml(xml: string, spec: NicSpec, { forgetAddress = false } = {}): string {
  const nic = rootOf(xml);
  const current = nicSpecOf(readNic(nic));
  if (!current) throw new Error('No spec describes this kind of NIC');
  if (!same(current.source, spec.source)) setSource(nic, spec.source);
  if (current.mac.toLowerCase() !== spec.mac.toLowerCase()) setAttribute(ensure(nic, 'mac'), 'address', spec.mac.toLowerCase());
  if (current.model !== spec.model) setModel(nic, spec.model);
  if (current.linkUp !== spec.linkUp) setLink(nic, spec.linkUp);
  if (!same(current.bandwidth, spec.bandwidth)) setBandwidth(nic, spec.bandwidth, (made) => add(nic, made));
  if (forgetAddress) for (const address of childElements(nic, 'address')) removeElement(address);
  return writeElementXml(nic);
}

function rootOf(xml: string): Element {
  const root = parseXml(xml).documentElement;
  if (!root) throw new Error('A parsed document has a root');
  return root;
}

const isOvsBridge = (source: NicSource): boolean => source.kind === 'bridge' && source.isOvs;

function sourceAttributes(source: NicSource): NonNullable<NewElement['attributes']> {
  switch (source.kind) {
    case 'network': return { network: source.network, portgroup: source.portgroup };
    case 'bridge': return { bridge: source.bridge };
    case 'direct': return { dev: source.device, mode: source.mode };
  }
}

function setSource(nic: Element, source: NicSource): void {
  setAttribute(nic, 'type', source.kind);
  const element = ensure(nic, 'source');
  const wanted = sourceAttributes(source);
  for (const [name] of attributesOf(element)) if (!wanted[name]) element.removeAttribute(name);
  for (const [name, value] of Object.entries(wanted)) setAttribute(element, name, value ?? null);
  for (const name of ['vlan', 'virtualport']) for (const old of childElements(nic, name)) removeElement(old);
  if (isOvsBridge(source)) add(nic, { name: 'virtualport', attributes: { type: 'openvswitch' } });
}

function setModel(nic: Element, model: string | null): void {
  const element = childElement(nic, 'model');
  if (model !== null) setAttribute(element ?? add(nic, { name: 'model' }), 'type', model);
  else if (element) removeElement(element);
}

/** Up is what libvirt assumes. */
function setLink(nic: Element, up: boolean): void {
  if (!up) setAttribute(ensure(nic, 'link'), 'state', 'down');
  else for (const element of childElements(nic, 'link')) removeElement(element);
}

function add(nic: Element, made: NewElement): Element {
  const later = nicOrder.slice(nicOrder.indexOf(made.name) + 1);
  return insertElement(nic, made, childElements(nic).find((element) => later.includes(element.nodeName)) ?? null);
}

function ensure(nic: Element, name: string): Element {
  return childElement(nic, name) ?? add(nic, { name });
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
