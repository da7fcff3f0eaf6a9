import { isOn } from '../machine-state';
import { nicDocuments } from '../machine-xml/nic-documents';
import { parseMachine } from '../machine-xml/parse-machine';
import type { MachineCondition } from '../plan';
import type { PlanningContext } from './planning-context';

/** How the host has a machine now; null when it has none of this UUID. */
export function conditionOf(uuid: string, { snapshot, machineXmlOf }: Pick<PlanningContext, 'snapshot' | 'machineXmlOf'>): MachineCondition | null {
  const machine = snapshot.machines.find((item) => item.uuid === uuid);
  const xml = machine ? machineXmlOf(uuid) : null;
  if (!machine || !xml) return null;
  const textsOf = (text: string | null): string[] | null => (text === null ? null : nicDocuments(text).map((document) => document.xml));
  return {
    uuid, name: machine.name, state: machine.state,
    definition: machine.persistent ? textsOf(xml.persistent) : null,
    running: isOn(machine) ? textsOf(xml.running) : null,
    labRoles: rolesOf((machine.persistent ? xml.persistent : null) ?? xml.running),
  };
}

function rolesOf(xml: string | null): MachineCondition['labRoles'] {
  return xml === null ? [] : parseMachine(xml).labRoles;
}
