import type { ConversionFacts, ConversionSpec } from '../../../shared/domain/conversion/facts';
import { outlookOf } from '../../../shared/domain/conversion/outlook';
import { planConversion } from '../../../shared/domain/conversion/plan-conversion';
import type { ConversionReview } from '../../../shared/domain/conversion/review';
import type { Transaction } from '../../../shared/domain/conversion/transaction';
import { defaultConversionTiming } from '../../commands/conversion/stage-transaction';

/** The plan as the user reads it, and as the engine takes it. The digest is of both. */
export function reviewConversion(facts: ConversionFacts, spec: ConversionSpec, sha256: (text: string) => string): { review: ConversionReview; transaction: Transaction | null } {
  const planned = planConversion(facts, spec);
  const { stack, findings, plan } = planned;
  return {
    transaction: plan?.transaction ?? null,
    review: {
      spec, stack, findings, before: outlookOf(facts, spec.nic), digest: sha256(JSON.stringify(planned)),
      plan: plan === null ? null : {
        apply: plan.transaction.apply, commit: plan.transaction.commit, revert: plan.transaction.revert, changes: plan.changes,
        trialPaths: plan.transaction.files.flatMap(({ trialPath }) => trialPath ?? []),
        protects: plan.transaction.protects, needsBootGuard: plan.transaction.needsBootGuard, expectedGap: plan.transaction.expectedGap,
        trialSeconds: defaultConversionTiming.trialSeconds,
      },
    },
  };
}
