import { XMLSerializer } from '@xmldom/xmldom';
import type { Document, Element, Node } from '@xmldom/xmldom';

/** A piece of the source text: one tag, run of text, comment, CDATA section or processing instruction. */
export interface XmlToken {
  kind: 'text' | 'tag' | 'end' | 'other';
  text: string;
  offset: number;
}

/** How a node was written, and what it held then: as long as it still does, it is written the same way again. */
interface Written { lead: string; text: string; content: string; empty: boolean }

const writtenAs = new WeakMap<Node, Written>();

const elementNode = 1;
const textNode = 3;

const tokenPattern = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<(?:[^>"']|"[^"]*"|'[^']*')*>|[^<]+/g;

function tokensOf(source: string): XmlToken[] {
  return [...source.matchAll(tokenPattern)].map((match) => {
    const text = match[0];
    const kind = !text.startsWith('<') ? 'text' : text.startsWith('</') ? 'end' : /^<[!?]/.test(text) ? 'other' : 'tag';
    return { kind, text, offset: match.index };
  });
}

/** Blanks round the root that the parser makes no node of. */
const tails = new WeakMap<Document, string>();

/**
 * Ties every node of a freshly parsed document to its source text, walking tree and tokens in step. libvirt writes
 * single quotes, its users' `<metadata>` double ones: an edit must touch neither where it changes nothing.
 */
export function rememberSource(document: Document, source: string): XmlToken[] {
  const tokens = tokensOf(source);
  const content = tokens.filter((token) => token.kind !== 'end');
  let at = 0;
  for (const node of descendants(document)) {
    let lead = '';
    let token = content[at];
    while (token && !sameKind(node, token) && token.text.trim() === '') {
      lead += token.text;
      token = content[++at];
    }
    if (!token || !sameKind(node, token)) return tokens;
    writtenAs.set(node, { lead, text: token.text, content: contentOf(node), empty: !node.firstChild });
    at += 1;
  }
  tails.set(document, content.slice(at).map((token) => token.text).join(''));
  return tokens;
}

/** The document as text: nodes that did not change as they were written, the others in libvirt's own style. */
export function writeXml(document: Document): string {
  return children(document).map((node) => `${writtenAs.get(node)?.lead ?? ''}${writeNode(node)}`).join('') + (tails.get(document) ?? '');
}

/** One element as text, written the same way as `writeXml` does. */
export function writeElementXml(element: Element): string {
  return writeNode(element);
}

/** libvirt escapes these five everywhere (virBufferEscapeString). */
export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll('\'', '&apos;');
}

function writeNode(node: Node): string {
  const written = writtenAs.get(node);
  const kept = written && written.content === contentOf(node) ? written.text : null;
  if (node.nodeType === elementNode) return writeElement(node as Element, kept, written);
  if (kept !== null) return kept;
  return node.nodeType === textNode ? escapeXml(node.nodeValue ?? '') : new XMLSerializer().serializeToString(node);
}

function writeElement(element: Element, kept: string | null, written: Written | undefined): string {
  const original = written?.text ?? '';
  const inner = children(element).map(writeNode).join('');
  const open = (kept ?? startTag(element, /=\s*"/.test(original) && !/=\s*'/.test(original) ? '"' : '\'')).replace(/\s*\/?>$/, '');
  if (inner !== '') return `${open}>${inner}</${element.nodeName}>`;
  if (kept === null || !written?.empty) return `${open}/>`;
  return kept.endsWith('/>') ? kept : `${kept}</${element.nodeName}>`;
}

function startTag(element: Element, quote: string): string {
  const attributes = attributesOf(element).map(([name, value]) => ` ${name}=${quote}${escapeXml(value)}${quote}`);
  return `<${element.nodeName}${attributes.join('')}/>`;
}

/** Names and values in document order. */
export function attributesOf(element: Element): [string, string][] {
  return Array.from({ length: element.attributes.length }, (_, at) => element.attributes.item(at))
    .flatMap((attribute) => (attribute ? [[attribute.name, attribute.value] as [string, string]] : []));
}

/** What a node says beside its children; no name or value of XML has a NUL. */
function contentOf(node: Node): string {
  if (node.nodeType !== elementNode) return node.nodeValue ?? '';
  const { attributes } = node as Element;
  let content = '';
  for (let at = 0; at < attributes.length; at += 1) {
    const attribute = attributes.item(at);
    if (attribute) content += `${attribute.name}\0${attribute.value}\0`;
  }
  return content;
}

function sameKind(node: Node, token: XmlToken): boolean {
  if (node.nodeType === elementNode) return token.kind === 'tag';
  return node.nodeType === textNode ? token.kind === 'text' : token.kind === 'other';
}

function children(node: Node): Node[] {
  const list: Node[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) list.push(child);
  return list;
}

/** In the order of their text. */
function descendants(node: Node, found: Node[] = []): Node[] {
  for (let child = node.firstChild; child; child = child.nextSibling) {
    found.push(child);
    descendants(child, found);
  }
  return found;
}
