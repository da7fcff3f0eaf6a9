import type { Element } from '@xmldom/xmldom';
import { childElement, childElements } from '../../../../shared/domain/xml/read-element';
import { attributesOf } from '../../../../shared/domain/xml/xml-source';
import type { MachineMetadata, MachineState } from '../host-state';
import { LibvirtError } from './libvirt-error';
import { readRoot } from './read-document';

/** `<metadata>` of machines: one element of each namespace (virDomainDefSetMetadata). */

/** Null: there is no `<metadata>`. */
export function parseMetadata(domain: Element): MachineMetadata[] | null {
  const metadata = childElement(domain, 'metadata');
  return metadata ? childElements(metadata).map((element) => ({ uri: element.namespaceURI ?? '', lines: linesOf(element, (child) => child.nodeName) })) : null;
}

/** libvirt leaves an empty one where the last element went. */
export function formatMetadata(metadata: readonly MachineMetadata[] | undefined): string[] {
  if (!metadata) return [];
  return metadata.length === 0 ? ['  <metadata/>'] : ['  <metadata>', ...metadata.flatMap(({ lines }) => lines.map((line) => `    ${line}`)), '  </metadata>'];
}

/** The element as it was given: without the namespace. Throws LibvirtError. */
export function readMetadata(held: readonly MachineMetadata[], uri: string): string {
  const found = held.find((item) => item.uri === uri);
  if (!found) throw new LibvirtError('metadata not found: Requested metadata element is not present');
  return found.lines.map((line, at) => (at === 0 ? line.replace(/ xmlns:[^=]+="[^"]*"/, '') : line).replace(/^(\s*<\/?)[^:\s>]+:/, '$1')).join('\n');
}

/** `xml` null: it goes. Throws LibvirtError. */
export function setMetadata(machine: MachineState, sides: readonly ('live' | 'config')[], uri: string, key: string, xml: string | null): void {
  const made = xml === null ? [] : [{ uri, lines: namespaced(xml, uri, key) }];
  if (sides.includes('live') && !machine.running) throw new LibvirtError('Requested operation is not valid: domain is not running');
  const changed = (held: readonly MachineMetadata[] = []): MachineMetadata[] => [...held.filter((item) => item.uri !== uri), ...made];
  if (sides.includes('live') && machine.running) machine.running.metadata = changed(machine.running.metadata);
  if (sides.includes('config')) machine.metadata = changed(machine.metadata);
}

/** virXMLInjectNamespace: the namespace and its prefix on every element. */
function namespaced(xml: string, uri: string, key: string): string[] {
  const [first = '', ...rest] = linesOf(readRoot(xml, 'metadata_xml'), (element) => `${key}:${element.nodeName}`);
  return [first.replace(/^<[^\s/>]+/, (start) => `${start} xmlns:${key}="${uri}"`), ...rest];
}

/** As libxml2 prints it. */
function linesOf(element: Element, nameOf: (element: Element) => string): string[] {
  const attributes = attributesOf(element).map(([name, value]) => ` ${name}="${value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')}"`).join('');
  const inner = childElements(element).flatMap((child) => linesOf(child, nameOf).map((line) => `  ${line}`));
  const start = `<${nameOf(element)}${attributes}`;
  return inner.length === 0 ? [`${start}/>`] : [`${start}>`, ...inner, `</${nameOf(element)}>`];
}
