import { computed, shallowRef } from 'vue';
import type { ComputedRef, ShallowRef } from 'vue';
import { bridgeNameProblem } from '../../../shared/domain/conversion/bridge-name';
import type { ConversionRequest, ConversionReview } from '../../../shared/domain/conversion/review';
import type { ConversionSurvey, SurveyedDevice } from '../../../shared/domain/conversion/survey';
import type { ConversionRun } from '../../../shared/domain/conversion/conversion-run';
import type { AppError } from '../../../shared/errors/app-error';
import { invoke } from '../../api/client';
import { toAppError } from '../../api/to-app-error';
import { reviewDifferences } from './review-differences';

const guideSteps = [{ id: 'nic', title: 'NIC' }, { id: 'bridge', title: 'Bridge' }, { id: 'preflight', title: 'Preflight' }, { id: 'review', title: 'Review' }] as const;
export type GuideStep = (typeof guideSteps)[number]['id'];

/** How the guide speaks of what it is about. */
export interface GuideWords { title: string; refused: string; action: string }

/** What the user answers. */
export interface GuideDraft {
  nic: string;
  bridge: string;
  kind: 'linux' | 'ovs';
  /** What does not move to the bridge, in words of the survey's settings. */
  leave: readonly string[];
  /** The warnings of the preflight were read, and it shall go on. */
  goesOn: boolean;
  keep: ConversionRun['keep'];
  rebootIfLost: boolean;
}

export interface ConvertGuide {
  steps: readonly { id: GuideStep; title: string }[];
  words: ComputedRef<GuideWords>;
  isUndo: boolean;
  step: ShallowRef<GuideStep>;
  draft: ShallowRef<GuideDraft>;
  survey: ShallowRef<ConversionSurvey | null>;
  device: ComputedRef<SurveyedDevice | null>;
  review: ShallowRef<ConversionReview | null>;
  /** `surveying`, `planning` and `starting` wait for main. */
  waits: ShallowRef<'surveying' | 'planning' | 'starting' | null>;
  error: ShallowRef<AppError | null>;
  /** What the host's change in the meantime did to the plan. */
  differences: ShallowRef<readonly string[]>;
  nameProblem: ComputedRef<string | null>;
  /** Why this step does not let go on; null: it does. */
  refusal: ComputedRef<string | null>;
  /** How many steps from the first may be jumped to. */
  reachable: ComputedRef<number>;
  set(change: Partial<GuideDraft>): void;
  look(wantedNic: string | null): Promise<void>;
  go(step: GuideStep): void;
  next(): void;
  back(): void;
  start(): Promise<void>;
}

/**
 * From a NIC to a plan that the user has agreed to. Once it begins, the run takes over. `undoes`: the transaction to be undone instead,
 * of which nothing is asked.
 */
