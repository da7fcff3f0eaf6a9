import type { Element } from '@xmldom/xmldom';
import { insertElement } from '../xml/edit-element';
import type { NewElement } from '../xml/edit-element';
import { childElement, childElements } from '../xml/read-element';

/** Order of virNetworkDefFormatBuf: a new element goes before the first one that libvirt prints after it. */
const networkOrder = [
  'name', 'uuid', 'title', 'description', 'metadata', 'forward', 'bridge', 'mtu', 'mac', 'domain', 'dns', 'vlan', 'bandwidth', 'port',
  'ip', 'route', 'virtualport', 'portgroup', 'dnsmasq:options',
];

export function addToNetwork(root: Element, made: NewElement): Element {
  const later = networkOrder.slice(networkOrder.indexOf(made.name) + 1);
  return insertElement(root, made, childElements(root).find((element) => later.includes(element.nodeName)) ?? null);
}

/** The child of this name, made where it is missing. */
export function ensureInNetwork(root: Element, name: string): Element {
  return childElement(root, name) ?? addToNetwork(root, { name });
}

/** Deep equality of plain data; the order of keys says nothing. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => sameValue((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}
