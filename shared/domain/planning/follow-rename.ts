import type { Intent } from '../intent';
import { isOn } from '../machine-state';
import type { Machine } from '../machine';
import { placeOf } from '../machine-xml/nic-place';
import { nicDocument, nicDocuments } from '../machine-xml/nic-documents';
import type { NicDocument } from '../machine-xml/nic-documents';
import { readIdentity } from '../network-xml/network-identity';
import type { Command, HistoryEntry, PlanCheck, PlanStep } from '../plan';
import type { HostSnapshot } from '../snapshot';
import { setAttribute } from '../xml/edit-element';
import { parseXml } from '../xml/parse-xml';
import { childElement } from '../xml/read-element';
import { writeElementXml } from '../xml/xml-source';
import { updateDevice } from './machine-commands';
import type { Side } from './machine-commands';
import type { Transition } from './plan-transition';
import type { PlanningContext } from './planning-context';

/** One NIC that refers to a network by the name it loses. */
interface Follower { machine: Machine; side: Side; before: NicDocument; after: string }

const isPluggedInto = (machine: Machine, name: string): boolean => machine.nics.some((nic) => nic.network === name || nic.next?.network === name);

/** The machines whose NICs follow a network to its new name: their XML has to be read before that is planned. */
export function machinesThatFollow(intent: Intent, entry: HistoryEntry | null, snapshot: HostSnapshot): string[] {
  const names = intent.kind === 'network.define' ? renamedBy(intent.uuid, nameIn(intent.xml), snapshot)
    : intent.kind === 'undo' ? (entry?.before ?? []).flatMap(({ uuid, name }) => renamedBy(uuid, name, snapshot)) : [];
  return snapshot.machines.filter((machine) => names.some((name) => isPluggedInto(machine, name))).map((machine) => machine.uuid);
}

/** Null where the document can't be read: planning says what is wrong with it. */
function nameIn(xml: string): string | null {
  try {
    return readIdentity(xml).name;
  } catch {
    return null;
  }
}

function renamedBy(uuid: string, name: string | null, { networks }: HostSnapshot): string[] {
  const network = networks.find((candidate) => candidate.uuid === uuid);
  return network && name !== null && network.name !== name ? [network.name] : [];
}

/**
 * What moves NICs to the new name: definitions each by a step with its way back; running machines once the network is up under its
 * new name and their taps are in its bridge again. libvirt 9.0 then changes the name alone, and gives the NIC its port on the network.
 */
export function followSteps(transition: Transition, context: PlanningContext): Omit<PlanStep, 'id'>[] {
  const { before, after } = transition;
  return followersOf(transition, context).map(({ machine, side, before: nic, after: xml }) => ({
    title: side === 'running' ? `Tell ${machine.name}, which runs, that ${nic.nic.mac} is on ${after.name}` : `Move ${nic.nic.mac} of ${machine.name} to ${after.name} in its definition`,
    command: updateDevice(machine.uuid, side, xml),
    // A running one can be told only while the old network is there: that is where it is taken back.
    inverse: side === 'running' ? [] : [updateDevice(machine.uuid, side, nic.xml)],
    inverseTitle: side === 'running' ? `${machine.name} is told when ${before.name} is started again` : `Move it back to ${before.name}`,
  }));
}

/** For the step that stops the old network: what is run after that network has been started again. */
export function followBack(transition: Transition, context: PlanningContext): Command[] {
  return followersOf(transition, context).filter(({ side }) => side === 'running').map(({ machine, before }) => updateDevice(machine.uuid, 'running', before.xml));
}

export function followChecks(transition: Transition, context: PlanningContext): Omit<PlanCheck, 'id'>[] {
  return followersOf(transition, context).map(({ machine, side, after }) => {
    const { nic } = nicDocument(after);
    return {
      title: side === 'running' ? `${machine.name} has ${nic.mac} on ${placeOf(nic)}` : `The definition of ${machine.name} has ${nic.mac} on ${placeOf(nic)}`,
      check: { kind: 'nic-present', uuid: machine.uuid, extent: side, mac: nic.mac, place: placeOf(nic), model: nic.model },
    };
  });
}

function followersOf({ before, after }: Transition, { snapshot, machineXmlOf }: PlanningContext): Follower[] {
  if (before.name === after.name || before.xml === null || after.xml === null) return [];
  return snapshot.machines.filter((machine) => isPluggedInto(machine, before.name)).flatMap((machine) => {
    const xml = machineXmlOf(machine.uuid);
    const ofSide = (side: Side, text: string | null): Follower[] => (text === null ? [] : nicDocuments(text)
      .filter(({ nic }) => nic.network === before.name).map((nic) => ({ machine, side, before: nic, after: onNetwork(nic.xml, after.name) })));
    return [...isOn(machine) && before.active && after.active ? ofSide('running', xml?.running ?? null) : [], ...machine.persistent ? ofSide('definition', xml?.persistent ?? null) : []];
  });
}

/** The same NIC, of which nothing but the name of its network is another. */
function onNetwork(xml: string, name: string): string {
  const nic = parseXml(xml).documentElement;
  const source = nic && childElement(nic, 'source');
  if (!nic || !source) throw new Error('A NIC on a network has a source');
  setAttribute(source, 'network', name);
  return writeElementXml(nic);
}
