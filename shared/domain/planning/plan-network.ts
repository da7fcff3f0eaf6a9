import { AppError } from '../../errors/app-error';
import type { NetworkIntent } from '../intent';
import { networkKindWord } from '../network-kinds';
import { familyOfKind } from '../network-families';
import type { NetworkSpec } from '../network-spec';
import { parseNetwork } from '../network-xml/parse-network';
import type { HistoryEntry, NetworkState, Plan } from '../plan';
import type { HostSnapshot } from '../snapshot';
import { ownsBridge } from '../used-ranges';
import { planRoutersUndo } from './plan-lab-routers';
import { followBack, followChecks, followSteps } from './follow-rename';
import { fitsRunning, liveUpdates } from './live-updates';
import type { LiveUpdate } from './live-updates';
import { stateOf } from './network-state';
import { defineNetworkXml } from './plan-define-xml';
import { checksAfter } from './plan-checks';
import { noticesOf } from './plan-notices';
import { planTransition } from './plan-transition';
import type { Transition } from './plan-transition';
import type { Proposal } from './proposal';
import { transitionsOfUndo } from './plan-undo';
import { switchChecks, switchNotices, switchSteps, switchesOfSpec, switchesOfUndo } from './switch-steps';
import type { PlanDraft, PlanningContext } from './planning-context';
import { mayPlug, plugsOf } from './plugged-machines';

/** Throws AppError `plan.invalid` (with `field`), `not-found`, `libvirt.already-active`, `libvirt.not-active`, `auth.no-privilege`, `undo.refused`. */
export function planNetwork(intent: NetworkIntent, context: PlanningContext): PlanDraft {
  return draftOf(transitionsOf(intent, context), context);
}

/** Networks back to the state before a plan. Throws `undo.refused`, `not-found`, `auth.no-privilege`. */
export function planNetworksUndo(entry: HistoryEntry | null, context: PlanningContext): PlanDraft {
  const proposal = transitionsOfUndo(entry, (uuid) => stateOf(uuid, context), (uuid) => context.xmlOf(uuid)?.running ?? null);
  const draft = draftOf({ ...proposal, switches: entry ? switchesOfUndo(entry, context.snapshot) : [] }, context);
  const { going, coming } = planRoutersUndo(entry, context);
  return {
    ...draft, steps: [...going.steps, ...draft.steps, ...coming.steps], checks: [...going.checks, ...draft.checks, ...coming.checks],
    changes: [...going.changes, ...draft.changes, ...coming.changes], notices: [...going.notices, ...draft.notices, ...coming.notices],
  };
}

function draftOf({ title, summary, transitions, switches = [], notices = [] }: Proposal, context: PlanningContext): PlanDraft {
  const { snapshot } = context;
  transitions.forEach((transition) => refuseUnpluggable(transition, snapshot));
  const { first, last } = switchSteps(switches);
  return {
    title, summary,
    steps: [...first, ...transitions.flatMap((transition) => withFollowers(transition, context)), ...last],
    checks: eachOnce([...switchChecks(switches), ...transitions.flatMap((transition) => [...checksAfter(transition, snapshot), ...followChecks(transition, context)])]),
    changes: transitions
      .filter(({ before, after }) => before.xml !== after.xml)
      .map(({ before, after }) => ({ title: after.name, language: 'xml', before: before.xml, after: after.xml })),
    notices: [...notices, ...switchNotices(switches), ...transitions.flatMap((transition) => noticesOf(transition, snapshot))],
  };
}

/** A network that changes its name takes the NICs of its machines with it. */
function withFollowers(transition: Transition, context: PlanningContext): PlanDraft['steps'] {
  const [first, ...rest] = planTransition(transition, context.snapshot);
  if (!first) return [];
  return [{ ...first, inverse: [...first.inverse, ...followBack(transition, context)] }, ...rest, ...followSteps(transition, context)];
}

/** A new switch is looked at once, though it is also what the network is attached to. */
export function eachOnce(checks: PlanDraft['checks']): PlanDraft['checks'] {
  const first = new Map([...checks].reverse().map((check) => [JSON.stringify(check.check), check]));
  return checks.filter((check) => first.get(JSON.stringify(check.check)) === check);
}

/** A restart would leave running machines without their cable where the session may not plug them in again. */
export function refuseUnpluggable({ before, after, restart }: Transition, snapshot: HostSnapshot): void {
  const isRenamed = before.active && after.xml !== null && before.name !== after.name;
  if (!(restart || isRenamed) || before.xml === null || !ownsBridge(parseNetwork(before.xml))) return;
  if (mayPlug(snapshot) || plugsOf(snapshot, before.name).length === 0) return;
  throw new AppError('auth.no-privilege', 'Running machines could not be plugged in again', `Machines run on “${before.name}”, and this session may not touch their devices on the host (that takes root).`, {
    hint: 'Apply the change at the network\'s next start, shut the machines down first, or connect as root or with sudo.',
  });
}

