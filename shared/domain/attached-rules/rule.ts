import type { AttachedSpec } from '../attached-spec';
import type { FieldIssue } from '../nat-spec';
import type { HostSnapshot } from '../snapshot';

/** What a draft is checked against. */
export interface AttachedContext {
  snapshot: HostSnapshot;
  /** The network that is being edited; null for a new one. */
  uuid: string | null;
}

/** One group of rules. Shapes are right already: tags are in bounds, names well-formed. */
export type AttachedRule = (spec: AttachedSpec, context: AttachedContext) => FieldIssue[];

/** The network being edited as the host has it now. */
export function editedOf({ snapshot, uuid }: AttachedContext): HostSnapshot['networks'][number] | null {
  return snapshot.networks.find((network) => network.uuid === uuid) ?? null;
}
