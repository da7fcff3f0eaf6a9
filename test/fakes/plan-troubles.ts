import type { PlanRun } from '../../shared/domain/plan';

/** What went wrong in a run: its error, and every check that did not pass. */
export const troubles = (run: PlanRun): string[] => [
  ...(run.error ? [JSON.stringify(run.error)] : []),
  ...run.checks.flatMap((check, at) => (check.state === 'passed' ? [] : [`${run.plan.checks[at]?.title}: ${check.state}, ${check.detail}`])),
];
