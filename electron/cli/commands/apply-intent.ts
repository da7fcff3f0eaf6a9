import type { HostProfile } from '../../../shared/domain/host';
import type { Intent } from '../../../shared/domain/intent';
import type { PlanRun } from '../../../shared/domain/plan';
import type { ChangeOptions, CommonOptions } from '../arguments';
import { exitCode } from '../exit-code';
import type { CliContext } from '../main';
import { formatPlan, formatRun } from '../print';
import { isAgreed } from './agreed';

/**
 * Preview → question → apply, the same for every change. Ctrl+C while it runs cancels between two steps, and what was
 * done is taken back; a second Ctrl+C ends the program at once.
 */
export async function applyIntent(context: CliContext, host: HostProfile, intent: Intent, options: CommonOptions & ChangeOptions): Promise<number> {
  const { core, print, tell } = context;
  const plan = await core.plans.preview(host.id, intent);
  if (options.plan) {
    print(options.json ? JSON.stringify(plan, null, 2) : formatPlan(plan));
    return exitCode.ok;
  }
  const question = { review: () => formatPlan(plan), question: 'Apply?', refusal: 'Nothing was applied', hint: 'Use --plan to look at it, --yes to apply it.' };
  if (!(await isAgreed(context, options, question))) return exitCode.ok;
  const started = await core.plans.apply(host.id, intent, plan.digest);
  const cancel = (): void => {
    process.removeListener('SIGINT', cancel);
    tell('Cancelling after the step that is running…');
    core.plans.cancel(started.id);
  };
  process.on('SIGINT', cancel);
  const run = await core.plans.finished(started.id);
  process.removeListener('SIGINT', cancel);
  print(options.json ? JSON.stringify(run, null, 2) : formatRun(run));
  return codeOf(run);
}

function codeOf(run: PlanRun): number {
  if (run.outcome === 'rolled-back') return exitCode.failed;
  if (run.outcome !== 'applied' || run.checks.some((check) => check.state === 'failed')) return exitCode.unsure;
  return exitCode.ok;
}
