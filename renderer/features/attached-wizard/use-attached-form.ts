import { computed, nextTick, ref, shallowRef } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import type { AttachedSpec } from '../../../shared/domain/attached-spec';
import type { FieldIssue } from '../../../shared/domain/field-issue';
import type { NetworkContext } from '../../../shared/domain/network-rules/rule';
import { validateAttachedSpec } from '../../../shared/domain/validate-attached-spec';
import type { WizardForm } from '../../stores/use-plan-wizard';
import { fieldId } from '../../ui/form-issues';
import type { FormIssues } from '../../ui/form-issues';
import { draftFromSpec, fieldOf, toSpec } from './attached-draft';
import type { AttachedDraft } from './attached-draft';
import { attachedSteps, stepOfField } from './attached-steps';
import { describeLoss } from './draft-loss';

export interface AttachedForm extends WizardForm {
  draft: Ref<AttachedDraft>;
  /** Once nothing in the draft is wrong; else null. */
  spec: ComputedRef<AttachedSpec | null>;
  /** The last readable spec, for the picture at the side while a field is half-typed. */
  lastSpec: ComputedRef<AttachedSpec>;
  formIssues: FormIssues;
}

/** The form of the wizard: draft, what is wrong with it, and the steps. Knows no host and asks nobody. */
export function useAttachedForm(start: AttachedSpec, freeSwitchName: string, context: () => NetworkContext): AttachedForm {
  const original = draftFromSpec(start, freeSwitchName, true);
  const steps = attachedSteps(start.kind);
  const draft = ref<AttachedDraft>(structuredClone(original)) as Ref<AttachedDraft>;
  const step = ref<string>(steps[0]?.id ?? 'place');
  const furthest = ref(0);
  const touched = shallowRef<ReadonlySet<string>>(new Set<string>());
  const attempted = shallowRef<ReadonlySet<string>>(new Set<string>());
  const refused = shallowRef<{ path: string; message: string; draft: string } | null>(null);

  const reading = computed(() => toSpec(draft.value, start));
  const issues = computed<FieldIssue[]>(() => {
    const { spec } = reading.value;
    const found = [...reading.value.issues, ...spec ? validateAttachedSpec(spec, context()).map((issue) => ({ ...issue, path: fieldOf(issue.path, draft.value) })) : []];
    const fromMain = refused.value;
    if (fromMain && fromMain.draft === JSON.stringify(draft.value)) found.push({ path: fromMain.path, message: fromMain.message, severity: 'error' });
    return found;
  });
  const errorsOf = (id: string): FieldIssue[] => issues.value.filter((issue) => issue.severity === 'error' && stepOfField(issue.path, start.kind) === id);
  const spec = computed(() => (issues.value.some((issue) => issue.severity === 'error') ? null : reading.value.spec));

  let known = start;
  const lastSpec = computed(() => {
    if (reading.value.spec) known = reading.value.spec;
    return known;
  });

  const isShown = (path: string): boolean => touched.value.has(path) || attempted.value.has(stepOfField(path, start.kind));
  const sentence = (path: string, severity: FieldIssue['severity']): string | null =>
    (severity === 'warning' || isShown(path) ? issues.value.find((issue) => issue.severity === severity && issue.path === path)?.message ?? null : null);
  const numberOf = (id: string): number => steps.findIndex((candidate) => candidate.id === id);

  function show(id: string): void {
    step.value = id;
    furthest.value = Math.max(furthest.value, numberOf(id));
  }

  function focusFirst(found: readonly FieldIssue[]): void {
    void nextTick(() => {
      const inputs = found.flatMap((issue) => document.getElementById(fieldId(issue.path)) ?? []);
      inputs.sort((one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
      inputs[0]?.focus();
    });
  }

  function go(id: string): boolean {
    for (const before of steps.slice(0, numberOf(id))) {
      const errors = errorsOf(before.id);
      if (errors.length === 0) continue;
      attempted.value = new Set([...attempted.value, before.id]);
      show(before.id);
      focusFirst(errors);
      return false;
    }
    show(id);
    return true;
  }

  return {
    draft, spec, lastSpec, step, go,
    formIssues: {
      errorOf: (path) => sentence(path, 'error'),
      warningOf: (path) => sentence(path, 'warning'),
      touch: (path) => { touched.value = new Set([...touched.value, path]); },
    },
    reachable: computed(() => Math.min(furthest.value, numberOf('review')) + 1),
    faulty: computed(() => steps.filter(({ id }) => errorsOf(id).some((issue) => isShown(issue.path))).map(({ id }) => id)),
    lost: computed(() => describeLoss(draft.value, original)),
    next() {
      attempted.value = new Set([...attempted.value, step.value]);
      const following = steps[numberOf(step.value) + 1];
      return following ? go(following.id) : false;
    },
    back() {
      const previous = steps[numberOf(step.value) - 1];
      if (previous) step.value = previous.id;
    },
    refuse(path, message) {
      refused.value = { path, message, draft: JSON.stringify(draft.value) };
      const home = stepOfField(path, start.kind);
      attempted.value = new Set([...attempted.value, home]);
      show(home);
      focusFirst([{ path, message, severity: 'error' }]);
    },
  };
}
