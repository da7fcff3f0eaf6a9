import { AppError } from '../../errors/app-error';
import type { LabIntent } from '../intent';
import { clearedOf, withNetwork, withSwitch } from '../labs/host-as-if';
import type { HostAsIf } from '../labs/host-as-if';
import type { ResolvedNetwork } from '../labs/lab-intent';
import type { LabMark } from '../labs/lab-mark';
import type { LabVersion } from '../labs/lab-version';
import { labsOnHost, machinesOfLab, networksOfLab } from '../labs/labs-on-host';
import type { Network } from '../network';
import { familyOfKind } from '../network-families';
import { withLabMark } from '../network-xml/lab-mark-xml';
import { withLabVersions } from '../network-xml/lab-versions-xml';
import type { NetworkState, Plan } from '../plan';
import type { HostSnapshot } from '../snapshot';
import { switchStateOf } from '../switch-state';
import { joinParts } from './join-parts';
import type { PlanPart } from './join-parts';
import { fitsRunning, liveUpdates } from './live-updates';
import { keepsFileOnly, planKeeping } from './plan-lab-keeping';
import { stateOf } from './network-state';
import { checksAfter } from './plan-checks';
import { checkedSpec, refuseUnpluggable } from './plan-network';
import { planLabRouters } from './plan-lab-routers';
import { noticesOf } from './plan-notices';
import { planRoles } from './plan-lab-machines';
import { planLabPower } from './plan-lab-power';
import { planTransition } from './plan-transition';
import type { Transition } from './plan-transition';
import type { PlanDraft, PlanningContext } from './planning-context';
import { listNames, machinesOn } from './plugged-machines';
import { switchChecks, switchNotices, switchSteps, switchesOfSpec } from './switch-steps';
import type { SwitchTransition } from './switch-steps';

/** The networks whose XML a lab's plan needs; `machinesOfIntent` says the machines. */
export function networksOfIntent(intent: LabIntent, snapshot: HostSnapshot): string[] {
  const owned = networksOfLab(intent.lab, snapshot).map(({ uuid }) => uuid);
  return intent.kind === 'lab.apply' ? [...new Set([...owned, ...intent.networks.map(({ uuid }) => uuid)])] : owned;
}

/**
 * From what the host has of a lab to what is wanted, whatever state somebody or a killed app left it in; no steps when it is as wanted.
 * What goes comes first, for its names and subnets may be wanted again. A network is marked as the lab's from its very first step on,
 * and its switch lies between that and its last one: cut off anywhere, nothing is there that the lab doesn't know.
 * Throws AppError `plan.invalid`, `not-found`, `auth.no-privilege`.
 */
export function planLab(intent: LabIntent, context: PlanningContext): PlanDraft {
  const owned = networksOfLab(intent.lab, context.snapshot);
  const routers = planLabRouters(intent, context);
  if (intent.kind !== 'lab.apply' && owned.length === 0 && machinesOfLab(intent.lab, context.snapshot).length === 0 && routers.going.steps.length === 0) throw noSuchLab(intent.lab, context.snapshot);
  if (intent.kind === 'lab.start' || intent.kind === 'lab.stop') return planLabPower(intent, context);
  const kept = intent.kind === 'lab.apply' ? intent.networks.map(({ uuid }) => uuid) : [];
  const gone = owned.filter(({ uuid }) => !kept.includes(uuid));
  const roles = planRoles(intent.lab, intent.kind === 'lab.apply' ? intent.machines : [], gone.map(({ name }) => name), context);
  // Of the machines' NICs those are left that no step before has taken out.
  const between = { ...context, snapshot: roles.between };
  if (intent.kind === 'lab.destroy') {
    return joinParts(`Destroy the lab ${intent.lab}`, `${destroyed(owned.length, roles.first.length)}, and nothing else. Undo brings back what was.`, [...roles.first, routers.going, ...removals(owned, between), ...roles.later]);
  }
  let host = clearedOf(intent.lab, kept, { snapshot: between.snapshot, used: context.used });
  const parts = [...roles.first, routers.going, ...removals(gone, between)];
  const keeping = planKeeping(intent, context);
  for (const network of intent.networks) {
    const next = planNetworkOf(intent.lab, network, host, between, keeping?.uuid === network.uuid ? keeping.versions : null);
    parts.push(next.part);
    host = next.host;
  }
  parts.push(...roles.later, routers.coming);
  return owned.length === 0
    ? joinParts(`Create the lab ${intent.lab}`, `${countOf(intent.networks.length)} of its own, which “destroy” removes again.`, parts)
    : joinParts(`Change the lab ${intent.lab}`, 'The host gets what its file says. What is so already is left alone.', parts);
}

