import { computed, nextTick, ref, shallowRef, watch } from 'vue';
import type { ComputedRef, Ref } from 'vue';
import type { MachineIntent } from '../../../shared/domain/intent';
import { isOn } from '../../../shared/domain/machine-state';
import type { Machine, MachineNic } from '../../../shared/domain/machine';
import type { NicSpec } from '../../../shared/domain/machine-intent';
import { validateNicSpec } from '../../../shared/domain/validate-nic-spec';
import type { NicIssue } from '../../../shared/domain/validate-nic-spec';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import type { AppError } from '../../../shared/errors/app-error';
import { fieldId } from '../../ui/form-issues';
import type { FormIssues } from '../../ui/form-issues';
import { draftDifferences, mergeDrafts } from './merge-draft';
import { draftOfNic, newNicDraft, normalizeMac, sourceOfDraft, toNicSpec } from './nic-draft';
import type { NicDraft } from './nic-draft';
import { possibleExtents, usualExtent } from './nic-extent';
import { freeMac, macShapeProblem, macsElsewhere } from './nic-mac';
import { isUnchanged, whatHappens } from './what-happens';

export interface NicFormContext {
  snapshot: HostSnapshot;
  others: readonly { name: string; snapshot: HostSnapshot }[];
  machine: Machine;
  /** The NIC as the host has it now; null for a new one. */
  nic: MachineNic | null;
}

export interface NicForm {
  draft: Ref<NicDraft>;
  /** The NIC as the form says it, once nothing in it is wrong; else null. */
  spec: ComputedRef<NicSpec | null>;
  happens: ComputedRef<string[]>;
  unchanged: ComputedRef<boolean>;
  /** What was changed on the host while the form was open, in words; empty when nothing was. */
  meanwhile: ComputedRef<string[]>;
  /** `both`: the host's changes and the user's on top; `theirs`: the host's alone; `mine`: as typed. */
  settle(choice: 'both' | 'theirs' | 'mine'): void;
  formIssues: FormIssues;
  proposeMac(): void;
  /** Shows every sentence, goes to the topmost mistake, and gives the intent when there is none. */
  submit(): MachineIntent | null;
  /** Shows beside its field what main refused. False when it belongs to none. */
  refuse(error: AppError): boolean;
}

const unlimited = { bandwidth: { inbound: null, outbound: null } };

/** Fields of the form by the paths main speaks of. */
function fieldOfPath(path: string | undefined): string | null {
  const tail = path?.replace(/^(intent\.)?(nic\.)?/, '') ?? '';
  if (/^(mac|model)$/.test(tail)) return tail;
  const source = /^source\.(network|portgroup|bridge|device)$/.exec(tail)?.[1];
  if (source) return source;
  const rate = /^bandwidth\.(inbound|outbound)\.(average|peak|burst)/.exec(tail);
  return rate ? `${rate[1]}.${rate[2]}` : null;
}

function startDraft(context: NicFormContext, network: string | null): NicDraft {
  const { machine, nic, snapshot, others } = context;
  if (nic) return draftOfNic(nic, usualExtent(machine, nic));
  const first = network ?? snapshot.networks.find((candidate) => candidate.active && candidate.name === 'default')?.name ?? snapshot.networks.find((candidate) => candidate.active)?.name ?? snapshot.networks[0]?.name ?? '';
  return newNicDraft(first, freeMac(snapshot, macsElsewhere(others)), usualExtent(machine, null));
}