export function useConvertGuide(hostId: () => string, undoes: string | null = null): ConvertGuide {
  const steps = undoes === null ? guideSteps : guideSteps.slice(2);
  const step = shallowRef<GuideStep>(undoes === null ? 'nic' : 'preflight');
  const draft = shallowRef<GuideDraft>({ nic: '', bridge: '', kind: 'linux', leave: [], goesOn: false, keep: 'verified', rebootIfLost: false });
  const survey = shallowRef<ConversionSurvey | null>(null);
  const review = shallowRef<ConversionReview | null>(null);
  const waits = shallowRef<'surveying' | 'planning' | 'starting' | null>('surveying');
  const error = shallowRef<AppError | null>(null);
  const differences = shallowRef<readonly string[]>([]);

  const device = computed(() => survey.value?.devices.find(({ outlook }) => outlook.device === draft.value.nic) ?? null);
  const nameProblem = computed(() => {
    if (draft.value.kind === 'ovs' && survey.value?.ovsAnswers === false) return null;
    const problem = bridgeNameProblem(draft.value.bridge, survey.value?.taken ?? []);
    return problem === null ? null : `${problem.title}. ${problem.code === 'bridge.name' ? problem.detail : problem.alternative ?? ''}`.trim();
  });

  const refusal = computed(() => {
    switch (step.value) {
      case 'nic': return device.value === null ? 'Choose a NIC.' : device.value.refusal?.title ?? null;
      case 'bridge': return nameProblem.value;
      case 'preflight':
        if (review.value === null) return 'The host has not been looked at yet.';
        if (review.value.plan === null) return 'Something stands in the way.';
        return draft.value.goesOn || review.value.findings.length === 0 ? null : 'Say that you have read the warnings.';
      case 'review': return review.value?.plan ? null : 'There is no plan yet.';
    }
  });
  const afterPreflight = computed(() => {
    const { findings = [], plan = null } = review.value ?? {};
    return plan !== null && (draft.value.goesOn || findings.length === 0) ? 1 : 0;
  });
  const reachable = computed(() => {
    if (undoes !== null) return 1 + afterPreflight.value;
    if (device.value === null || device.value.refusal !== null) return 1;
    if (nameProblem.value !== null) return 2;
    return 3 + afterPreflight.value;
  });

  function set(change: Partial<GuideDraft>): void {
    const asksAnew = change.nic !== undefined || change.bridge !== undefined || change.kind !== undefined || change.leave !== undefined;
    draft.value = { ...draft.value, ...asksAnew ? { goesOn: false } : {}, ...change.nic !== undefined && change.nic !== draft.value.nic ? { leave: [] } : {}, ...change };
    if (asksAnew) [review.value, differences.value, error.value] = [null, [], null];
  }

  async function wait<T>(what: NonNullable<typeof waits.value>, work: () => Promise<T>): Promise<T | null> {
    waits.value = what;
    error.value = null;
    try {
      return await work();
    } catch (thrown) {
      error.value = toAppError(thrown);
      return null;
    } finally {
      waits.value = null;
    }
  }

  const words = computed<GuideWords>(() => {
    const { nic, bridge } = draft.value;
    if (undoes === null) return { title: `${nic} becomes a port of ${bridge}`, refused: `${nic} can’t be converted as it is`, action: `Convert ${nic}` };
    return { title: nic === '' ? 'undo a conversion' : `${bridge} goes, and ${nic} is as before`, refused: 'The conversion can’t be undone as it is', action: 'Undo conversion' };
  });

  async function lookAtTransaction(id: string): Promise<void> {
    const transactions = await wait('surveying', () => invoke('conversion.list', { hostId: hostId() }));
    const found = transactions?.find((transaction) => transaction.id === id);
    if (found) set({ nic: found.nic, bridge: found.bridge, kind: found.kind });
    if (transactions) await plan();
  }

  async function look(wantedNic: string | null): Promise<void> {
    if (undoes !== null) return lookAtTransaction(undoes);
    survey.value = await wait('surveying', () => invoke('conversion.survey', { hostId: hostId() }));
    if (!survey.value) return;
    const { devices, suggestedBridge } = survey.value;
    const named = devices.find(({ outlook }) => outlook.device === (draft.value.nic || wantedNic));
    const first = devices.find(({ carriesSession, refusal: why }) => carriesSession && why === null) ?? devices.find(({ refusal: why }) => why === null);
    set({ nic: (named ?? first)?.outlook.device ?? '', bridge: draft.value.bridge || suggestedBridge });
  }

  const requestOf = ({ nic, bridge, kind, leave }: GuideDraft): ConversionRequest => (undoes === null ? { kind: 'convert', nic, bridge, switch: kind, ...leave.length > 0 && { leave: [...leave] } } : { kind: 'undo', id: undoes });

  async function plan(): Promise<void> {
    const request = requestOf(draft.value);
    const fresh = await wait('planning', () => invoke('conversion.preview', { hostId: hostId(), request }));
    // The answer to a question that is not asked any more.
    if (JSON.stringify(requestOf(draft.value)) === JSON.stringify(request)) review.value = fresh;
  }

  function go(wanted: GuideStep): void {
    step.value = wanted;
    if (wanted === 'preflight' && review.value === null) void plan();
    if (wanted === 'nic' && error.value !== null) void look(null);
  }

  function move(by: number): void {
    const wanted = steps[steps.findIndex(({ id }) => id === step.value) + by];
    if (wanted) go(wanted.id);
  }

  return {
    steps, words, isUndo: undoes !== null, step, draft, survey, device, review, waits, error, differences, nameProblem, refusal, reachable, set, look, go,
    next: () => { if (refusal.value === null && waits.value === null) move(1); },
    back: () => move(-1),
    async start() {
      const reviewed = review.value;
      if (!reviewed?.plan || waits.value !== null) return;
      const { keep, rebootIfLost } = draft.value;
      await wait('starting', () => invoke('conversion.start', { hostId: hostId(), request: reviewed.request, digest: reviewed.digest, keep, rebootIfLost }));
      if (error.value?.code !== 'plan.stale') return;
      await plan();
      if (review.value === null) return;
      differences.value = reviewDifferences(reviewed, review.value);
      if (review.value.plan === null) step.value = 'preflight';
    },
  };
}
