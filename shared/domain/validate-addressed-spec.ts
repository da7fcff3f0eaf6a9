import { checkAddresses } from './addressed-rules/addresses';
import { checkDhcp } from './addressed-rules/dhcp';
import { checkDns } from './addressed-rules/dns';
import { checkNames } from './addressed-rules/names';
import { checkPath } from './addressed-rules/path';
import type { NetworkContext } from './network-rules/rule';
import { addressedSpecSchema } from './addressed-spec';
import type { AddressedSpec } from './addressed-spec';
import type { FieldIssue } from './field-issue';

/**
 * Everything that is wrong with such a network, or could surprise, each tied to its field; sentences say how to mend it.
 * Shapes come first: rules across fields need addresses that parse.
 */
export function validateAddressedSpec(spec: AddressedSpec, context: NetworkContext): FieldIssue[] {
  const shape = addressedSpecSchema.safeParse(spec);
  if (!shape.success) {
    return shape.error.issues.map((issue) => ({ path: issue.path.join('.'), message: messageOf(issue), severity: 'error' }));
  }
  return [checkNames, checkAddresses, checkDhcp, checkDns, checkPath].flatMap((rule) => rule(shape.data, context));
}

/** A union (IPv4 or IPv6) reports as “Invalid input”; what the field wants says more. */
function messageOf(issue: { code: string; message: string }): string {
  return issue.code === 'invalid_union' ? 'Not an IP address' : issue.message;
}
