import { parseNetwork } from '../network-xml/parse-network';
import type { PlanCheck } from '../plan';
import type { PlanDraft } from './planning-context';
import { eachOnce } from './plan-network';

/** One thing of several that a plan does. */
export type PlanPart = Omit<PlanDraft, 'title' | 'summary'>;

/** A plan of parts that run one after the other. Of what they want of the same thing, the last word counts. */
export function joinParts(title: string, summary: string, parts: readonly PlanPart[]): PlanDraft {
  const checks = parts.flatMap((part) => part.checks);
  return {
    title, summary, steps: parts.flatMap((part) => part.steps),
    checks: eachOnce(checks.filter(({ check }, at) => !checks.slice(at + 1).some((later) => overrules(later.check, check)))),
    changes: parts.flatMap((part) => part.changes), notices: parts.flatMap((part) => part.notices),
  };
}

type Condition = PlanCheck['check'];

/** Whether what is wanted later can't be together with what was wanted before: a definition that changes twice, a name or bridge that is made anew. */
function overrules(later: Condition, earlier: Condition): boolean {
  switch (earlier.kind) {
    case 'network-definition': return later.kind === 'network-definition' && later.uuid === earlier.uuid;
    case 'network-absent': return later.kind === 'network-definition' && parseNetwork(later.xml).name === earlier.name;
    case 'bridge-absent': return later.kind === 'bridge-up' && later.bridge === earlier.bridge;
    case 'ovs-bridge-absent': return later.kind === 'ovs-bridge-up' && later.bridge === earlier.bridge;
    case 'nat-rules': return !earlier.present && later.kind === 'nat-rules' && later.present && later.subnet === earlier.subnet;
    case 'nic-absent': return later.kind === 'nic-present' && later.uuid === earlier.uuid && later.mac === earlier.mac && later.extent === earlier.extent;
    default: return false;
  }
}
