import type { Element } from '@xmldom/xmldom';
import type { UsedRange } from '../used-range';
import type { HostSnapshot } from '../snapshot';
import type { XmlProblem } from '../xml-problem';
import { placeOf } from '../xml/place-of';

/** What a document is checked against. */
export interface XmlContext {
  snapshot: HostSnapshot;
  used: readonly UsedRange[];
  /** The network that is edited; null: a new one. */
  uuid: string | null;
}

/** One group of rules over a well-formed `<network>`. */
export type XmlRule = (root: Element, context: XmlContext) => XmlProblem[];

export function problemAt(element: Element | null, severity: XmlProblem['severity'], message: string): XmlProblem {
  const place = element ? placeOf(element) : null;
  return { severity, message, line: place?.line ?? null, column: place?.column ?? null };
}
