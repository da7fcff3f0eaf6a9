import { computed, shallowRef } from 'vue';
import type { ComputedRef, ShallowRef } from 'vue';
import { planToScript } from '../../shared/domain/plan-script';
import type { Intent } from '../../shared/domain/intent';
import type { Plan, PlanRun } from '../../shared/domain/plan';
import type { AppError } from '../../shared/errors/app-error';
import { invoke } from '../api/client';
import { describePlanDifference } from './plan-difference';
import { usePlans } from './plans';
import { toAppError } from '../api/to-app-error';

export interface PlanApply {
  plan: ShallowRef<Plan | null>;
  /** `previewing` and `starting` wait for main; `reviewing` for the user. */
  phase: ShallowRef<'previewing' | 'reviewing' | 'starting' | 'running'>;
  /** Why there is no plan, or why it could not be started. */
  error: ShallowRef<AppError | null>;
  /** What the host's change in the meantime did to the plan; shown once, over the new plan. */
  differences: ShallowRef<readonly string[]>;
  run: ComputedRef<PlanRun | null>;
  isCopied: ShallowRef<boolean>;
  preview(intent: Intent): Promise<void>;
  /** True when it runs now; false when it was refused: see `error` and `differences`. */
  apply(): Promise<boolean>;
  cancel(): Promise<void>;
  /** Puts the run aside, so that the plan can be reviewed again. The draft it came from is untouched. */
  leaveRun(): void;
  copyScript(): Promise<void>;
}

/**
 * The way of one change from intent to result: preview, review, apply, follow. When main refuses because the host has
 * changed (`plan.stale`), the plan is made anew and what is different about it is said, instead of failing.
 */
export function usePlanApply(hostId: () => string): PlanApply {
  const plans = usePlans();
  const plan = shallowRef<Plan | null>(null);
  const phase = shallowRef<'previewing' | 'reviewing' | 'starting' | 'running'>('previewing');
  const error = shallowRef<AppError | null>(null);
  const differences = shallowRef<readonly string[]>([]);
  const runId = shallowRef<string | null>(null);
  const isCopied = shallowRef(false);
  let latest = 0;

  async function preview(intent: Intent): Promise<void> {
    const request = (latest += 1);
    phase.value = 'previewing';
    error.value = null;
    isCopied.value = false;
    differences.value = [];
    try {
      const fresh = await plans.preview(hostId(), intent);
      if (request !== latest) return;
      plan.value = fresh;
    } catch (thrown) {
      if (request !== latest) return;
      plan.value = null;
      error.value = toAppError(thrown);
    }
    phase.value = 'reviewing';
  }

  async function apply(): Promise<boolean> {
    const reviewed = plan.value;
    if (!reviewed || phase.value !== 'reviewing') return false;
    phase.value = 'starting';
    error.value = null;
    try {
      runId.value = await plans.apply(reviewed);
      phase.value = 'running';
      return true;
    } catch (thrown) {
      const refusal = toAppError(thrown);
      if (refusal.code === 'plan.stale') {
        await preview(reviewed.intent);
        if (plan.value) differences.value = describePlanDifference(reviewed, plan.value);
      } else {
        error.value = refusal;
        phase.value = 'reviewing';
      }
      return false;
    }
  }

  return {
    plan, phase, error, differences, isCopied, preview, apply,
    run: computed(() => (runId.value === null ? null : plans.of(runId.value))),
    async cancel() {
      if (runId.value !== null) await plans.cancel(runId.value);
    },
    leaveRun() {
      if (runId.value !== null) plans.dismiss(runId.value);
      runId.value = null;
      phase.value = 'reviewing';
    },
    async copyScript() {
      if (!plan.value) return;
      await invoke('app.copyText', { text: planToScript(plan.value) });
      isCopied.value = true;
    },
  };
}
