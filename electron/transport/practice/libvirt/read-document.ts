import type { Element } from '@xmldom/xmldom';
import { AppError } from '../../../../shared/errors/app-error';
import { parseXml } from '../../../../shared/domain/xml/parse-xml';
import { childElements } from '../../../../shared/domain/xml/read-element';
import { attributesOf } from '../../../../shared/domain/xml/xml-source';
import { LibvirtError } from './libvirt-error';
import type { XmlNode } from './network-definition';

/**
 * The root element of a document that virsh sends, or a LibvirtError worded like libxml2's. `what` is libvirt's name
 * for the document, `network_definition` or `domain_definition`; without `rootName` any root will do. A DOCTYPE, which libvirt would take, is refused.
 */
export function readRoot(text: string, what: string, rootName?: string): Element {
  const root = readDocument(text, what);
  if (rootName !== undefined && root.nodeName !== rootName) {
    throw new LibvirtError(`XML error: expecting root element of '${rootName}', not '${root.nodeName}'`);
  }
  return root;
}

function readDocument(text: string, what: string): Element {
  if (text.trim() === '') throw new LibvirtError(`(${what}):1: Document is empty\n(null)\n^`);
  const first = text.trimStart();
  if (!first.startsWith('<')) {
    const line = text.split('\n')[0] ?? '';
    throw new LibvirtError(`(${what}):1: Start tag expected, '<' not found\n${line}\n^`);
  }
  try {
    const root = parseXml(text).documentElement;
    if (root) return root;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new LibvirtError(malformed(text, what, error.data.detail));
  }
  throw new LibvirtError(`(${what}):1: Document is empty\n(null)\n^`);
}

/** libxml2's three lines: place and fault, the line, a caret below where the parser stood. */
function malformed(text: string, what: string, detail: string): string {
  const fault = tagFault(text);
  const place = /^Line (\d+), column (\d+): (.*)\.$/s.exec(detail);
  const lineNumber = fault?.line ?? Number(place?.[1] ?? 1);
  const column = fault?.column ?? Math.max(0, Number(place?.[2] ?? 1) - 1);
  const message = fault?.message ?? place?.[3] ?? detail;
  const line = text.split('\n')[lineNumber - 1] ?? '';
  return `(${what}):${lineNumber}: ${message}\n${line}\n${'-'.repeat(column)}^`;
}

interface Fault { line: number; column: number; message: string }

/** The faults people make most, found and worded as libxml2 does: a tag left open, and one closed by another. */
function tagFault(text: string): Fault | null {
  const open: { name: string; line: number }[] = [];
  let rootClosed = false;
  for (const match of text.matchAll(/<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<(\/?)([^\s/>]+)(?:[^>"']|"[^"]*"|'[^']*')*?(\/?)>/g)) {
    const [whole, closing, name, selfClosing] = match;
    if (name === undefined || name.startsWith('!')) continue;
    const before = text.slice(0, match.index + whole.length).split('\n');
    const line = before.length;
    const column = (before[line - 1] ?? '').length;
    if (rootClosed) return { line, column: column - whole.length, message: 'Extra content at the end of the document' };
    if (closing) {
      const top = open.pop();
      if (top && top.name !== name) {
        return { line, column, message: `Opening and ending tag mismatch: ${top.name} line ${top.line} and ${name}` };
      }
      rootClosed = open.length === 0;
    } else if (!selfClosing) {
      open.push({ name, line });
    }
  }
  const last = open[open.length - 1];
  if (!last) return null;
  const lines = text.split('\n');
  return { line: lines.length, column: (lines[lines.length - 1] ?? '').length, message: `Premature end of data in tag ${last.name} line ${last.line}` };
}

/** An element with all below it, as plain JSON. Text is left out: what libvirt carries in this way has none. */
export function toXmlNode(element: Element): XmlNode {
  return { name: element.nodeName, attributes: attributesOf(element), children: childElements(element).map(toXmlNode) };
}
