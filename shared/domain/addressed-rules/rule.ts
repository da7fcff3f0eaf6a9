import type { AddressedSpec } from '../addressed-spec';
import type { FieldIssue } from '../field-issue';
import type { NetworkContext } from '../network-rules/rule';

/** One group of rules. Shapes are right already: addresses parse, prefixes are in bounds. */
export type AddressedRule = (spec: AddressedSpec, context: NetworkContext) => FieldIssue[];
