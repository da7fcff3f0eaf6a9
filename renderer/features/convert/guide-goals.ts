import { bridgeNameProblem } from '../../../shared/domain/conversion/bridge-name';
import type { ConversionRequest } from '../../../shared/domain/conversion/review';
import type { ConversionSurvey, SurveyedBridge, SurveyedPort } from '../../../shared/domain/conversion/survey';
import { addressDraftOf, judgeAddresses } from './address-draft';
import type { GuideDraft, GuideStep } from './use-convert-guide';

/** How the guide speaks of what it is about. */
export interface GuideWords {
  title: string;
  refused: string;
  /** On the button that begins it. */
  action: string;
  /** What is kept when it is kept. */
  kept: string;
  /** What is before and after, with an arrow; empty: nothing is chosen yet. */
  about: string;
}

/** One thing that the guide does. From the preflight on, all of them go the same way. */
export interface GuideGoal {
  steps: readonly { id: GuideStep; title: string }[];
  /** The transaction that is undone, of which nothing is asked; null: the host is looked at, and a device is chosen. */
  undoes: string | null;
  /** What the first step asks. */
  asks: { question: string; lead(host: string): string; nothing(host: string): string };
  words(draft: GuideDraft): GuideWords;
  /** Null: not all that is asked was answered. */
  request(draft: GuideDraft, survey: ConversionSurvey | null): ConversionRequest | null;
  /** Why a step that asks does not let go on; null: it does. */
  refusal(step: GuideStep, draft: GuideDraft, survey: ConversionSurvey | null): string | null;
  /** What follows from the choice of a device. */
  choose(device: string, survey: ConversionSurvey): Partial<GuideDraft>;
  /** What is proposed, once the host was looked at. `wanted`: the device that the way here has named. */
  propose(draft: GuideDraft, survey: ConversionSurvey, wanted: string | null): Partial<GuideDraft>;
}

export type GoalName = 'convert' | 'unbridge' | 'readdress';

const lastSteps = [{ id: 'preflight', title: 'Preflight' }, { id: 'review', title: 'Review' }] as const;

/** The one that is named, else the one that carries the session, else the first that nothing speaks against. */
function chosen<T extends { outlook: { device: string }; carriesSession: boolean; refusal: unknown }>(devices: readonly T[], wanted: string | null): T | undefined {
  return devices.find(({ outlook }) => outlook.device === wanted) ?? devices.find(({ carriesSession, refusal }) => carriesSession && refusal === null) ?? devices.find(({ refusal }) => refusal === null);
}

/** Why the bridge can't have its name, in a sentence; null: it can. */
export function nameProblemOf({ bridge, kind }: GuideDraft, survey: ConversionSurvey | null): string | null {
  if (kind === 'ovs' && survey?.ovsAnswers === false) return null;
  const problem = bridgeNameProblem(bridge, survey?.taken ?? []);
  return problem === null ? null : `${problem.title}. ${problem.code === 'bridge.name' ? problem.detail : problem.alternative ?? ''}`.trim();
}

const convert: GuideGoal = {
  steps: [{ id: 'nic', title: 'NIC' }, { id: 'bridge', title: 'Bridge' }, ...lastSteps],
  undoes: null,
  asks: {
    question: 'Which NIC becomes part of a bridge?',
    lead: (host) => `Machines on a bridge are on your LAN like any other computer. The bridge takes over the address of ${host}; the NIC becomes its first port. ${host} itself takes all of it back unless it was reached afterwards over a new connection.`,
    nothing: (host) => `${host} has no NIC that leads anywhere. Plug one in, or use a network that needs none: NAT or isolated.`,
  },
  words: ({ nic, bridge }) => ({
    title: `${nic} becomes a port of ${bridge}`, refused: `${nic} can’t be converted as it is`, action: `Convert ${nic}`, kept: 'the bridge', about: nic && bridge ? `${nic} → ${bridge}` : '',
  }),
  request: ({ nic, bridge, kind, leave }) => ({ kind: 'convert', nic, bridge, switch: kind, ...leave.length > 0 && { leave: [...leave] } }),
  refusal(step, draft, survey) {
    if (step === 'bridge') return nameProblemOf(draft, survey);
    const device = survey?.devices.find(({ outlook }) => outlook.device === draft.nic);
    return device ? device.refusal?.title ?? null : 'Choose a NIC.';
  },
  choose: (nic) => ({ nic }),
  propose: (draft, { devices, suggestedBridge }, wanted) => ({ nic: chosen(devices, draft.nic || wanted)?.outlook.device ?? '', bridge: draft.bridge || suggestedBridge }),
};

