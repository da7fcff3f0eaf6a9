import { structuredPatch } from 'diff';

/** One line of a shown change; `number` counts in the new document, or in the old one for a removed line. */
export interface DiffLine { kind: 'same' | 'added' | 'removed' | 'gap'; text: string; number: number | null }

/**
 * The lines to show for a document that changes from `before` to `after` (null: it isn't there). Far from any change
 * lines are left out, and a `gap` says how many. A whole new or removed document is shown in full.
 */
export function diffLines(before: string | null, after: string | null, contextLines = 3): DiffLine[] {
  if (before === null || after === null) {
    const kind = before === null ? 'added' : 'removed';
    return linesOf(before ?? after ?? '').map((text, index) => ({ kind, text, number: index + 1 }));
  }
  const patch = structuredPatch('before', 'after', endWithNewline(before), endWithNewline(after), '', '', { context: contextLines });
  const lines: DiffLine[] = [];
  let shownTo = 0;
  for (const hunk of patch.hunks) {
    pushGap(lines, hunk.newStart - 1 - shownTo);
    let oldNumber = hunk.oldStart;
    let newNumber = hunk.newStart;
    for (const line of hunk.lines) {
      const text = line.slice(1);
      if (line.startsWith('+')) lines.push({ kind: 'added', text, number: newNumber++ });
      else if (line.startsWith('-')) lines.push({ kind: 'removed', text, number: oldNumber++ });
      else {
        lines.push({ kind: 'same', text, number: newNumber++ });
        oldNumber += 1;
      }
    }
    shownTo = newNumber - 1;
  }
  if (patch.hunks.length > 0) pushGap(lines, linesOf(after).length - shownTo);
  return lines;
}

/** How many lines are other in `after`: those that are new, and those that are gone. */
export function countChangedLines(before: string, after: string): number {
  return diffLines(before, after, 0).filter(({ kind }) => kind === 'added' || kind === 'removed').length;
}

function pushGap(lines: DiffLine[], count: number): void {
  if (count > 0) lines.push({ kind: 'gap', text: count === 1 ? '1 line unchanged' : `${count} lines unchanged`, number: null });
}

const endWithNewline = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);

function linesOf(text: string): string[] {
  return endWithNewline(text).split('\n').slice(0, -1);
}
