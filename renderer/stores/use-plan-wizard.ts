import { computed, onBeforeUnmount, onMounted, shallowRef, watch } from 'vue';
import type { ComputedRef, Ref, ShallowRef } from 'vue';
import { onBeforeRouteLeave, useRouter } from 'vue-router';
import type { Intent } from '../../shared/domain/intent';
import { toAppError } from '../api/to-app-error';
import { usePlanApply } from './use-plan-apply';
import type { PlanApply } from './use-plan-apply';

/** What a wizard's form tells its frame. Its last two steps are `review` and `apply`. */
export interface WizardForm {
  step: Ref<string>;
  /** How many steps from the first may be jumped to. */
  reachable: ComputedRef<number>;
  faulty: ComputedRef<readonly string[]>;
  /** What leaving would throw away, in words. */
  lost: ComputedRef<readonly string[]>;
  go(id: string): boolean;
  next(): boolean;
  back(): void;
  /** Shows what main says is wrong beside its field. */
  refuse(path: string, message: string): void;
}

export interface PlanWizardOptions {
  hostId: () => string;
  form: WizardForm;
  firstStep: string;
  /** What the form asks for; null while something in it is wrong. */
  intent: () => Intent | null;
  /** The form's own path for a field of the spec. */
  fieldOf: (path: string) => string;
  /** Where leaving leads to: the host's place of that name. */
  home?: string;
  /** Asked before the plan is applied: false where something has to be settled first. */
  mayApply?: () => Promise<boolean>;
}

export interface PlanWizard extends PlanApply {
  form: WizardForm;
  isEnded: ComputedRef<boolean>;
  isApplied: ComputedRef<boolean>;
  /** Set while the question is open whether to throw away what was typed. */
  asking: ShallowRef<{ lost: readonly string[]; answer(goes: boolean): void } | null>;
  /** Plans anew, for example after a choice on the review step. */
  review(): void;
  submit(): void;
  goTo(id: string): void;
  backToForm(): void;
  leave(): void;
  openHistory(): void;
}

/** From a form to a change that ran: review, apply, what was refused back to its field, and no draft thrown away unasked. */
export function usePlanWizard({ hostId, form, firstStep, intent, fieldOf, mayApply, home = 'networks' }: PlanWizardOptions): PlanWizard {
  const router = useRouter();
  const applying = usePlanApply(hostId);
  const { plan, phase, error, run } = applying;
  const isEnded = computed(() => run.value?.phase === 'ended');
  const isApplied = computed(() => isEnded.value && run.value?.outcome === 'applied');
  const asking: PlanWizard['asking'] = shallowRef(null);

  function review(): void {
    const wanted = intent();
    if (wanted) void applying.preview(wanted);
  }
  watch(form.step, (now, before) => { if (now === 'review' && before !== 'apply') review(); });
  watch(error, (refusal) => {
    if (refusal?.data.field && form.step.value === 'review') form.refuse(fieldOf(refusal.data.field.replace(/^spec\./, '')), refusal.data.detail);
  });

  async function start(): Promise<void> {
    if (!plan.value || phase.value !== 'reviewing') return;
    try {
      if (mayApply && !(await mayApply())) return;
    } catch (thrown) {
      error.value = toAppError(thrown);
      return;
    }
    form.step.value = 'apply';
    const isRunning = await applying.apply();
    if (!isRunning) form.step.value = 'review';
  }

  function goTo(id: string): void {
    if (form.step.value === 'apply') {
      if (!isEnded.value || isApplied.value) return;
      applying.leaveRun();
      if (form.go(id) && id === 'review') review();
      return;
    }
    form.go(id);
  }

  const leave = (): void => { void router.push({ name: home, params: { hostId: hostId() } }); };

  onBeforeRouteLeave(() => {
    if (isApplied.value || (run.value && !isEnded.value) || form.lost.value.length === 0) return true;
    return new Promise<boolean>((resolve) => {
      asking.value = { lost: form.lost.value, answer: (goes) => { asking.value = null; resolve(goes); } };
    });
  });

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.defaultPrevented || asking.value || document.querySelector('[role="dialog"]')) return;
    event.preventDefault();
    leave();
  }
  onMounted(() => window.addEventListener('keydown', onKeyDown));
  onBeforeUnmount(() => window.removeEventListener('keydown', onKeyDown));

  return {
    ...applying, form, isEnded, isApplied, asking, review, goTo, leave,
    submit() {
      if (form.step.value === 'review') void start();
      else if (form.step.value !== 'apply') form.next();
    },
    backToForm: () => goTo(firstStep),
    openHistory: () => { void router.push({ name: 'history', params: { hostId: hostId() } }); },
  };
}
