import { parseNetwork } from '../network-xml/parse-network';
import type { NetworkDefinition } from '../network-xml/parse-network';
import type { Command, NetworkState, PlanStep } from '../plan';
import type { HostSnapshot } from '../snapshot';
import { ownsBridge } from '../used-ranges';
import type { LiveUpdate } from './live-updates';
import { titleOfUpdate } from './live-update-words';
import {
  createTransientNetwork, defineNetwork, destroyNetwork, isolatePort, networkReference, plugTap, setNetworkAutostart, startNetwork, undefineNetwork,
  updateNetwork,
} from './network-commands';
import { mayPlug, plugsOf } from './plugged-machines';
import type { Plug } from './plugged-machines';

export interface Transition {
  before: NetworkState;
  after: NetworkState;
  /** Active before and after, and the new definition is to be in force at once. */
  restart: boolean;
  /** Active before and after, and changed in place by these; definition and what runs are changed alike. */
  live?: LiveUpdate[];
}

type Draft = Omit<PlanStep, 'id'>;

/**
 * The steps that take one network from a state to another, each with the commands that take it back. Every change of a
 * network, and every undo of one, is such a transition. Definitions come first: one that libvirt refuses does no harm.
 */
export function planTransition(transition: Transition, snapshot: HostSnapshot): PlanStep[] {
  const { before, after } = transition;
  const steps = before.xml === null && after.xml !== null ? stepsToCreate(after, after.xml, snapshot)
    : before.xml !== null && after.xml === null ? stepsToRemove(before, before.xml, snapshot)
      : before.xml !== null && after.xml !== null ? stepsToChange(transition, before.xml, after.xml, snapshot)
        : [];
  return steps.map((step, at) => ({ id: `step-${at + 1}`, ...step }));
}

function stepsToCreate(after: NetworkState, xml: string, snapshot: HostSnapshot, pluggedInto = after.name): Draft[] {
  const reference = networkReference(after);
  const definition = parseNetwork(xml);
  if (after.persistent === false) {
    return [
      { title: `Start the transient network ${after.name}${details(definition)}`, command: createTransientNetwork(after.name, xml), inverse: [destroyNetwork(reference)], inverseTitle: `Stop ${after.name}` },
      ...stepsToPlug(after.name, definition, snapshot),
    ];
  }
  return [
    { title: `Define the network ${after.name}${details(definition)}`, command: defineNetwork(after.name, xml), inverse: [undefineNetwork(reference)], inverseTitle: `Remove the definition of ${after.name}` },
    ...(after.autostart ? [autostartStep(after.name, reference, true)] : []),
    ...(after.active ? stepsToStart(after.name, reference, definition, snapshot, pluggedInto) : []),
  ];
}

function stepsToRemove(before: NetworkState, xml: string, snapshot: HostSnapshot): Draft[] {
  const reference = networkReference(before);
  const definition = parseNetwork(xml);
  if (before.persistent === false) {
    return [{
      title: `Stop the transient network ${before.name}`, command: destroyNetwork(reference),
      inverse: [createTransientNetwork(before.name, xml), ...plugCommands(before.name, definition, snapshot)],
      inverseTitle: `Start ${before.name} again`,
    }];
  }
  return [
    ...(before.active ? [stopStep(before.name, reference, definition, snapshot)] : []),
    {
      title: `Remove the definition of ${before.name}`, command: undefineNetwork(reference),
      inverse: [defineNetwork(before.name, xml), ...(before.autostart ? [setNetworkAutostart(reference, true)] : [])],
      inverseTitle: `Define ${before.name} as it was`,
    },
  ];
}

function stepsToChange(transition: Transition, oldXml: string, newXml: string, snapshot: HostSnapshot): Draft[] {
  const { before, after, restart, live } = transition;
  if (before.name !== after.name) return [...stepsToRemove(before, oldXml, snapshot), ...stepsToCreate(after, newXml, snapshot, before.name)];
  const reference = networkReference(after);
  const oldDefinition = parseNetwork(oldXml);
  const newDefinition = parseNetwork(newXml);
  const redefine = oldXml.trim() !== newXml.trim() && !live;
  const steps: Draft[] = live ? stepsToUpdate(after.name, reference, live, newDefinition) : [];
  if (redefine) {
    steps.push({ title: `Change the definition of ${after.name}${details(newDefinition)}`, command: defineNetwork(after.name, newXml), inverse: [defineNetwork(before.name, oldXml)], inverseTitle: `Define ${before.name} as it was` });
  }
  if (before.autostart !== after.autostart) steps.push(autostartStep(after.name, reference, after.autostart));
  if (before.active && (restart || !after.active)) {
    const stop = stopStep(before.name, reference, oldDefinition, snapshot);
    // Taking back runs from the last step to the first: the old definition has to be there before the old network starts.
    steps.push(redefine ? { ...stop, inverse: [defineNetwork(before.name, oldXml), ...stop.inverse] } : stop);
  }
  if (after.active && (restart || !before.active)) steps.push(...stepsToStart(after.name, reference, newDefinition, snapshot));
  return steps;
}

