import { computed, ref, shallowRef } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import type { AttachedSpec } from '../../../shared/domain/attached-spec';
import type { FieldIssue } from '../../../shared/domain/field-issue';
import type { NetworkContext } from '../../../shared/domain/network-rules/rule';
import { validateAttachedSpec } from '../../../shared/domain/validate-attached-spec';
import { useFormSteps } from '../../ui/use-form-steps';
import type { FormSteps } from '../../ui/use-form-steps';
import { draftFromSpec, fieldOf, noVlan, toSpec } from './attached-draft';
import type { AttachedDraft } from './attached-draft';
import { attachedSteps, stepOfField } from './attached-steps';
import { describeLoss } from './draft-loss';

export interface AttachedForm extends FormSteps {
  draft: Ref<AttachedDraft>;
  /** Once nothing in the draft is wrong; else null. */
  spec: ComputedRef<AttachedSpec | null>;
  /** The last readable spec, for the picture at the side while a field is half-typed. */
  lastSpec: ComputedRef<AttachedSpec>;
  lost: ComputedRef<string[]>;
  /** Puts another spec into the form, as after a merge; the choices that are no part of a spec stay. */
  replace(spec: AttachedSpec): void;
}

/** A half-typed VLAN must not hide what is wrong elsewhere: the rules see the draft without it. */
function withoutMalformed(draft: AttachedDraft, malformed: readonly FieldIssue[]): AttachedDraft {
  const isBad = (path: string): boolean => malformed.some((issue) => issue.path.startsWith(path));
  return {
    ...draft, vlan: isBad('vlan') ? noVlan : draft.vlan,
    portgroups: draft.portgroups.map((group, at) => ({
      ...group,
      name: isBad(`portgroups.${at}.name`) ? `\u00b7${at}` : group.name, vlan: isBad(`portgroups.${at}.vlan`) ? noVlan : group.vlan,
      inboundKBps: isBad(`portgroups.${at}.inbound`) ? '' : group.inboundKBps, outboundKBps: isBad(`portgroups.${at}.outbound`) ? '' : group.outboundKBps,
    })),
  };
}

/** About the same field, or the same VLAN. */
const samePart = (one: string, other: string): boolean => one.replace(/\.vlan\..*/, '.vlan') === other.replace(/\.vlan\..*/, '.vlan');

/** The form of the wizard: draft, what is wrong with it, and the steps. Knows no host and asks nobody. */
export function useAttachedForm(start: AttachedSpec, freeSwitchName: string, context: () => NetworkContext): AttachedForm {
  const original = draftFromSpec(start, freeSwitchName, true);
  const draft = ref<AttachedDraft>(structuredClone(original)) as Ref<AttachedDraft>;
  /** What the form doesn't show comes from here. */
  const basis = shallowRef(start);
  const reading = computed(() => toSpec(draft.value, basis.value));
  const steps = useFormSteps({
    steps: attachedSteps(start.kind), stepOfField: (path) => stepOfField(path, start.kind), warnsAtOnce: true,
    found() {
      const { spec, issues: malformed } = reading.value;
      const checked = spec ?? toSpec(withoutMalformed(draft.value, malformed), basis.value).spec;
      const byRules = checked ? validateAttachedSpec(checked, context()).map((issue) => ({ ...issue, path: fieldOf(issue.path, draft.value) })) : [];
      return [...malformed, ...byRules.filter((issue) => !malformed.some((known) => samePart(known.path, issue.path)))];
    },
    typed: () => JSON.stringify(draft.value),
  });

  let known = start;
  return {
    ...steps, draft,
    spec: computed(() => (steps.hasErrors.value ? null : reading.value.spec)),
    lastSpec: computed(() => {
      if (reading.value.spec) known = reading.value.spec;
      return known;
    }),
    lost: computed(() => describeLoss(draft.value, original)),
    replace(changed) {
      basis.value = changed;
      draft.value = draftFromSpec(changed, freeSwitchName, draft.value.start);
    },
  };
}
