import type { Element } from '@xmldom/xmldom';
import { insertElement, removeElement, setText } from '../xml/edit-element';
import type { NewElement } from '../xml/edit-element';
import { childElement, childElements } from '../xml/read-element';

/** What editing a `<network>` in place takes, whatever its kind. */

/** Order of virNetworkDefFormatBuf: a new element goes before the first one that libvirt prints after it. */
const networkOrder = [
  'name', 'uuid', 'title', 'description', 'metadata', 'forward', 'bridge', 'mtu', 'mac', 'domain', 'dns', 'vlan', 'bandwidth', 'port',
  'ip', 'route', 'virtualport', 'portgroup', 'dnsmasq:options',
];

/** Adds a child to `<network>` at the place where libvirt would print it. */
export function addToNetwork(root: Element, made: NewElement): Element {
  const later = networkOrder.slice(networkOrder.indexOf(made.name) + 1);
  return insertElement(root, made, childElements(root).find((element) => later.includes(element.nodeName)) ?? null);
}

/** The child of this name, made where there is none. */
export function ensureInNetwork(root: Element, name: string): Element {
  return childElement(root, name) ?? addToNetwork(root, { name });
}

/** Sets the text of a child element, or takes the element away with null. */
export function setChildText(root: Element, name: string, text: string | null): void {
  const element = childElement(root, name);
  if (text) setText(element ?? addToNetwork(root, { name }), text);
  else if (element) removeElement(element);
}

/** Equality of plain data. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}