function stepsToUpdate(name: string, reference: string, updates: readonly LiveUpdate[], definition: NetworkDefinition): Draft[] {
  const extent = ['--live', '--config'];
  const only = definition.ips.length <= 1;
  const command = (item: Omit<LiveUpdate, 'inverse'>): Command => updateNetwork(reference, only ? { ...item, ipIndex: null } : item, extent);
  return updates.map((item) => ({
    title: titleOfUpdate(item, name), command: command(item), inverse: [command(item.inverse)],
    inverseTitle: item.action === 'modify' ? 'Put it back as it was' : titleOfUpdate(item.inverse, name),
  }));
}

function autostartStep(name: string, reference: string, enabled: boolean): Draft {
  const title = (on: boolean): string => (on ? `Start ${name} with the host` : `Don't start ${name} with the host`);
  return { title: title(enabled), command: setNetworkAutostart(reference, enabled), inverse: [setNetworkAutostart(reference, !enabled)], inverseTitle: title(!enabled) };
}

function stopStep(name: string, reference: string, definition: NetworkDefinition, snapshot: HostSnapshot): Draft {
  return {
    title: `Stop ${name}${ownsBridge(definition) && definition.bridge ? ` and remove its bridge ${definition.bridge.name}` : ''}`,
    command: destroyNetwork(reference),
    inverse: [startNetwork(reference), ...plugCommands(name, definition, snapshot)],
    inverseTitle: `Start ${name} again`,
  };
}

/** `pluggedInto`: the name by which running machines still know the network. */
function stepsToStart(name: string, reference: string, definition: NetworkDefinition, snapshot: HostSnapshot, pluggedInto = name): Draft[] {
  return [
    { title: `Start ${name}`, command: startNetwork(reference), inverse: [destroyNetwork(reference)], inverseTitle: `Stop ${name}` },
    ...stepsToPlug(name, definition, snapshot, pluggedInto),
  ];
}

/** Stopping a network takes its bridge from under running machines; they have to be plugged in again one by one. */
function stepsToPlug(name: string, definition: NetworkDefinition, snapshot: HostSnapshot, pluggedInto = name): Draft[] {
  const plugs = plugsToMend(pluggedInto, definition, snapshot);
  // libvirt marks a port when a machine starts; nobody marks it when we plug it in.
  const isolated: Draft[] = definition.portIsolation ? plugs.map((plug) => ({
    title: `Isolate ${plug.machine} (${plug.tap}) from the other machines`, command: isolatePort(plug.tap), inverse: [],
    inverseTitle: `${plug.machine} is unplugged when ${name} stops`,
  })) : [];
  return [...plugs.map((plug) => ({
    title: `Plug ${plug.machine} (${plug.tap}) into ${definition.bridge?.name ?? name} again`,
    command: commandFor(plug, definition),
    // The bridge goes with the network, and the tap's place in it with the bridge.
    inverse: [],
    inverseTitle: `${plug.machine} is unplugged when ${name} stops`,
  })), ...isolated];
}

function plugCommands(name: string, definition: NetworkDefinition, snapshot: HostSnapshot): Command[] {
  return plugsToMend(name, definition, snapshot)
    .flatMap((plug) => [commandFor(plug, definition), ...(definition.portIsolation ? [isolatePort(plug.tap)] : [])]);
}

/** None where the bridge isn't libvirt's (it never went away), or where the session may not touch taps. */
export function plugsToMend(name: string, definition: Pick<NetworkDefinition, 'kind' | 'bridge'>, snapshot: HostSnapshot): Plug[] {
  return ownsBridge(definition) && definition.bridge && mayPlug(snapshot) ? plugsOf(snapshot, name) : [];
}

/** A tap joins with the MTU of its network: 1500 unless the definition says otherwise. */
function commandFor(plug: Plug, definition: NetworkDefinition): Command {
  const mtu = definition.mtu ?? 1500;
  return plugTap(plug.tap, definition.bridge?.name ?? '', plug.mtu === null || plug.mtu === mtu ? null : mtu);
}

function details(definition: NetworkDefinition): string {
  const ip = definition.ips[0];
  return `${definition.bridge ? `, bridge ${definition.bridge.name}` : ''}${ip ? `, host address ${ip.address}/${ip.prefix}` : ''}`;
}