function transitionsOf(intent: NetworkIntent, context: PlanningContext): Proposal {
  if (intent.kind === 'network.create') return createNetwork(intent, context);
  if (intent.kind === 'network.define') return defineNetworkXml(intent, context);
  const before = stateOf(intent.uuid, context);
  if (!before || before.xml === null) {
    throw new AppError('not-found', 'No such network', 'It is not on this host any more; perhaps it was deleted in the meantime.');
  }
  const name = before.name;
  const mustPersist = (what: string): void => {
    if (before.persistent === false) throw invalid('A transient network', `“${name}” has no definition, so it can't be ${what}. It is gone once it is stopped.`);
  };
  const to = (after: Partial<NetworkState>): Transition[] => [{ before, after: { ...before, ...after }, restart: false }];
  switch (intent.kind) {
    case 'network.edit':
      mustPersist('changed');
      return editNetwork(intent, before, before.xml, context);
    case 'network.delete':
      return { title: `Delete the network ${name}`, summary: `${before.active ? 'It is stopped, and its' : 'Its'} definition is removed. Undo brings it back as it was.`, transitions: to({ xml: null, active: false, autostart: false }) };
    case 'network.start':
      if (before.active) throw new AppError('libvirt.already-active', 'Already active', `“${name}” is active.`);
      return { title: `Start the network ${name}`, summary: ownsBridge(parseNetwork(before.xml)) ? 'libvirt makes its bridge, firewall rules, DHCP and DNS.' : 'From then on machines on it can be started. What it is attached to is the host’s own and stays as it is.', transitions: to({ active: true }) };
    case 'network.stop':
      if (!before.active) throw new AppError('libvirt.not-active', 'Not active', `“${name}” is not active.`);
      return { title: `Stop the network ${name}`, summary: before.persistent === false ? 'It has no definition and is gone then.' : 'Its definition stays; it can be started again.', transitions: before.persistent === false ? to({ xml: null, active: false }) : to({ active: false }) };
    case 'network.autostart':
      mustPersist('started with the host');
      return {
        title: intent.enabled ? `Start ${name} with the host` : `Don't start ${name} with the host`,
        summary: intent.enabled ? 'libvirt starts it whenever the host boots.' : 'After the next boot it stays inactive until someone starts it.',
        transitions: to({ autostart: intent.enabled }),
      };
  }
}

function createNetwork(intent: Extract<NetworkIntent, { kind: 'network.create' }>, context: PlanningContext): Proposal {
  const { snapshot } = context;
  if (snapshot.networks.some((network) => network.uuid === intent.uuid)) throw invalid('The network exists already', 'A network with this UUID is on the host. Begin anew.');
  const { spec, notices } = checkedSpec(intent.spec, context, null);
  const before: NetworkState = { uuid: intent.uuid, name: spec.name, xml: null, active: false, autostart: false };
  const after: NetworkState = { ...before, xml: familyOfKind(spec.kind).build(intent.uuid, spec), active: intent.start, autostart: spec.autostart };
  return { title: `Create the ${networkKindWord[spec.kind]} network ${spec.name}`, summary: familyOfKind(spec.kind).summary(spec), transitions: [{ before, after, restart: false }], switches: switchesOfSpec(spec, snapshot), notices };
}

function editNetwork(intent: Extract<NetworkIntent, { kind: 'network.edit' }>, before: NetworkState, xml: string, context: PlanningContext): Proposal {
  const { spec, notices } = checkedSpec(intent.spec, context, intent.uuid);
  const after: NetworkState = { ...before, xml: familyOfKind(spec.kind).edit(xml, spec), autostart: spec.autostart };
  if (before.active && intent.when === 'live') {
    const live = updatesOf(before, after, context);
    return { title: `Change the network ${before.name}`, summary: 'The change is in force at once, and machines keep their link.', transitions: [{ before, after, restart: false, live }], notices };
  }
  const restart = before.active && intent.when === 'now' && after.xml !== xml;
  const later = before.active && !restart && after.xml !== xml;
  return {
    title: `Change the network ${before.name}`,
    summary: restart ? 'The new definition is in force at once: the network is stopped and started.'
      : later ? 'The new definition waits for the network\'s next start; until then nothing changes for the machines on it.' : 'The new definition is in force when the network starts.',
    transitions: [{ before, after, restart }],
    switches: switchesOfSpec(spec, context.snapshot),
    notices,
  };
}

/** Throws `plan.invalid` where only a restart brings the change into force. */
function updatesOf(before: NetworkState, after: NetworkState, { xmlOf }: PlanningContext): LiveUpdate[] {
  const updates = before.xml === null || after.xml === null ? null : liveUpdates(before.xml, after.xml);
  if (!updates) throw invalid('Not while the network runs', 'libvirt changes reservations, DHCP ranges, DNS records and portgroups of a running network; anything else takes a restart.', 'when');
  const running = xmlOf(before.uuid)?.running ?? null;
  if (running !== null && !fitsRunning(updates, running)) {
    throw invalid('Not while the network runs', `“${before.name}” runs with another definition than the one it has, so the change would not fit both. Restart it first.`, 'when');
  }
  return updates;
}

/** The spec as this host can keep it, with the cautions of the rules; throws at the first error. */
export function checkedSpec(spec: NetworkSpec, context: Pick<PlanningContext, 'snapshot' | 'used'>, uuid: string | null): { spec: NetworkSpec; notices: Plan['notices'] } {
  const issues = familyOfKind(spec.kind).validate(spec, { snapshot: context.snapshot, used: context.used, uuid });
  const error = issues.find((issue) => issue.severity === 'error');
  if (error) throw new AppError('plan.invalid', 'The network can\'t be made like this', error.message, { field: error.path });
  return { spec: familyOfKind(spec.kind).fit(spec, context.snapshot), notices: issues.map((issue) => ({ severity: 'warning', text: issue.message })) };
}

function invalid(title: string, detail: string, field?: string): AppError {
  return new AppError('plan.invalid', title, detail, field === undefined ? {} : { field });
}
