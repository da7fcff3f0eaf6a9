import { isOn } from '../machine-state';
import { isFromPool } from '../machine-xml/is-from-pool';
import { nicsAndRoles } from '../machine-xml/nic-documents';
import type { NicDocument } from '../machine-xml/nic-documents';
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
    definition: textsOf(persistent?.nics),
    running: textsOf(running?.nics.map((nic) => fromPool(nic, persistent?.nics ?? []))),
    labRoles: (persistent ?? running)?.labRoles ?? [],
  };
}

const textsOf = (documents: readonly NicDocument[] | undefined): string[] | null => documents?.map(({ xml }) => xml) ?? null;

/** A virtual function goes back to its pool and comes from there again: the NIC is the one of the definition, whichever function it got. */
function fromPool(running: NicDocument, definition: readonly NicDocument[]): NicDocument {
  return definition.find(({ nic }) => nic.mac === running.nic.mac && isFromPool(running.nic, nic)) ?? running;
}
