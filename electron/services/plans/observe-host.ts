import type { MachineCondition, NetworkState } from '../../../shared/domain/plan';
import type { Observation } from '../../../shared/domain/planning/command-effect';
import { conditionOf } from '../../../shared/domain/planning/machine-condition';
import { stateOf } from '../../../shared/domain/planning/network-state';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import { AppError } from '../../../shared/errors/app-error';
import type { InventoryService } from '../inventory/inventory-service';
import type { PreflightService } from '../preflight/preflight-service';

/** What plans need of the inventory. */
export type PlanInventory = Pick<InventoryService, 'get' | 'refresh' | 'refreshNetwork' | 'refreshMachine' | 'refreshItems' | 'xml' | 'runner'>;
/** What plans for the system are made from. */
export type FactsSource = Pick<PreflightService, 'facts'>;

/** The last snapshot of a connected host. Throws `host.not-connected`. */
export function currentSnapshot(inventory: Pick<PlanInventory, 'get'>, hostId: string): HostSnapshot {
  const held = inventory.get(hostId);
  if (!held || held.stale) throw new AppError('host.not-connected', 'The host is not connected', 'Connect to the host first.');
  return held.snapshot;
}

/** UUIDs of what a plan touches. */
export interface Touched {
  networks: readonly string[];
  machines: readonly string[];
}

/** The snapshot with the XML of these networks and machines as they are at this moment. Rejects as `InventoryService.xml` does. */
export async function observeHost(inventory: Pick<PlanInventory, 'get' | 'xml'>, hostId: string, { networks, machines }: Touched): Promise<Observation> {
  const snapshot = currentSnapshot(inventory, hostId);
  const read = async (object: 'network' | 'machine', uuids: readonly string[], known: readonly { uuid: string }[]) => new Map(await Promise.all(
    uuids.filter((uuid) => known.some((item) => item.uuid === uuid)).map(async (uuid) => [uuid, await inventory.xml(hostId, object, uuid)] as const)));
  const [networkXml, machineXml] = await Promise.all([read('network', networks, snapshot.networks), read('machine', machines, snapshot.machines)]);
  return { snapshot, xmlOf: (uuid) => networkXml.get(uuid) ?? null, machineXmlOf: (uuid) => machineXml.get(uuid) ?? null };
}

/** How these networks are now; one that isn't there keeps its name with no XML. */
export function statesOf(observed: Observation, networks: readonly NetworkState[]): NetworkState[] {
  return networks.map((known) => stateOf(known.uuid, observed) ?? { uuid: known.uuid, name: known.name, xml: null, active: false, autostart: false });
}

/** How these machines are now; one that isn't there keeps its name and is off. */
export function conditionsOf(observed: Observation, machines: readonly MachineCondition[]): MachineCondition[] {
  return machines.map((known) => conditionOf(known.uuid, observed) ?? { uuid: known.uuid, name: known.name, state: 'shut-off', definition: null, running: null, labRoles: [] });
}
