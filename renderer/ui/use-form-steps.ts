import { computed, nextTick, ref, shallowRef } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import type { FieldIssue } from '../../shared/domain/field-issue';
import { fieldId } from './form-issues';
import type { FormIssues } from './form-issues';

export interface FormStepsOptions {
  /** In their order; one of them is called `review`. */
  steps: readonly { id: string }[];
  /** The step that shows a field. */
  stepOfField: (path: string) => string;
  /** What the form itself finds wrong with the draft. */
  found: () => readonly FieldIssue[];
  /** What was typed, as text: what main refuses holds until it changes. */
  typed: () => string;
  /** Whether a warning is shown before somebody has left its field. */
  warnsAtOnce: boolean;
}

export interface FormSteps {
  step: Ref<string>;
  /** How many steps from the first may be jumped to. */
  reachable: ComputedRef<number>;
  faulty: ComputedRef<string[]>;
  hasErrors: ComputedRef<boolean>;
  formIssues: FormIssues;
  /** Goes to a step, unless one before it has a mistake: then to that one, with its sentences shown. */
  go(id: string): boolean;
  next(): boolean;
  back(): void;
  /** Shows what main says is wrong beside its field. */
  refuse(path: string, message: string): void;
}

/** The steps of a wizard's form: which one is shown, which have mistakes, and when a mistake is spoken of. */
export function useFormSteps({ steps, stepOfField, found, typed, warnsAtOnce }: FormStepsOptions): FormSteps {
  const step = ref(steps[0]?.id ?? 'review');
  const furthest = ref(0);
  const touched = shallowRef<ReadonlySet<string>>(new Set());
  const attempted = shallowRef<ReadonlySet<string>>(new Set());
  const refused = shallowRef<{ path: string; message: string; typed: string } | null>(null);

  const issues = computed<FieldIssue[]>(() => {
    const fromMain = refused.value;
    const holds = fromMain !== null && fromMain.typed === typed();
    return [...found(), ...holds ? [{ path: fromMain.path, message: fromMain.message, severity: 'error' as const }] : []];
  });
  const errorsOf = (id: string): FieldIssue[] => issues.value.filter((issue) => issue.severity === 'error' && stepOfField(issue.path) === id);

  const isShown = (path: string): boolean => touched.value.has(path) || attempted.value.has(stepOfField(path));
  const sentence = (path: string, severity: FieldIssue['severity']): string | null =>
    ((severity === 'warning' && warnsAtOnce) || isShown(path) ? issues.value.find((issue) => issue.severity === severity && issue.path === path)?.message ?? null : null);

  const numberOf = (id: string): number => steps.findIndex((candidate) => candidate.id === id);
  const attempt = (id: string): void => { attempted.value = new Set([...attempted.value, id]); };

  function show(id: string): void {
    step.value = id;
    furthest.value = Math.max(furthest.value, numberOf(id));
  }

  /** To the topmost field with a mistake, in the order of the page. */
  function focusFirst(wrong: readonly FieldIssue[]): void {
    void nextTick(() => {
      const inputs = wrong.flatMap((issue) => document.getElementById(fieldId(issue.path)) ?? []);
      inputs.sort((one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
      inputs[0]?.focus();
    });
  }

  function go(id: string): boolean {
    for (const before of steps.slice(0, numberOf(id))) {
      const errors = errorsOf(before.id);
      if (errors.length === 0) continue;
      attempt(before.id);
      show(before.id);
      focusFirst(errors);
      return false;
    }
    show(id);
    return true;
  }

  return {
    step, go,
    hasErrors: computed(() => issues.value.some((issue) => issue.severity === 'error')),
    formIssues: {
      errorOf: (path) => sentence(path, 'error'),
      warningOf: (path) => sentence(path, 'warning'),
      touch: (path) => { touched.value = new Set([...touched.value, path]); },
    },
    reachable: computed(() => Math.min(furthest.value, numberOf('review')) + 1),
    faulty: computed(() => steps.filter(({ id }) => errorsOf(id).some((issue) => isShown(issue.path))).map(({ id }) => id)),
    next() {
      attempt(step.value);
      const following = steps[numberOf(step.value) + 1];
      return following ? go(following.id) : false;
    },
    back() {
      const previous = steps[numberOf(step.value) - 1];
      if (previous) step.value = previous.id;
    },
    refuse(path, message) {
      refused.value = { path, message, typed: typed() };
      const home = stepOfField(path);
      attempt(home);
      show(home);
      focusFirst([{ path, message, severity: 'error' }]);
    },
  };
}
