import { computed, shallowRef } from 'vue';
import type { ComputedRef, ShallowRef } from 'vue';
import type { ConversionReview } from '../../../shared/domain/conversion/review';
import type { ConversionSurvey, SurveyedDevice } from '../../../shared/domain/conversion/survey';
import type { ConversionRun } from '../../../shared/domain/conversion/conversion-run';
import type { AppError } from '../../../shared/errors/app-error';
import { invoke } from '../../api/client';
import { toAppError } from '../../api/to-app-error';
import { noAddressDraft } from './address-draft';
import type { AddressDraft } from './address-draft';
import { nameProblemOf } from './guide-goals';
import type { GuideGoal, GuideWords } from './guide-goals';
import { reviewDifferences } from './review-differences';

export type GuideStep = 'nic' | 'bridge' | 'away' | 'device' | 'addresses' | 'preflight' | 'review';

/** What the user answers. */
export interface GuideDraft {
  /** Of other addresses: the device that gets them. */
  nic: string;
  bridge: string;
  /** Of a bridge with several NICs: `nic` leaves it, and it stays. */
  leavesAlone: boolean;
  kind: 'linux' | 'ovs';
  addresses: AddressDraft;
  /** What does not move to the bridge, in words of the survey's settings. */
  leave: readonly string[];
  /** The warnings of the preflight were read, and it shall go on. */
  goesOn: boolean;
  keep: ConversionRun['keep'];
  rebootIfLost: boolean;
}

export interface ConvertGuide {
  goal: GuideGoal;
  steps: GuideGoal['steps'];
  words: ComputedRef<GuideWords>;
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
  /** `wanted`: the device that the way here has named. */
  look(wanted: string | null): Promise<void>;
  /** Of a step that lets one device be chosen. */
  choose(device: string): void;
  go(step: GuideStep): void;
  next(): void;
  back(): void;
  start(): Promise<void>;
}

/** From what is asked to a plan that the user has agreed to. Once it begins, the run takes over. */
export function useConvertGuide(hostId: () => string, goal: GuideGoal): ConvertGuide {
  const { steps, undoes } = goal;
  const step = shallowRef<GuideStep>(steps[0]!.id);
  const draft = shallowRef<GuideDraft>({ nic: '', bridge: '', leavesAlone: false, kind: 'linux', addresses: noAddressDraft, leave: [], goesOn: false, keep: 'verified', rebootIfLost: false });
  const survey = shallowRef<ConversionSurvey | null>(null);
  const review = shallowRef<ConversionReview | null>(null);
  const waits = shallowRef<'surveying' | 'planning' | 'starting' | null>('surveying');
  const error = shallowRef<AppError | null>(null);
  const differences = shallowRef<readonly string[]>([]);

  const device = computed(() => survey.value?.devices.find(({ outlook }) => outlook.device === draft.value.nic) ?? null);
  const nameProblem = computed(() => nameProblemOf(draft.value, survey.value));

  function refusalAt(at: GuideStep): string | null {
    if (at === 'review') return review.value?.plan ? null : 'There is no plan yet.';
    if (at !== 'preflight') return goal.refusal(at, draft.value, survey.value);
    if (review.value === null) return 'The host has not been looked at yet.';
    if (review.value.plan === null) return 'Something stands in the way.';
    return draft.value.goesOn || review.value.findings.length === 0 ? null : 'Say that you have read the warnings.';
  }
  const refusal = computed(() => refusalAt(step.value));
  const reachable = computed(() => {
    const stuck = steps.findIndex(({ id }) => refusalAt(id) !== null);
    return stuck < 0 ? steps.length : stuck + 1;
  });

  function set(change: Partial<GuideDraft>): void {
    const asksAnew = change.nic !== undefined || change.bridge !== undefined || change.kind !== undefined || change.addresses !== undefined || change.leave !== undefined;
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

  const words = computed(() => goal.words(draft.value));

  async function lookAtTransaction(id: string): Promise<void> {
    const transactions = await wait('surveying', () => invoke('conversion.list', { hostId: hostId() }));
    const found = transactions?.find((transaction) => transaction.id === id);
    if (found) set({ nic: found.nic, bridge: found.bridge, kind: found.kind });
    if (transactions) await plan();
  }

  async function look(wanted: string | null): Promise<void> {
    if (undoes !== null) return lookAtTransaction(undoes);
    survey.value = await wait('surveying', () => invoke('conversion.survey', { hostId: hostId() }));
    if (!survey.value) return;
    set(goal.propose(draft.value, survey.value, wanted));
  }

  async function plan(): Promise<void> {
    const request = goal.request(draft.value, survey.value);
    if (request === null) return;
    const fresh = await wait('planning', () => invoke('conversion.preview', { hostId: hostId(), request }));
    // The answer to a question that is not asked any more.
    if (JSON.stringify(goal.request(draft.value, survey.value)) === JSON.stringify(request)) review.value = fresh;
  }

  function go(wanted: GuideStep): void {
    step.value = wanted;
    if (wanted === 'preflight' && review.value === null) void plan();
    if (wanted === steps[0]?.id && undoes === null && error.value !== null) void look(null);
  }

  function move(by: number): void {
    const wanted = steps[steps.findIndex(({ id }) => id === step.value) + by];
    if (wanted) go(wanted.id);
  }

  return {
    goal, steps, words, step, draft, survey, device, review, waits, error, differences, nameProblem, refusal, reachable, set, look, go,
    choose: (chosen) => { if (survey.value) set(goal.choose(chosen, survey.value)); },
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
