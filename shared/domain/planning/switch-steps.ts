import { AppError } from '../../errors/app-error';
import type { Intent } from '../intent';
import { switchesOfLab } from '../labs/labs-on-host';
import type { HistoryEntry, Plan, PlanCheck, PlanStep } from '../plan';
import type { HostSnapshot } from '../snapshot';
import { seesSwitches, switchStateOf } from '../switch-state';
import type { SwitchState } from '../switch-state';
import { addSwitch, deleteSwitch } from './switch-commands';
import { listNames } from './plugged-machines';

/** An Open vSwitch bridge that a plan makes or removes. */
export interface SwitchTransition { before: SwitchState; after: SwitchState }

/** Names of the switches that an intent makes or removes, or its undo takes back; empty for most plans. */
export function touchedSwitches(intent: Intent, entry: HistoryEntry | null, snapshot: HostSnapshot): string[] {
  if (intent.kind === 'lab.destroy') return switchesOfLab(intent.lab, snapshot);
  if (intent.kind === 'lab.apply') return [...new Set([...switchesOfLab(intent.lab, snapshot), ...intent.networks.flatMap(({ spec }) => (madeAlong(spec) ? [spec.bridge] : []))])];
  if (intent.kind === 'network.create' || intent.kind === 'network.edit') return madeAlong(intent.spec) ? [intent.spec.bridge] : [];
  return intent.kind === 'undo' ? (entry?.switches?.before ?? []).map((state) => state.name) : [];
}

type NetworkSpec = Extract<Intent, { kind: 'network.create' }>['spec'];
type OvsSpec = Extract<NetworkSpec, { kind: 'ovs' }>;

function madeAlong(spec: NetworkSpec): spec is OvsSpec & { createBridge: NonNullable<OvsSpec['createBridge']> } {
  return spec.kind === 'ovs' && spec.createBridge !== null;
}

/** The switch that a network's spec wants made along. */
export function switchesOfSpec(spec: NetworkSpec, snapshot: HostSnapshot): SwitchTransition[] {
  if (!madeAlong(spec)) return [];
  const { datapath, stp } = spec.createBridge;
  return [{
    before: switchStateOf(spec.bridge, snapshot),
    after: { name: spec.bridge, bridge: { datapath: datapath === 'netdev' ? 'netdev' : '', stp, ports: [], addresses: [] } },
  }];
}

/** What a new switch can't do yet. */
export function switchNotices(transitions: readonly SwitchTransition[]): Plan['notices'] {
  return transitions.filter(({ before, after }) => before.bridge === null && after.bridge !== null).map(({ after }) => ({
    severity: 'info', text: `${after.name} gets no NIC of this host as a port: what is on it meets there and nowhere else. Moving a NIC into a switch takes the guided conversion, which this version doesn’t have.`,
  }));
}

/** New switches come before the networks on them; those that go, after. */
export function switchSteps(transitions: readonly SwitchTransition[]): { first: Omit<PlanStep, 'id'>[]; last: Omit<PlanStep, 'id'>[] } {
  const words = (name: string, datapath: string): string => `the Open vSwitch bridge ${name}${datapath === 'netdev' ? ' (userspace datapath)' : ''}`;
  return {
    first: transitions.flatMap(({ before, after: { name, bridge } }) => (before.bridge === null && bridge !== null ? [{
      title: `Make ${words(name, bridge.datapath)}`, command: addSwitch(name, bridge), inverse: [deleteSwitch(name)], inverseTitle: `Remove the Open vSwitch bridge ${name}`,
    }] : [])),
    last: transitions.flatMap(({ before: { name, bridge }, after }) => (bridge !== null && after.bridge === null ? [{
      title: `Remove the Open vSwitch bridge ${name}`, command: deleteSwitch(name), inverse: [addSwitch(name, bridge)], inverseTitle: `Make ${words(name, bridge.datapath)} again`,
    }] : [])),
  };
}

/** `ovs-vsctl add-br` succeeds where the bridge itself could not be made: that is looked at. */
export function switchChecks(transitions: readonly SwitchTransition[]): Omit<PlanCheck, 'id'>[] {
  return transitions.map(({ after: { name, bridge } }) => (bridge === null
    ? { title: `The Open vSwitch bridge ${name} is gone`, check: { kind: 'ovs-bridge-absent', bridge: name } }
    : { title: `Open vSwitch has made the bridge ${name}`, check: { kind: 'ovs-bridge-up', bridge: name } }));
}

/**
 * The switches back to the state before an entry. Throws `undo.refused` when one is not as the entry left it, or when
 * something else has come to use it: whoever plugged that in would lose it.
 */
export function switchesOfUndo(entry: HistoryEntry, snapshot: HostSnapshot): SwitchTransition[] {
  const { before, after } = entry.switches ?? { before: [], after: [] };
  const refuse = (reason: string): AppError => new AppError('undo.refused', 'This can\'t be undone', `“${entry.run.plan.title}”: ${reason}`);
  if (before.length > 0 && !seesSwitches(snapshot)) throw refuse('This session can’t see Open vSwitch’s bridges now.');
  return before.map((wanted, at): SwitchTransition => {
    const current = switchStateOf(wanted.name, snapshot);
    const moved = difference(after?.[at] ?? current, current, snapshot) ?? (wanted.bridge === null ? otherUsers(entry, current, snapshot) : null);
    if (moved !== null) throw refuse(moved);
    return { before: current, after: wanted };
  }).filter(({ before: now, after: wanted }) => (now.bridge === null) !== (wanted.bridge === null));
}

/** What changed since, in a sentence; null when nothing did. */
function difference(left: SwitchState, current: SwitchState, snapshot: HostSnapshot): string | null {
  const { name } = left;
  if (left.bridge === null || current.bridge === null) {
    if (left.bridge === current.bridge) return null;
    return left.bridge === null ? `The bridge ${name} was made in the meantime.` : `The bridge ${name} was removed in the meantime.`;
  }
  const { ports, addresses } = left.bridge;
  const added = current.bridge.ports.filter((port) => !ports.includes(port));
  if (added.length > 0) return `${listNames(added.map((port) => portWords(port, snapshot)))} ${added.length === 1 ? 'was' : 'were'} plugged into ${name} in the meantime.`;
  const given = current.bridge.addresses.filter((address) => !addresses.includes(address));
  return given.length === 0 ? null : `${name} was given the address ${given.join(', ')} in the meantime.`;
}

function portWords(port: string, { machines }: HostSnapshot): string {
  const machine = machines.find((item) => item.nics.some((nic) => nic.target === port));
  return machine ? `${machine.name} (${port})` : port;
}

function otherUsers(entry: HistoryEntry, { name }: SwitchState, snapshot: HostSnapshot): string | null {
  const own = new Set((entry.before ?? []).map((state) => state.uuid));
  const others = snapshot.networks.filter((network) => network.bridge?.name === name && !own.has(network.uuid)).map((network) => network.name);
  return others.length === 0 ? null : `The bridge ${name} is used by ${listNames(others)}, too.`;
}
