import { diff3Merge } from 'node-diff3';

/**
 * What to do when a thing was changed here and on the host since it was opened: changes that don't touch each other are
 * merged, the others are left for the user to choose. Nothing is ever overwritten by itself.
 */

/** One stretch of lines that both sides changed, differently. Lines count from 1, in the merged text. */
export interface TextConflict {
  /** The marker line in front, and the one behind. */
  fromLine: number;
  toLine: number;
  mine: string;
  theirs: string;
}

export interface MergedText {
  /** With conflicts between marker lines, in the manner of diff3(1) and git; no XML parser takes these for XML. */
  text: string;
  conflicts: TextConflict[];
}

export const conflictMarkers = { mine: '<<<<<<< mine', between: '=======', theirs: '>>>>>>> on the host' } as const;

/** Merges two texts that began as `base`, line by line. Line ends are kept as `mine` has them. */
export function mergeText(base: string, mine: string, theirs: string): MergedText {
  const lineEnd = mine.includes('\r\n') ? '\r\n' : '\n';
  const lines = (text: string): string[] => text.split(/\r?\n/);
  const merged: string[] = [];
  const conflicts: TextConflict[] = [];
  for (const part of diff3Merge(lines(mine), lines(base), lines(theirs), { excludeFalseConflicts: true })) {
    if (part.ok) {
      merged.push(...part.ok);
      continue;
    }
    if (!part.conflict) continue;
    const fromLine = merged.length + 1;
    merged.push(conflictMarkers.mine, ...part.conflict.a, conflictMarkers.between, ...part.conflict.b, conflictMarkers.theirs);
    conflicts.push({ fromLine, toLine: merged.length, mine: part.conflict.a.join(lineEnd), theirs: part.conflict.b.join(lineEnd) });
  }
  return { text: merged.join(lineEnd), conflicts };
}

/** The conflicts that are still marked in a text; a marker without its partners is none. */
export function findConflicts(text: string): TextConflict[] {
  const lines = text.split(/\r?\n/);
  const conflicts: TextConflict[] = [];
  let from = -1;
  let between = -1;
  lines.forEach((line, at) => {
    if (line === conflictMarkers.mine) [from, between] = [at, -1];
    else if (line === conflictMarkers.between && from >= 0) between = at;
    else if (line === conflictMarkers.theirs && between >= 0) {
      conflicts.push({ fromLine: from + 1, toLine: at + 1, mine: lines.slice(from + 1, between).join('\n'), theirs: lines.slice(between + 1, at).join('\n') });
      [from, between] = [-1, -1];
    }
  });
  return conflicts;
}

/** A field that differs, dotted: `ipv4.dhcp.ranges`. Undefined: it isn't there. */
export interface FieldDifference {
  path: string;
  base: unknown;
  mine: unknown;
  theirs: unknown;
  /** Who changed it since; `both`: differently, so somebody has to choose. */
  changedBy: 'mine' | 'theirs' | 'both';
}

export interface MergedFields<T> {
  /** Every change of one side; where both changed a field, mine. */
  merged: T;
  differences: FieldDifference[];
}

/**
 * Merges two versions of a form's value field by field. Objects are gone into, anything else, lists too, is one value: half of
 * one list and half of the other is what neither side wanted.
 */
export function mergeFields<T>(base: T, mine: T, theirs: T): MergedFields<T> {
  const differences: FieldDifference[] = [];
  const merged = mergeValue('', base, mine, theirs, differences);
  return { merged: merged as T, differences };
}

function mergeValue(path: string, base: unknown, mine: unknown, theirs: unknown, differences: FieldDifference[]): unknown {
  if (isRecord(mine) && isRecord(theirs) && isRecord(base)) {
    const names = new Set([...Object.keys(base), ...Object.keys(mine), ...Object.keys(theirs)]);
    const entries = [...names].map((name) => [name, mergeValue(path === '' ? name : `${path}.${name}`, base[name], mine[name], theirs[name], differences)] as const);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }
  if (isSame(mine, theirs)) return mine;
  const changedBy = isSame(base, mine) ? 'theirs' : isSame(base, theirs) ? 'mine' : 'both';
  differences.push({ path, base, mine, theirs, changedBy });
  return changedBy === 'theirs' ? theirs : mine;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** By what they hold; the order of an object's keys says nothing. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => isSame(item, b[at]));
  if (!isRecord(a) || !isRecord(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && isSame(a[name], b[name]));
}
