import type { RoleMark } from '../../../shared/domain/labs/role-mark';
import type { MachineState } from '../../../shared/domain/machine';
import { parseMachine } from '../../../shared/domain/machine-xml/parse-machine';
import type { NicInXml } from '../../../shared/domain/machine-xml/parse-machine';
import type { Observation } from '../../../shared/domain/planning/command-effect';
import { observeHost } from './observe-host';
import type { PlanInventory } from './observe-host';

export interface ObservedMachine {
  state: MachineState;
  labRoles: RoleMark[];
  /** Null: there is no such side: it is off, or has no definition. */
  nics: { running: NicInXml[] | null; definition: NicInXml[] | null };
}

/** One machine, reread; null when libvirt doesn't know it. Rejects as `InventoryService.xml` does. */
export async function observeMachine(inventory: PlanInventory, hostId: string, uuid: string): Promise<ObservedMachine | null> {
  await inventory.refreshMachine(hostId, uuid);
  return machineIn(await observeHost(inventory, hostId, { networks: [], machines: [uuid] }), uuid);
}

/** The same of what was read already. */
export function machineIn({ snapshot, machineXmlOf }: Observation, uuid: string): ObservedMachine | null {
  const machine = snapshot.machines.find((item) => item.uuid === uuid);
  const xml = machine ? machineXmlOf(uuid) : null;
  if (!machine || !xml) return null;
  const { running, persistent } = xml;
  const nicsOf = (text: string | null): NicInXml[] | null => (text === null ? null : parseMachine(text).nics);
  return { state: machine.state, labRoles: parseMachine(persistent ?? running ?? '<domain/>').labRoles, nics: { running: nicsOf(running), definition: nicsOf(persistent) } };
}
