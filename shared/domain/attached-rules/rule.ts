import type { AttachedSpec } from '../attached-spec';
import type { FieldIssue } from '../field-issue';
import type { NetworkContext } from '../network-rules/rule';

/** One group of rules. Shapes are right already: tags are in bounds, names well-formed. */
export type AttachedRule = (spec: AttachedSpec, context: NetworkContext) => FieldIssue[];