/** Those on a switch before the one that it goes with. */
function removals(networks: readonly Network[], context: PlanningContext): PlanPart[] {
  const makesSwitch = (network: Network): boolean => network.lab?.madeSwitch === true;
  return [...networks.filter((network) => !makesSwitch(network)), ...networks.filter(makesSwitch)].map((network) => planRemoval(network, context));
}

function planRemoval(network: Network, context: PlanningContext): PlanPart {
  const { snapshot } = context;
  const before = stateOf(network.uuid, context);
  if (!before || before.xml === null) throw new AppError('not-found', 'No such network', `“${network.name}” is not on this host any more; perhaps it was deleted in the meantime.`);
  const transition: Transition = { before, after: { ...before, xml: null, active: false, autostart: false }, restart: false };
  const { switches, notices } = switchOfRemoved(network, snapshot);
  const steps: PlanPart['steps'] = planTransition(transition, snapshot);
  const undefine = before.persistent === false ? [] : steps.splice(-1);
  // Machines on a switch of ours lose it; on one of others' they keep it.
  const costs = noticesOf(transition, snapshot).filter(({ severity }) => switches.length === 0 || severity === 'warning');
  return {
    steps: [...steps, ...switchSteps(switches).last, ...undefine],
    checks: [...checksAfter(transition, snapshot), ...switchChecks(switches)],
    changes: changesOf([transition]), notices: [...notices, ...costs],
  };
}

/** The switch that was made with it, unless somebody else has come to use it. */
function switchOfRemoved(network: Network, snapshot: HostSnapshot): { switches: SwitchTransition[]; notices: Plan['notices'] } {
  const name = network.lab?.madeSwitch ? network.bridge?.name : undefined;
  const state = name === undefined ? null : switchStateOf(name, snapshot);
  if (!state?.bridge) return { switches: [], notices: [] };
  const lab = network.lab?.lab ?? '';
  const own = networksOfLab(lab, snapshot).map((item) => item.name);
  const plugged = snapshot.machines.flatMap((machine) => machine.nics.filter((nic) => nic.network !== null && own.includes(nic.network)).map((nic) => nic.target));
  const others = [
    ...snapshot.networks.filter((item) => item.bridge?.name === name && item.lab?.lab !== lab).map((item) => item.name),
    ...state.bridge.ports.filter((port) => !plugged.includes(port)), ...state.bridge.addresses,
  ];
  if (others.length > 0) {
    return { switches: [], notices: [{ severity: 'warning', text: `The Open vSwitch bridge ${state.name} stays, although the lab made it: ${listNames(others)} ${others.length === 1 ? 'uses' : 'use'} it, too.` }] };
  }
  const running = own.flatMap((item) => machinesOn(snapshot, item).running);
  return {
    switches: [{ before: state, after: { name: state.name, bridge: null } }],
    notices: running.length === 0 ? [] : [{ severity: 'warning', text: `${listNames([...new Set(running)])} ${running.length === 1 ? 'runs' : 'run'} on ${state.name}, which is removed, and lose${running.length === 1 ? 's' : ''} this network at once.` }],
  };
}

