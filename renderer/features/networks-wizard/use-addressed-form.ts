import { computed, ref } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import type { AddressedSpec } from '../../../shared/domain/addressed-spec';
import type { UsedRange } from '../../../shared/domain/used-range';
import type { NetworkContext } from '../../../shared/domain/network-rules/rule';
import { useFormSteps } from '../../ui/use-form-steps';
import type { FormSteps } from '../../ui/use-form-steps';
import { describeLoss } from './draft-loss';
import { draftFromSpec, toSpec } from './addressed-draft';
import type { DraftReading, AddressedDraft } from './addressed-draft';
import { findIssues } from './draft-rules';
import { wizardSteps, stepOfField } from './wizard-steps';

/** What a wizard starts from: a proposal, or an existing network's spec. */
export interface WizardStart { spec: AddressedSpec; ipv4: { address: string; prefix: number }; ipv6: { address: string; prefix: number }; used: UsedRange[] }

export interface AddressedForm extends FormSteps {
  draft: Ref<AddressedDraft>;
  reading: ComputedRef<DraftReading>;
  /** The draft as a spec, once nothing in it is wrong; else null. */
  spec: ComputedRef<AddressedSpec | null>;
  /** The last readable spec, for the picture at the side while a field is half-typed. */
  lastSpec: ComputedRef<AddressedSpec>;
  lost: ComputedRef<string[]>;
  /** Puts another spec into the form, as after a merge; the choices that are no part of a spec stay. */
  replace(spec: AddressedSpec): void;
}

/** The form of the wizard of libvirt's own networks: draft, what is wrong with it, and the steps. Knows no host and asks nobody. */
export function useAddressedForm(start: WizardStart, context: () => NetworkContext): AddressedForm {
  const original = draftFromSpec(start.spec, { ipv4: start.ipv4, ipv6: start.ipv6 }, true);
  const draft = ref<AddressedDraft>(structuredClone(original));
  const reading = computed(() => toSpec(draft.value));
  const steps = useFormSteps({
    steps: wizardSteps, stepOfField, warnsAtOnce: false,
    found: () => [...reading.value.issues, ...findIssues(reading.value, start.spec, context())],
    typed: () => JSON.stringify(draft.value),
  });

  let known = start.spec;
  return {
    ...steps, draft, reading,
    spec: computed(() => (steps.hasErrors.value ? null : reading.value.spec)),
    lastSpec: computed(() => {
      if (reading.value.spec) known = reading.value.spec;
      return known;
    }),
    lost: computed(() => describeLoss(draft.value, original)),
    replace(spec) {
      draft.value = draftFromSpec(spec, { ipv4: start.ipv4, ipv6: start.ipv6 }, draft.value.start);
    },
  };
}
