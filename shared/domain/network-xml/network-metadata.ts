import type { Element } from '@xmldom/xmldom';
import { insertElement, removeElement } from '../xml/edit-element';
import type { NewElement } from '../xml/edit-element';
import { metadataElement } from '../xml/metadata-element';
import { parseXml } from '../xml/parse-xml';
import { childElement, childElements } from '../xml/read-element';
import { writeXml } from '../xml/xml-source';
import { ensureInNetwork, same } from './edit-network-xml';

/** An element of our own in a `<network>`'s `<metadata>`: what it says, read and written. `T` is plain data. */
export interface OwnMetadata<T> {
  namespace: string;
  /** Without the prefix. */
  name: string;
  /** Null where the network has none. */
  read(element: Element | null): T;
  /** Attributes and children of the element that says it; null: none is needed. */
  write(value: T): Pick<NewElement, 'attributes' | 'children'> | null;
}

/** The same document with this in its metadata. All else stays as it was written. Throws AppError `libvirt.xml-invalid`. */
export function withMetadata<T>(xml: string, { namespace, name, read, write }: OwnMetadata<T>, value: T): string {
  const document = parseXml(xml);
  const root = document.documentElement;
  if (!root) throw new Error('A parsed document has a root');
  const old = metadataElement(root, namespace, name);
  if (same(read(old), value)) return xml;
  if (old) removeElement(old);
  const made = write(value);
  if (made) insertElement(ensureInNetwork(root, 'metadata'), { ...made, name: `netwright:${name}`, namespace, attributes: { 'xmlns:netwright': namespace, ...made.attributes } });
  const metadata = childElement(root, 'metadata');
  if (metadata && childElements(metadata).length === 0) removeElement(metadata);
  return writeXml(document);
}
