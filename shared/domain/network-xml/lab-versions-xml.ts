import type { Element } from '@xmldom/xmldom';
import type { LabVersion } from '../labs/lab-version';
import { insertElement, removeElement } from '../xml/edit-element';
import { parseXml } from '../xml/parse-xml';
import { attribute, childElement, childElements } from '../xml/read-element';
import { writeXml } from '../xml/xml-source';
import { ensureInNetwork, same } from './edit-network-xml';

/**
 * A lab's file, and its earlier versions, in the metadata of one of its networks: whoever may change the network may keep it, every computer
 * that reads the host finds it, and it goes with the lab. Apart from the mark, for libvirt 9.7 gives one element of each namespace by
 * `virsh net-metadata NETWORK urn:x-netwright:lab-file:1`.
 */
const namespace = 'urn:x-netwright:lab-file:1';

/** Newest first; empty: the network keeps none. Throws AppError `libvirt.xml-invalid`. */
export function readLabVersions(xml: string): LabVersion[] {
  const root = parseXml(xml).documentElement;
  const element = root && elementOf(root);
  return element ? versionsOf(element) : [];
}

/** The same document with these versions, or with none. All else stays as it was written. Throws AppError `libvirt.xml-invalid`. */
export function withLabVersions(xml: string, versions: readonly LabVersion[]): string {
  const document = parseXml(xml);
  const root = document.documentElement;
  if (!root) throw new Error('A parsed document has a root');
  const old = elementOf(root);
  if (same(old ? versionsOf(old) : [], versions)) return xml;
  if (old) removeElement(old);
  if (versions.length > 0) {
    insertElement(ensureInNetwork(root, 'metadata'), {
      name: 'netwright:files', namespace, attributes: { 'xmlns:netwright': namespace },
      children: versions.map(({ text, appliedAt }) => ({ name: 'netwright:file', attributes: { applied: appliedAt }, text })),
    });
  }
  const metadata = childElement(root, 'metadata');
  if (metadata && childElements(metadata).length === 0) removeElement(metadata);
  return writeXml(document);
}

function elementOf(root: Element): Element | null {
  const metadata = childElement(root, 'metadata');
  return metadata ? childElements(metadata).find((child) => child.namespaceURI === namespace && child.localName === 'files') ?? null : null;
}

function versionsOf(element: Element): LabVersion[] {
  return childElements(element).filter((child) => child.localName === 'file').map((child) => ({ text: child.textContent ?? '', appliedAt: attribute(child, 'applied') ?? '' }));
}