/** `versions`: of the lab's file, for the network that keeps them; null: it keeps what it has. */
function planNetworkOf(lab: string, { key, uuid, spec: asked }: ResolvedNetwork, host: HostAsIf, context: PlanningContext, versions: readonly LabVersion[] | null): { part: PlanPart; host: HostAsIf } {
  const { snapshot } = context;
  const existing = snapshot.networks.find((network) => network.uuid === uuid) ?? null;
  if (existing && existing.lab?.lab !== lab) throw new AppError('plan.invalid', 'A network of somebody else', `“${existing.name}” has the UUID that this lab wants, and is not the lab's.`);
  const { spec, notices } = checkedSpec(asked, host, existing ? uuid : null);
  const mark: LabMark = { lab, key, madeSwitch: spec.kind === 'ovs' && spec.createBridge !== null };
  const before: NetworkState = stateOf(uuid, context) ?? { uuid, name: spec.name, xml: null, active: false, autostart: false };
  const family = familyOfKind(spec.kind);
  const withLab = (xml: string): string => (versions ? withLabVersions(withLabMark(xml, mark), versions) : withLabMark(xml, mark));
  const transitions = before.xml === null || !existing
    ? [{ before, after: { ...before, xml: withLab(family.build(uuid, spec)), active: true, autostart: spec.autostart }, restart: false }]
    : changesTo(before, family.edit(before.xml, spec), withLab, { autostart: spec.autostart, existing, running: context.xmlOf(uuid)?.running ?? null });
  transitions.forEach((transition) => refuseUnpluggable(transition, snapshot));
  // Its own switch is there already; one that another network of the lab leaves behind is removed before, and made anew.
  const hasSwitch = existing?.lab?.madeSwitch === true && existing.bridge?.name === ('bridge' in spec ? spec.bridge : null) && switchStateOf(existing.bridge.name, snapshot).bridge !== null;
  const switches = hasSwitch ? [] : switchesOfSpec(spec, snapshot).map((item): SwitchTransition => ({ ...item, before: { ...item.before, bridge: null } }));
  const steps: PlanPart['steps'] = transitions.flatMap((transition) => named(transition, planTransition(transition, snapshot)));
  const first = before.xml === null ? steps.splice(0, 1) : [];
  const after = transitions.at(-1)?.after.xml ?? before.xml ?? '';
  const later = spec.kind === 'ovs' && spec.createBridge ? withSwitch(host, spec.bridge) : host;
  return {
    part: {
      steps: [...first, ...switchSteps(switches).first, ...steps],
      checks: [...switchChecks(switches), ...transitions.flatMap((transition) => checksAfter(transition, snapshot))],
      changes: changesOf(transitions),
      notices: steps.length + first.length === 0 ? [] : [...notices, ...switchNotices(switches), ...transitions.flatMap((transition) => noticesOf(transition, snapshot))],
    },
    host: withNetwork(later, after, spec.autostart),
  };
}

interface Wanted { autostart: boolean; existing: Network; running: string | null }

/** In place where libvirt can, else by a restart. Mark and file alone change nothing that runs. */
function changesTo(before: NetworkState, xml: string, withLab: (xml: string) => string, { autostart, existing, running }: Wanted): Transition[] {
  const marked = { ...before, xml: withLab(xml), active: true, autostart };
  const isChanged = xml !== before.xml;
  const updates = isChanged && before.active && before.xml !== null && !existing.pendingRestart ? liveUpdates(before.xml, xml) : null;
  const live = updates && running !== null && fitsRunning(updates, running) ? updates : null;
  if (live) {
    const updated = { ...before, xml };
    return [{ before, after: updated, restart: false, live }, ...unequal({ before: updated, after: marked, restart: false })];
  }
  return unequal({ before, after: marked, restart: before.active && (isChanged || existing.pendingRestart) });
}

/** A definition that changes in nothing but the file it keeps says so. */
function named({ before, after }: Transition, steps: PlanPart['steps']): PlanPart['steps'] {
  if (before.xml === null || after.xml === null || !keepsFileOnly(before.xml, after.xml)) return steps;
  return steps.map((step) => (step.command.argv.includes('net-define') ? { ...step, title: `Keep the lab's file in the metadata of ${after.name}`, inverseTitle: 'Keep the one before' } : step));
}

function unequal(transition: Transition): Transition[] {
  const { before, after, restart } = transition;
  return restart || before.xml !== after.xml || before.active !== after.active || before.autostart !== after.autostart ? [transition] : [];
}

function changesOf(transitions: readonly Transition[]): Plan['changes'] {
  const [first, last] = [transitions[0], transitions.at(-1)];
  if (!first || !last || first.before.xml === last.after.xml) return [];
  return [{ title: last.after.name, language: 'xml', before: first.before.xml, after: last.after.xml }];
}

function countOf(networks: number): string {
  return networks === 1 ? 'One network' : `${networks} networks`;
}

function destroyed(networks: number, machines: number): string {
  const made = networks === 0 ? [] : [`${countOf(networks)} that the lab made ${networks === 1 ? 'is' : 'are'} removed`];
  const plugged = machines === 0 ? [] : [`${machines === 1 ? 'one machine loses' : `${machines} machines lose`} the NICs that it plugged in`];
  const text = [...made, ...plugged].join(', ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function noSuchLab(lab: string, snapshot: HostSnapshot): AppError {
  const labs = labsOnHost(snapshot).map((item) => item.lab);
  return new AppError('not-found', 'No such lab', `There is no lab “${lab}” on this host. ${labs.length === 0 ? 'It has none.' : `It has: ${labs.join(', ')}.`}`);
}
