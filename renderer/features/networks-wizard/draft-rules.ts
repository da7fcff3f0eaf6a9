import type { AddressedSpec } from '../../../shared/domain/addressed-spec';
import type { FieldIssue } from '../../../shared/domain/field-issue';
import { addressedSpecSchema } from '../../../shared/domain/addressed-spec';
import { addressAt, networkOf } from '../../../shared/domain/subnet';
import { validateAddressedSpec } from '../../../shared/domain/validate-addressed-spec';
import type { NetworkContext } from '../../../shared/domain/network-rules/rule';
import type { DraftReading } from './addressed-draft';

/**
 * What the domain's rules say about a draft, by field of the form. Rules need a well-formed spec: while one part of
 * the draft isn't, something else stands in for that part, so that a half-typed lease doesn't hide a reversed range or a
 * clash of subnets; what the rules say about a stand-in is dropped.
 */
export function findIssues(reading: DraftReading, fallback: AddressedSpec, context: NetworkContext): FieldIssue[] {
  const { spec, standIns } = completeSpec(reading, fallback);
  return validateAddressedSpec(spec, context)
    .filter((issue) => !standIns.some((part) => issue.path === part || issue.path.startsWith(`${part}.`)))
    // Without the leases that can't be read yet, DHCP may look as if it had nothing to hand out.
    .filter((issue) => !(issue.path === 'ipv4.dhcp.ranges' && standIns.includes('ipv4.dhcp.hosts')))
    .map((issue) => ({ ...issue, path: isAboutSubnet(issue, spec, context) ? 'ipv4.subnet' : reading.fieldOf(issue.path) }))
    .filter((issue) => !reading.issues.some((known) => known.path === issue.path));
}

/** Lists that can be left out without the rest losing its meaning. */
const lists = ['ipv4.dhcp.hosts', 'ipv4.dhcp.ranges', 'ipv6.dhcp.ranges', 'dnsHosts', 'dnsForwarders', 'dnsServices', 'dnsTexts', 'routes'];

const partOf = (path: string): string => lists.find((list) => path.startsWith(`${list}.`)) ?? path.split('.')[0] ?? path;

/** The draft as a spec in which every part that isn't well-formed is empty (a list) or the fallback's (anything else). */
function completeSpec(reading: DraftReading, fallback: AddressedSpec): { spec: AddressedSpec; standIns: readonly string[] } {
  if (reading.spec) return { spec: reading.spec, standIns: [] };
  const standIns = [...new Set(reading.issues.map((issue) => partOf(issue.path)))];
  const completed = structuredClone(reading.candidate) as Record<string, unknown>;
  for (const part of standIns) {
    const [root = '', ...rest] = part.split('.');
    if (!lists.includes(part)) completed[part] = fallback[part as keyof AddressedSpec];
    else if (rest.length === 0 || !standIns.includes(root)) emptyList(completed, [root, ...rest]);
  }
  return { spec: addressedSpecSchema.parse(completed), standIns };
}

function emptyList(spec: Record<string, unknown>, [first = '', ...rest]: string[]): void {
  if (rest.length === 0) spec[first] = [];
  else emptyList(spec[first] as Record<string, unknown>, rest);
}

/** The rules speak of the host's address; where no other address in the subnet would mend it, the form means the subnet. */
function isAboutSubnet(issue: FieldIssue, spec: AddressedSpec, context: NetworkContext): boolean {
  if (issue.path !== 'ipv4.address' || !spec.ipv4) return false;
  const { address, prefix } = spec.ipv4;
  const first = addressAt(networkOf(address, prefix), 1n);
  const other = first === address ? addressAt(networkOf(address, prefix), 2n) : first;
  const moved = validateAddressedSpec({ ...spec, ipv4: { ...spec.ipv4, address: other } }, context);
  return moved.some((still) => still.path === 'ipv4.address' && still.severity === issue.severity);
}
