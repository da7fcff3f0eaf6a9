import { parseNetwork } from '../network-xml/parse-network';
import type { PlanCheck } from '../plan';
import type { PlanDraft } from './planning-context';
import { eachOnce } from './plan-network';

/** One thing of several that a plan does. */
export type PlanPart = Omit<PlanDraft, 'title' | 'summary'>;

/** A plan of parts that run one after the other. Of what they want of the same thing, the last word counts. */
export function joinParts(title: string, summary: string, parts: readonly PlanPart[]): PlanDraft {
  return {
    title, summary, steps: parts.flatMap((part) => part.steps), checks: eachOnce(lastWords(parts.flatMap((part) => part.checks))),
    changes: parts.flatMap((part) => part.changes), notices: parts.flatMap((part) => part.notices),
  };
}

/** Without what can't be together with what is wanted later: a definition that changes twice, a name or bridge that is made anew. */
function lastWords<T extends Pick<PlanCheck, 'check'>>(checks: readonly T[]): T[] {
  const overruled = new Set<string>();
  const kept = [...checks].reverse().filter(({ check }) => {
    const said = passing(check);
    const stands = said === null || !overruled.has(said);
    for (const earlier of overrules(check)) overruled.add(earlier);
    return stands;
  });
  return kept.reverse();
}

type Condition = PlanCheck['check'];

/** By what name a later condition overrules this one; null: none does. */
function passing(check: Condition): string | null {
  switch (check.kind) {
    case 'network-definition': return `definition ${check.uuid}`;
    case 'network-absent': return `no network ${check.name}`;
    case 'bridge-absent': return `no bridge ${check.bridge}`;
    case 'ovs-bridge-absent': return `no switch ${check.bridge}`;
    case 'nat-rules': return check.present ? null : `no rules ${check.subnet}`;
    case 'nic-absent': return `no NIC ${check.uuid} ${check.mac} ${check.extent}`;
    default: return null;
  }
}

/** The names of those before it that can't be true together with this one. */
function overrules(check: Condition): string[] {
  switch (check.kind) {
    case 'network-definition': return [`definition ${check.uuid}`, `no network ${parseNetwork(check.xml).name}`];
    case 'bridge-up': return [`no bridge ${check.bridge}`];
    case 'ovs-bridge-up': return [`no switch ${check.bridge}`];
    case 'nat-rules': return check.present ? [`no rules ${check.subnet}`] : [];
    case 'nic-present': return [`no NIC ${check.uuid} ${check.mac} ${check.extent}`];
    default: return [];
  }
}
