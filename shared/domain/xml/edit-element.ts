import type { Element, Node } from '@xmldom/xmldom';
import { attributesOf } from './xml-source';
import { childElements } from './read-element';

/** An element to be made. Null and undefined attributes are left out; `text` and `children` exclude each other. */
export interface NewElement {
  name: string;
  /** Of a name with a prefix; default: the parent's. */
  namespace?: string;
  attributes?: Record<string, string | number | null | undefined>;
  text?: string;
  children?: NewElement[];
}

const textNode = 3;
const indentStep = '  ';

/**
 * Puts a new element into `parent`, before the element `before` or, when null, after the last child element, on a line
 * of its own with the indentation of its siblings.
 */
export function insertElement(parent: Element, made: NewElement, before: Element | null = null): Element {
  const document = parent.ownerDocument;
  if (!document) throw new Error('The element belongs to no document');
  const element = document.createElementNS(made.namespace ?? parent.namespaceURI, made.name);
  for (const [name, value] of Object.entries(made.attributes ?? {})) {
    if (value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  const indent = childIndent(parent);
  if (before) {
    parent.insertBefore(element, before);
    parent.insertBefore(document.createTextNode(indent), before);
  } else {
    const after = lastContent(parent);
    const next = after ? after.nextSibling : parent.firstChild;
    parent.insertBefore(document.createTextNode(indent), next);
    parent.insertBefore(element, next);
    if (!next) parent.appendChild(document.createTextNode(ownIndent(parent)));
  }
  if (made.text !== undefined) element.appendChild(document.createTextNode(made.text));
  for (const child of made.children ?? []) insertElement(element, child);
  return element;
}

/** Takes an element out together with the line it stood on. An element that is left empty loses its blanks too. */
export function removeElement(element: Element): void {
  const parent = element.parentNode;
  if (!parent) return;
  const before = element.previousSibling;
  if (before && isBlank(before)) parent.removeChild(before);
  parent.removeChild(element);
  const rest: Node[] = [];
  for (let child = parent.firstChild; child; child = child.nextSibling) rest.push(child);
  if (rest.every(isBlank)) rest.forEach((blank) => parent.removeChild(blank));
}

/** Sets an attribute, or takes it away with null. The others keep their order. */
export function setAttribute(element: Element, name: string, value: string | number | null): void {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value) || !element.hasAttribute(name)) element.setAttribute(name, String(value));
}

/** True when the element says nothing: no attribute, no child but blanks. */
export function isEmptyElement(element: Element): boolean {
  if (attributesOf(element).length > 0) return false;
  for (let child = element.firstChild; child; child = child.nextSibling) if (!isBlank(child)) return false;
  return true;
}

/** Replaces all content by text. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function isBlank(node: Node): boolean {
  return node.nodeType === textNode && (node.nodeValue ?? '').trim() === '';
}

function lastContent(parent: Element): Node | null {
  let last = parent.lastChild;
  while (last && isBlank(last)) last = last.previousSibling;
  return last;
}

/** Line break and blanks before a child of `parent`, taken from its siblings or from the depth. */
function childIndent(parent: Element): string {
  const before = childElements(parent)[0]?.previousSibling;
  const blanks = before && before.nodeType === textNode ? /\n[ \t]*$/.exec(before.nodeValue ?? '') : null;
  return blanks ? blanks[0] : `${ownIndent(parent)}${indentStep}`;
}

function ownIndent(element: Element): string {
  const before = element.previousSibling;
  const blanks = before && before.nodeType === textNode ? /\n[ \t]*$/.exec(before.nodeValue ?? '') : null;
  if (blanks) return blanks[0];
  const parent = element.parentNode;
  return parent && parent.nodeType === element.nodeType ? `${ownIndent(parent as Element)}${indentStep}` : '\n';
}
