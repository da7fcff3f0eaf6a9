import { withCloudInit } from './cloud-init';
import type { ConversionFacts } from './facts';
import { ConfigProblem } from './finding';
import type { ConversionFinding } from './finding';
import type { StackPlan } from './stack-plan';
import type { StackName } from './transaction';

export interface ConversionPlan {
  /** Who configures it now; null: nobody, or several. */
  stack: StackName | null;
  /** Blockers first. */
  findings: ConversionFinding[];
  /** Null: there is a blocker. */
  plan: StackPlan | null;
}

/** Findings of the rules, and of the planner that `make` asks; no plan where one of them is a blocker. */
export function planned(facts: ConversionFacts, stack: StackName | null, rules: readonly ConversionFinding[], make: () => StackPlan | null): ConversionPlan {
  const findings = [...rules];
  let plan: StackPlan | null = null;
  try {
    const made = make();
    plan = made && withCloudInit(facts, made);
    findings.push(...plan?.warnings ?? []);
  } catch (error) {
    if (!(error instanceof ConfigProblem)) throw error;
    if (!findings.some(({ code }) => code === error.finding.code)) findings.push(error.finding);
  }
  const blocked = findings.some(({ severity }) => severity === 'blocker');
  return {
    stack,
    findings: [...findings.filter(({ severity }) => severity === 'blocker'), ...findings.filter(({ severity }) => severity === 'warning')],
    plan: blocked ? null : plan,
  };
}
