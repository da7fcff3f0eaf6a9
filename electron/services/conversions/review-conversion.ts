import { endsOf } from '../../../shared/domain/conversion/conversion-run';
import type { ConversionFacts } from '../../../shared/domain/conversion/facts';
import { outlookOf } from '../../../shared/domain/conversion/outlook';
import type { ConversionPlan } from '../../../shared/domain/conversion/planned';
import type { ConversionRequest, ConversionReview } from '../../../shared/domain/conversion/review';
import { defaultConversionTiming } from '../../commands/conversion/stage-transaction';

/** A plan as the user reads it. The digest is of all of it, what the engine takes included. */
export function reviewConversion(request: ConversionRequest, planned: ConversionPlan, facts: ConversionFacts, sha256: (text: string) => string): ConversionReview {
  const { stack, findings, plan } = planned;
  const review = { request, stack, findings, digest: sha256(JSON.stringify(planned)) };
  const device = deviceOf(request);
  if (plan === null) return { ...review, before: device === null ? null : outlookOf(facts, device), plan: null };
  const { goal = 'bridge', nic, bridge, apply, commit, revert, files, protects, needsBootGuard, expectedGap } = plan.transaction;
  return {
    ...review, before: outlookOf(facts, endsOf({ goal, nic, bridge }).from),
    plan: {
      goal, nic, bridge, reachedAddress: plan.transaction.wants?.reachedAddress ?? null, apply, commit, revert, changes: plan.changes, trialPaths: files.flatMap(({ trialPath }) => trialPath ?? []),
      protects, needsBootGuard, expectedGap, trialSeconds: defaultConversionTiming.trialSeconds,
    },
  };
}

/** What a request is about, as far as it says so itself. */
function deviceOf(request: ConversionRequest): string | null {
  switch (request.kind) {
    case 'convert': return request.nic;
    case 'unbridge': return request.bridge;
    case 'readdress': return request.device;
    case 'undo': return null;
  }
}
