import { checkAddresses } from './nat-rules/addresses';
import { checkDhcp } from './nat-rules/dhcp';
import { checkDnsAndPath } from './nat-rules/dns-and-path';
import { checkNames } from './nat-rules/names';
import type { NatContext } from './nat-rules/rule';
import { natSpecSchema } from './nat-spec';
import type { FieldIssue, NatSpec } from './nat-spec';

export type { NatContext } from './nat-rules/rule';

/**
 * Everything that is wrong with a NAT network, or could surprise, each tied to its field; sentences say how to mend it.
 * Shapes come first: rules across fields need addresses that parse.
 */
export function validateNatSpec(spec: NatSpec, context: NatContext): FieldIssue[] {
  const shape = natSpecSchema.safeParse(spec);
  if (!shape.success) {
    return shape.error.issues.map((issue) => ({ path: issue.path.join('.'), message: messageOf(issue), severity: 'error' }));
  }
  return [checkNames, checkAddresses, checkDhcp, checkDnsAndPath].flatMap((rule) => rule(shape.data, context));
}

/** A union (IPv4 or IPv6) reports as “Invalid input”; what the field wants says more. */
function messageOf(issue: { code: string; message: string }): string {
  return issue.code === 'invalid_union' ? 'Not an IP address' : issue.message;
}