const unbridge: GuideGoal = {
  steps: [{ id: 'away', title: 'Bridge' }, ...lastSteps],
  undoes: null,
  asks: {
    question: 'Which bridge, or which of its NICs, goes?',
    lead: (host) => `A bridge’s NIC takes the addresses back, whoever made the bridge; of several NICs one can leave, and the bridge stays as it is. ${host} itself takes that back unless it was reached afterwards over a new connection. Machines that are plugged into a bridge stop it from going; those that need it later are named before anything runs.`,
    nothing: (host) => `${host} has no bridge with a NIC. The bridges of NAT and isolated networks go with their networks.`,
  },
  words: ({ nic, bridge, leavesAlone }) => (leavesAlone
    ? { title: `${nic} leaves ${bridge}, which stays`, refused: `${nic} can’t be taken out as it is`, action: `Take ${nic} out`, kept: 'it so', about: `${nic} out of ${bridge}` }
    : { title: `${bridge} goes, and ${nic} takes its addresses`, refused: `${bridge} can’t be taken away as it is`, action: `Take ${bridge} away`, kept: 'it so', about: bridge && nic ? `${bridge} → ${nic}` : '' }),
  request: ({ bridge, nic, leavesAlone }) => (bridge === '' ? null : { kind: 'unbridge', bridge, ...leavesAlone && { port: nic } }),
  refusal(_step, draft, survey) {
    const found = goingFrom(draft, survey);
    return found ? found.refusal?.title ?? null : 'Choose a bridge.';
  },
  choose(device, { bridges, ports }) {
    const port = ports.find(({ outlook }) => outlook.device === device);
    if (port) return { bridge: port.bridge, nic: device, kind: port.kind, leavesAlone: true };
    const bridge = bridges.find(({ outlook }) => outlook.device === device);
    return bridge ? { bridge: device, nic: bridge.uplinks[0] ?? '', kind: bridge.kind, leavesAlone: false } : {};
  },
  propose(draft, survey, wanted) {
    const named = survey.ports.find(({ outlook }) => outlook.device === (draft.leavesAlone ? draft.nic : draft.bridge || wanted));
    const found = named ?? chosen(survey.bridges, draft.bridge || wanted);
    return found ? this.choose(found.outlook.device, survey) : {};
  },
};

/** The bridge, or the port, that goes. */
function goingFrom({ bridge, nic, leavesAlone }: GuideDraft, survey: ConversionSurvey | null): SurveyedBridge | SurveyedPort | undefined {
  return leavesAlone ? survey?.ports.find(({ outlook }) => outlook.device === nic) : survey?.bridges.find(({ outlook }) => outlook.device === bridge);
}

const readdress: GuideGoal = {
  steps: [{ id: 'device', title: 'Device' }, { id: 'addresses', title: 'Addresses' }, ...lastSteps],
  undoes: null,
  asks: {
    question: 'Which device gets other addresses?',
    lead: (host) => `Its addresses and gateways of IPv4 and IPv6, name servers, search domains or MTU. Where the address of this session changes, Netwright looks for ${host} at the new one, and ${host} goes back to the old one by itself unless it was reached there.`,
    nothing: (host) => `No device of ${host} that leads outside has an address.`,
  },
  words: ({ nic }) => ({ title: `other settings for ${nic}`, refused: `${nic} can’t be changed so`, action: `Change ${nic}`, kept: 'the new settings', about: nic }),
  request(draft, survey) {
    const device = survey?.addressed.find(({ outlook }) => outlook.device === draft.nic);
    if (!device || !survey) return null;
    return { kind: 'readdress', ...judgeAddresses(draft.addresses, device, survey).request };
  },
  refusal(step, draft, survey) {
    const device = survey?.addressed.find(({ outlook }) => outlook.device === draft.nic);
    if (!device || !survey) return 'Choose a device.';
    if (step === 'device') return device.refusal?.title ?? null;
    const { errors, isSame } = judgeAddresses(draft.addresses, device, survey);
    return Object.values(errors)[0] ?? (isSame ? 'Nothing differs from today yet.' : null);
  },
  choose(device, survey) {
    const found = survey.addressed.find(({ outlook }) => outlook.device === device);
    return found ? { nic: device, bridge: device, addresses: addressDraftOf(found, survey) } : {};
  },
  propose(draft, survey, wanted) {
    const found = chosen(survey.addressed, draft.nic || wanted);
    // What was typed for a device is not lost by looking again.
    return !found || draft.nic === found.outlook.device ? {} : this.choose(found.outlook.device, survey);
  },
};

export const guideGoals: Readonly<Record<GoalName, GuideGoal>> = { convert, unbridge, readdress };

/** Back to what the transaction `id` has found: nothing is asked but whether to go on. */
export const undoGoal = (id: string): GuideGoal => ({
  steps: lastSteps,
  undoes: id,
  asks: { question: '', lead: () => '', nothing: () => '' },
  words: ({ nic, bridge }) => ({
    title: nic === '' ? 'undo a change' : nic === bridge ? `${nic} as it was before` : `${bridge} goes, and ${nic} is as before`, refused: 'It can’t be undone as it is',
    action: nic === bridge && nic !== '' ? 'Undo change' : 'Undo conversion', kept: 'it so', about: nic === '' ? '' : nic === bridge ? nic : `${bridge} → ${nic}`,
  }),
  request: () => ({ kind: 'undo', id }),
  refusal: () => null,
  choose: () => ({}),
  propose: () => ({}),
});
