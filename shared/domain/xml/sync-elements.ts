import type { Element } from '@xmldom/xmldom';
import { insertElement, removeElement } from './edit-element';
import type { NewElement } from './edit-element';
import { childElements } from './read-element';

/** How a list of values lives as sibling elements. */
export interface ElementList<T> {
  parent: Element;
  /** The elements that stand for values; others in `parent` are left alone. */
  elements: readonly Element[];
  /** What makes an element and a value the same thing, for example a MAC; an element may be found by it once. */
  keyOf: (element: Element) => string;
  keyOfValue: (value: T) => string;
  /** Changes only what differs, so that what it doesn't know about the element stays. */
  update: (element: Element, value: T) => void;
  make: (value: T) => NewElement;
  /** True: values without an element of their key reuse the elements left over, in order. */
  reuse?: boolean;
  /** Where the first element goes when there is none yet; null: at the end. */
  before?: Element | null;
}

/** Makes the elements say `values`, in that order, keeping elements (and all they hold besides) wherever they match. */
export function syncElements<T>(list: ElementList<T>, values: readonly T[]): void {
  const left = [...list.elements];
  const take = (at: number): Element | undefined => (at < 0 ? undefined : left.splice(at, 1)[0]);
  const chosen = values.map((value) => take(left.findIndex((element) => list.keyOf(element) === list.keyOfValue(value))));
  if (list.reuse) chosen.forEach((element, at) => { if (!element) chosen[at] = take(0); });
  let first = chosen.find((element) => element !== undefined) ?? null;
  if (!first && left[0]) first = nextElement(left[left.length - 1] as Element);
  const anchor = list.elements.length === 0 ? list.before ?? null : first;
  left.forEach(removeElement);
  let cursor: Element | null = null;
  values.forEach((value, at) => {
    const before: Element | null = cursor ? nextElement(cursor) : anchor;
    const element = chosen[at];
    if (!element) {
      cursor = insertElement(list.parent, list.make(value), before);
      return;
    }
    list.update(element, value);
    if (cursor && !isAfter(element, cursor)) moveElement(element, nextElement(cursor));
    cursor = element;
  });
}

function nextElement(element: Element): Element | null {
  const siblings = childElements(element.parentNode as Element);
  return siblings[siblings.indexOf(element) + 1] ?? null;
}

function isAfter(element: Element, other: Element): boolean {
  const siblings = childElements(element.parentNode as Element);
  return siblings.indexOf(element) > siblings.indexOf(other);
}

/** To before `before`, or to the end, with the blanks that stand before it. */
function moveElement(element: Element, before: Element | null): void {
  const parent = element.parentNode as Element;
  if (before === element) return;
  const placeholder = insertElement(parent, { name: element.nodeName }, before);
  removeElement(element);
  parent.replaceChild(element, placeholder);
}
