import type { PlanRun } from '../../../shared/domain/plan';

/** The verdict of an applied plan as one line for the Activity dock. */
export function summarizeChecks(run: PlanRun): { argv: string[]; state: 'ok' | 'failed' } {
  const bad = run.plan.checks.filter((_check, index) => run.checks[index]?.state !== 'passed').map((check) => check.title);
  const passed = run.plan.checks.length - bad.length;
  const sentence = bad.length === 0 ? `Verified: ${run.plan.title}, ${passed} checks passed` : `Not verified: ${bad.join('; ')} (${passed} checks passed)`;
  return { argv: [sentence], state: bad.length === 0 ? 'ok' : 'failed' };
}
