import type { Element } from '@xmldom/xmldom';
import { childElement, childElements } from './read-element';

/**
 * Where we keep what is ours in a `<network>` or `<domain>`: libvirt leaves elements of other namespaces in `<metadata>` untouched. Found by the
 * name without its prefix, which libvirt or somebody by hand may choose. Null: there is none.
 */
export function metadataElement(root: Element, namespace: string, name: string): Element | null {
  const metadata = childElement(root, 'metadata');
  return metadata ? childElements(metadata).find((child) => child.namespaceURI === namespace && child.localName === name) ?? null : null;
}
