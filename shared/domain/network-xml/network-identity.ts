import type { Element } from '@xmldom/xmldom';
import { insertElement, setAttribute, setText } from '../xml/edit-element';
import { attribute, childElement, childElements, textOf } from '../xml/read-element';
import { parseRoot } from '../xml/parse-xml';
import { writeXml } from '../xml/xml-source';

/** What sets a network apart from the others of a host. */
export interface NetworkIdentity {
  /** Lower case, with dashes, as libvirt writes it; null: the document names none. */
  uuid: string | null;
  name: string | null;
  bridge: string | null;
}

/** Throws AppError `libvirt.xml-invalid`. */
export function readIdentity(xml: string): NetworkIdentity {
  const root = parseRoot(xml, 'network');
  const uuid = textOf(childElement(root, 'uuid'))?.trim() || null;
  return { uuid: uuid === null ? null : plainUuid(uuid), name: textOf(childElement(root, 'name')) || null, bridge: attribute(childElement(root, 'bridge'), 'name') };
}

/** libvirt takes UUIDs in upper case and without dashes, too. */
export function plainUuid(uuid: string): string {
  const digits = uuid.toLowerCase().replaceAll('-', '');
  return /^[0-9a-f]{32}$/.test(digits) ? digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : uuid;
}

/**
 * The document with another UUID, name or bridge name; all else stays as it was typed. What is not given stays, too.
 * Throws AppError `libvirt.xml-invalid`.
 */
export function withIdentity(xml: string, change: Partial<{ uuid: string; name: string; bridge: string }>): string {
  const root = parseRoot(xml, 'network');
  if (change.name !== undefined) setName(root, change.name);
  if (change.uuid !== undefined) setUuid(root, change.uuid);
  if (change.bridge !== undefined) setBridge(root, change.bridge);
  return write(root);
}

function setName(root: Element, name: string): void {
  const element = childElement(root, 'name');
  if (element) setText(element, name);
  else insertElement(root, { name: 'name', text: name }, childElements(root)[0] ?? null);
}

function setUuid(root: Element, uuid: string): void {
  const element = childElement(root, 'uuid');
  if (element) {
    setText(element, uuid);
    return;
  }
  const all = childElements(root);
  const name = childElement(root, 'name');
  insertElement(root, { name: 'uuid', text: uuid }, name ? all[all.indexOf(name) + 1] ?? null : all[0] ?? null);
}

function setBridge(root: Element, name: string): void {
  const element = childElement(root, 'bridge');
  if (element) setAttribute(element, 'name', name);
  else insertElement(root, { name: 'bridge', attributes: { name } }, childElement(root, 'ip'));
}

function write(root: Element): string {
  const document = root.ownerDocument;
  if (!document) throw new Error('The element belongs to no document');
  return writeXml(document);
}
