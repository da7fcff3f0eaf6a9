import type { FieldIssue } from '../field-issue';
import type { UsedRange } from '../used-range';
import type { HostSnapshot } from '../snapshot';

/** What a draft is checked against. */
export interface NetworkContext {
  snapshot: HostSnapshot;
  /** Of this host and the others: `collectUsedRanges`. */
  used: readonly UsedRange[];
  /** The network that is being edited; null for a new one. */
  uuid: string | null;
}

export function problem(path: string, message: string): FieldIssue {
  return { path, message, severity: 'error' };
}

export function caution(path: string, message: string): FieldIssue {
  return { path, message, severity: 'warning' };
}

/** Index of every value that an earlier one equals. */
export function repeats(values: readonly (string | null)[]): { at: number; first: number }[] {
  return values.flatMap((value, at) => {
    const first = value === null ? at : values.indexOf(value);
    return first < at ? [{ at, first }] : [];
  });
}

/** The network being edited as the host has it now. */
export function editedNetwork({ snapshot, uuid }: NetworkContext): HostSnapshot['networks'][number] | null {
  return snapshot.networks.find((network) => network.uuid === uuid) ?? null;
}
