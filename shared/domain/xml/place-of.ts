import type { Node } from '@xmldom/xmldom';

/** Where something stands in a text; both count from 1. */
export interface Place { line: number; column: number }

/** Where a node of a freshly parsed document begins; null for one that was made since. */
export function placeOf(node: Node): Place | null {
  const { lineNumber, columnNumber } = node as Partial<{ lineNumber: number; columnNumber: number }>;
  return typeof lineNumber === 'number' && typeof columnNumber === 'number' ? { line: lineNumber, column: columnNumber } : null;
}
