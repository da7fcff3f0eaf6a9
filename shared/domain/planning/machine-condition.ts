import { isOn } from '../machine-state';
import { nicsAndRoles } from '../machine-xml/nic-documents';
import type { MachineCondition } from '../plan';
import type { PlanningContext } from './planning-context';

/** How the host has a machine now; null when it has none of this UUID. */
export function conditionOf(uuid: string, { snapshot, machineXmlOf }: Pick<PlanningContext, 'snapshot' | 'machineXmlOf'>): MachineCondition | null {
  const machine = snapshot.machines.find((item) => item.uuid === uuid);
  const xml = machine ? machineXmlOf(uuid) : null;
  if (!machine || !xml) return null;
  const persistent = machine.persistent && xml.persistent !== null ? nicsAndRoles(xml.persistent) : null;
  const running = isOn(machine) && xml.running !== null ? nicsAndRoles(xml.running) : null;
  return {
    uuid, name: machine.name, state: machine.state,
    definition: persistent?.nics.map((document) => document.xml) ?? null,
    running: running?.nics.map((document) => document.xml) ?? null,
    labRoles: (persistent ?? running)?.labRoles ?? [],
  };
}
