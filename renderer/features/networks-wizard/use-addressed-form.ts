import { computed, nextTick, ref, shallowRef } from 'vue';
import type { ComputedRef, Ref, ShallowRef } from 'vue';
import type { AddressedSpec } from '../../../shared/domain/addressed-spec';
import type { FieldIssue } from '../../../shared/domain/field-issue';
import type { UsedRange } from '../../../shared/domain/used-range';
import type { NetworkContext } from '../../../shared/domain/network-rules/rule';
import { fieldId } from '../../ui/form-issues';
import type { FormIssues } from '../../ui/form-issues';
import { describeLoss } from './draft-loss';
import { draftFromSpec, toSpec } from './addressed-draft';
import type { DraftReading, AddressedDraft } from './addressed-draft';
import { findIssues } from './draft-rules';
import { errorsOfStep, wizardSteps, stepOfField } from './wizard-steps';
import type { WizardStepId } from './wizard-steps';

/** What a wizard starts from: a proposal, or an existing network's spec. */
export interface WizardStart { spec: AddressedSpec; ipv4: { address: string; prefix: number }; ipv6: { address: string; prefix: number }; used: UsedRange[] }

export interface AddressedForm {
  draft: Ref<AddressedDraft>;
  start: WizardStart;
  reading: ComputedRef<DraftReading>;
  /** The draft as a spec, once nothing in it is wrong; else null. */
  spec: ComputedRef<AddressedSpec | null>;
  /** The last readable spec, for the picture at the side while a field is half-typed. */
  lastSpec: ComputedRef<AddressedSpec>;
  issues: ComputedRef<FieldIssue[]>;
  formIssues: FormIssues;
  step: Ref<WizardStepId>;
  /** How many steps from the first may be jumped to. */
  reachable: ComputedRef<number>;
  faulty: ComputedRef<string[]>;
  lost: ComputedRef<string[]>;
  /** Goes to a step, unless one before it has a mistake: then to that one, with its sentences shown. */
  go(id: WizardStepId): boolean;
  next(): boolean;
  back(): void;
  /** Shows what main says is wrong beside its field. */
  refuse(path: string, message: string): void;
}

/** The form of the wizard of libvirt's own networks: draft, what is wrong with it, and the steps. Knows no host and asks nobody. */
export function useAddressedForm(start: WizardStart, context: () => NetworkContext): AddressedForm {
  const original = draftFromSpec(start.spec, { ipv4: start.ipv4, ipv6: start.ipv6 }, true);
  const draft = ref<AddressedDraft>(structuredClone(original));
  const step = ref<WizardStepId>('addresses');
  const furthest = ref(0);
  const touched: ShallowRef<ReadonlySet<string>> = shallowRef(new Set<string>());
  const attempted: ShallowRef<ReadonlySet<WizardStepId>> = shallowRef(new Set<WizardStepId>());
  const refused = shallowRef<{ path: string; message: string; draft: string } | null>(null);

  const reading = computed(() => toSpec(draft.value));
  const issues = computed<FieldIssue[]>(() => {
    const found = [...reading.value.issues, ...findIssues(reading.value, start.spec, context())];
    const fromMain = refused.value;
    if (fromMain && fromMain.draft === JSON.stringify(draft.value)) found.push({ path: fromMain.path, message: fromMain.message, severity: 'error' });
    return found;
  });
  const hasErrors = computed(() => issues.value.some((issue) => issue.severity === 'error'));
  const spec = computed(() => (hasErrors.value ? null : reading.value.spec));

  let known = start.spec;
  const lastSpec = computed(() => {
    if (reading.value.spec) known = reading.value.spec;
    return known;
  });

  const isShown = (path: string): boolean => touched.value.has(path) || attempted.value.has(stepOfField(path));
  const sentence = (path: string, severity: FieldIssue['severity']): string | null =>
    (isShown(path) ? issues.value.find((issue) => issue.severity === severity && issue.path === path)?.message ?? null : null);

  const stepNumber = (id: WizardStepId): number => wizardSteps.findIndex((candidate) => candidate.id === id);

  function show(id: WizardStepId): void {
    step.value = id;
    furthest.value = Math.max(furthest.value, stepNumber(id));
  }

  /** To the topmost field with a mistake, in the order of the page. */
  function focusFirst(found: readonly FieldIssue[]): void {
    void nextTick(() => {
      const inputs = found.flatMap((issue) => document.getElementById(fieldId(issue.path)) ?? []);
      inputs.sort((one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
      inputs[0]?.focus();
    });
  }

  function go(id: WizardStepId): boolean {
    for (const before of wizardSteps.slice(0, stepNumber(id))) {
      const errors = errorsOfStep(issues.value, before.id);
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
    draft, start, reading, spec, lastSpec, issues, step,
    formIssues: {
      errorOf: (path) => sentence(path, 'error'),
      warningOf: (path) => sentence(path, 'warning'),
      touch: (path) => { touched.value = new Set([...touched.value, path]); },
    },
    reachable: computed(() => Math.min(furthest.value, stepNumber('review')) + 1),
    faulty: computed(() => wizardSteps.filter(({ id }) => errorsOfStep(issues.value, id).some((issue) => isShown(issue.path))).map(({ id }) => id)),
    lost: computed(() => describeLoss(draft.value, original)),
    go,
    next() {
      const at = stepNumber(step.value);
      attempted.value = new Set([...attempted.value, step.value]);
      const following = wizardSteps[at + 1];
      return following ? go(following.id) : false;
    },
    back() {
      const previous = wizardSteps[stepNumber(step.value) - 1];
      if (previous) step.value = previous.id;
    },
    refuse(path, message) {
      refused.value = { path, message, draft: JSON.stringify(draft.value) };
      const home = stepOfField(path);
      attempted.value = new Set([...attempted.value, home]);
      show(home);
      focusFirst([{ path, message, severity: 'error' }]);
    },
  };
}