/** The form of one NIC: draft, what is wrong with it, what follows. Knows no window and asks no host. */
export function useNicForm(context: () => NicFormContext, network: string | null): NicForm {
  const draft = ref<NicDraft>(startDraft(context(), network));
  const base = shallowRef<NicDraft | null>(context().nic ? structuredClone({ ...draft.value, inbound: { ...draft.value.inbound }, outbound: { ...draft.value.outbound } }) : null);
  const touched = shallowRef<ReadonlySet<string>>(new Set<string>());
  const attempted = ref(false);
  const refused = shallowRef<{ path: string; message: string; draft: string } | null>(null);
  const plain = (): NicDraft => ({ ...draft.value, inbound: { ...draft.value.inbound }, outbound: { ...draft.value.outbound } });

  const isOvs = computed(() => context().snapshot.ovsBridges.some((bridge) => bridge.name === draft.value.bridge)
    || (context().nic?.isOvs === true && context().nic?.bridge === draft.value.bridge));
  const reading = computed(() => toNicSpec(draft.value, isOvs.value));
  const elsewhere = computed(() => macsElsewhere(context().others));
  const host = computed(() => { const { nic, machine } = context(); return nic && draftOfNic(nic, usualExtent(machine, nic)); });

  const issues = computed<NicIssue[]>(() => {
    const { machine, nic, snapshot } = context();
    const found = [...reading.value.issues];
    const noMac = macShapeProblem(draft.value.mac);
    if (noMac !== null) found.push({ path: 'mac', message: noMac, severity: 'error' });
    // What main will look at, too; fields that can't be read yet have their own sentences.
    const asTyped: NicSpec = { ...unlimited, source: sourceOfDraft(draft.value, isOvs.value), mac: normalizeMac(draft.value.mac), model: draft.value.model || null, linkUp: draft.value.linkUp };
    const now = isOn(machine) && draft.value.extent !== 'definition';
    const ofHost = validateNicSpec(asTyped, { snapshot, elsewhere: elsewhere.value, machine, mac: nic?.mac ?? null, now }).map((issue) => ({ ...issue, path: issue.path.replace('source.', '') }));
    found.push(...ofHost.filter((issue) => !found.some((known) => known.path === issue.path)));
    const fromMain = refused.value;
    if (fromMain && fromMain.draft === JSON.stringify(draft.value)) found.push({ path: fromMain.path, message: fromMain.message, severity: 'error' });
    return found;
  });
  const spec = computed(() => (issues.value.some((issue) => issue.severity === 'error') ? null : reading.value.spec));
  const unchanged = computed(() => { const { nic } = context(); return nic !== null && spec.value !== null && isUnchanged(nic, spec.value); });

  // What can no longer be chosen, since the machine was started or stopped meanwhile, gives way to what can.
  watch(() => possibleExtents(context().machine, context().nic).join(), () => {
    const { machine, nic } = context();
    if (!possibleExtents(machine, nic).includes(draft.value.extent)) draft.value.extent = usualExtent(machine, nic);
  });

  /** Where something is wrong shows at once for choices, for what is typed once it was left. */
  const isShown = (path: string): boolean => attempted.value || touched.value.has(path) || ['network', 'bridge', 'device', 'portgroup'].includes(path);
  const sentence = (path: string, severity: NicIssue['severity']): string | null =>
    (isShown(path) ? issues.value.find((issue) => issue.severity === severity && issue.path === path)?.message ?? null : null);

  function focusFirst(): void {
    void nextTick(() => {
      const inputs = issues.value.filter((issue) => issue.severity === 'error').flatMap((issue) => document.getElementById(fieldId(issue.path)) ?? []);
      inputs.sort((one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
      inputs[0]?.focus();
    });
  }

  return {
    draft, spec, unchanged,
    happens: computed(() => { const { machine, nic, snapshot } = context(); return spec.value && !unchanged.value ? whatHappens(machine, nic, spec.value, draft.value.extent, snapshot) : []; }),
    meanwhile: computed(() => (base.value && host.value ? draftDifferences(base.value, host.value) : [])),
    settle(choice) {
      const [was, theirs] = [base.value, host.value];
      if (!was || !theirs) return;
      if (choice === 'both') draft.value = mergeDrafts(was, plain(), theirs);
      if (choice === 'theirs') draft.value = { ...theirs, extent: draft.value.extent };
      base.value = theirs;
    },
    formIssues: {
      errorOf: (path) => sentence(path, 'error'),
      warningOf: (path) => sentence(path, 'warning'),
      touch: (path) => { touched.value = new Set([...touched.value, path]); },
    },
    proposeMac() { draft.value.mac = freeMac(context().snapshot, elsewhere.value); },
    submit() {
      attempted.value = true;
      const { machine, nic } = context();
      if (spec.value === null) {
        focusFirst();
        return null;
      }
      const common = { uuid: machine.uuid, extent: draft.value.extent, nic: spec.value };
      return nic ? { kind: 'machine.change-nic', mac: nic.mac, ...common } : { kind: 'machine.attach', ...common };
    },
    refuse(error) {
      const path = fieldOfPath(error.data.field);
      if (path === null) return false;
      refused.value = { path, message: error.data.detail, draft: JSON.stringify(draft.value) };
      attempted.value = true;
      focusFirst();
      return true;
    },
  };
}
