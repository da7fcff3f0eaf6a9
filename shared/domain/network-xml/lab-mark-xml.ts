import type { Element } from '@xmldom/xmldom';
import type { LabMark } from '../labs/lab-mark';
import { insertElement, removeElement } from '../xml/edit-element';
import { attribute, childElement, childElements } from '../xml/read-element';
import { parseXml } from '../xml/parse-xml';
import { writeXml } from '../xml/xml-source';
import { ensureInNetwork, same } from './edit-network-xml';

/** A name of our own: libvirt keeps elements of other namespaces in `<metadata>` untouched. */
const namespace = 'urn:x-netwright:lab:1';
const elementName = 'netwright:network';

/** The mark in a `<network>`'s metadata; null: no lab made it. */
export function readLabMark(root: Element): LabMark | null {
  const element = markOf(root);
  const [lab, key] = [attribute(element, 'lab'), attribute(element, 'key')];
  return lab === null || key === null ? null : { lab, key, madeSwitch: attribute(element, 'switch') === 'made' };
}

/** The same document with this mark, or without one. All else stays as it was written. Throws AppError `libvirt.xml-invalid`. */
export function withLabMark(xml: string, mark: LabMark | null): string {
  const document = parseXml(xml);
  const root = document.documentElement;
  if (!root) throw new Error('A parsed document has a root');
  if (same(readLabMark(root), mark)) return xml;
  const old = markOf(root);
  if (old) removeElement(old);
  if (mark) {
    insertElement(ensureInNetwork(root, 'metadata'), {
      name: elementName, namespace, attributes: { 'xmlns:netwright': namespace, lab: mark.lab, key: mark.key, switch: mark.madeSwitch ? 'made' : null },
    });
  }
  const metadata = childElement(root, 'metadata');
  if (metadata && childElements(metadata).length === 0) removeElement(metadata);
  return writeXml(document);
}

function markOf(root: Element): Element | null {
  const metadata = childElement(root, 'metadata');
  return metadata ? childElements(metadata).find((child) => child.namespaceURI === namespace && child.localName === 'network') ?? null : null;
}
