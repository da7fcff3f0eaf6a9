import type { Element } from '@xmldom/xmldom';

const elementNode = 1;

/** Child elements in order, all or those of one name. Names are compared as written, with their prefix. */
export function childElements(parent: Element, name?: string): Element[] {
  const found: Element[] = [];
  for (let child = parent.firstChild; child; child = child.nextSibling) {
    if (child.nodeType === elementNode && (name === undefined || child.nodeName === name)) found.push(child as Element);
  }
  return found;
}

/** The first child element of this name, or null. */
export function childElement(parent: Element | null, name: string): Element | null {
  return parent ? childElements(parent, name)[0] ?? null : null;
}

/** The value of an attribute; null when it or the element is not there. */
export function attribute(element: Element | null, name: string): string | null {
  return element?.hasAttribute(name) ? element.getAttribute(name) : null;
}

/** A decimal attribute as a number; null when absent or not a number. */
export function numberAttribute(element: Element | null, name: string): number | null {
  const text = attribute(element, name);
  return text !== null && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

/** The text inside an element; null when the element is not there. */
export function textOf(element: Element | null): string | null {
  return element ? element.textContent ?? '' : null;
}
