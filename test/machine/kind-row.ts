import type { KindsLab } from './kinds-lab';

/** Something that the app is asked for on a full machine, after those above it. */
export interface KindRow {
  name: string;
  /** Rejects when something is not as it should be. Resolves to what was seen there, in a few words. */
  run(lab: KindsLab): Promise<string>;
}

export interface KindGroup { title: string; about: string; rows: readonly KindRow[] }

/** Rejects with both. `what`: of which thing. */
export function same(what: string, seen: unknown, expected: unknown): void {
  if (JSON.stringify(seen) !== JSON.stringify(expected)) throw new Error(`${what}: ${JSON.stringify(seen)}, not ${JSON.stringify(expected)}`);
}
