import type { FieldIssue, NatSpec } from '../../../shared/domain/nat-spec';
import { natSpecSchema } from '../../../shared/domain/nat-spec';
import { addressAt, networkOf } from '../../../shared/domain/subnet';
import { validateNatSpec } from '../../../shared/domain/validate-nat-spec';
import type { NatContext } from '../../../shared/domain/validate-nat-spec';
import type { DraftReading } from './nat-draft';

/**
 * What the domain's rules say about a draft, by field of the form. Rules need a well-formed spec: while one part of
 * the draft isn't, `fallback` stands in for that part, so that a half-typed MTU doesn't hide a clash of subnets; what the
 * rules say about a stand-in is dropped.
 */
export function findIssues(reading: DraftReading, fallback: NatSpec, context: NatContext): FieldIssue[] {
  const { spec, standIns } = completeSpec(reading, fallback);
  return validateNatSpec(spec, context)
    .filter((issue) => !standIns.has(partOf(issue.path)))
    .map((issue) => ({ ...issue, path: isAboutSubnet(issue, spec, context) ? 'ipv4.subnet' : reading.fieldOf(issue.path) }))
    .filter((issue) => !reading.issues.some((known) => known.path === issue.path));
}

const partOf = (path: string): string => path.split('.')[0] ?? path;

function completeSpec(reading: DraftReading, fallback: NatSpec): { spec: NatSpec; standIns: ReadonlySet<string> } {
  if (reading.spec) return { spec: reading.spec, standIns: new Set() };
  const candidate = reading.candidate as Record<string, unknown>;
  const parsed = natSpecSchema.safeParse(candidate);
  const standIns = new Set([...reading.issues.map((issue) => partOf(issue.path)), ...(parsed.error?.issues ?? []).map((issue) => String(issue.path[0]))]);
  const completed = { ...candidate };
  for (const part of standIns) completed[part] = fallback[part as keyof NatSpec];
  return { spec: natSpecSchema.parse(completed), standIns };
}

/** The rules speak of the host's address; where no other address in the subnet would mend it, the form means the subnet. */
function isAboutSubnet(issue: FieldIssue, spec: NatSpec, context: NatContext): boolean {
  if (issue.path !== 'ipv4.address') return false;
  const { address, prefix } = spec.ipv4;
  const first = addressAt(networkOf(address, prefix), 1n);
  const other = first === address ? addressAt(networkOf(address, prefix), 2n) : first;
  const moved = validateNatSpec({ ...spec, ipv4: { ...spec.ipv4, address: other } }, context);
  return moved.some((still) => still.path === 'ipv4.address' && still.severity === issue.severity);
}
