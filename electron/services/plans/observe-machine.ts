import type { RoleMark } from '../../../shared/domain/labs/role-mark';
import type { MachineState } from '../../../shared/domain/machine';
import { parseMachine } from '../../../shared/domain/machine-xml/parse-machine';
import type { NicInXml } from '../../../shared/domain/machine-xml/parse-machine';
import { currentSnapshot } from './observe-host';
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
  const machine = currentSnapshot(inventory, hostId).machines.find((item) => item.uuid === uuid);
  if (!machine) return null;
  const { running, persistent } = await inventory.xml(hostId, 'machine', uuid);
  const nicsOf = (xml: string | null): NicInXml[] | null => (xml === null ? null : parseMachine(xml).nics);
  return { state: machine.state, labRoles: parseMachine(persistent ?? running ?? '<domain/>').labRoles, nics: { running: nicsOf(running), definition: nicsOf(persistent) } };
}
