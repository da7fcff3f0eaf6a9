import type { NetworkState } from '../../../shared/domain/plan';
import type { Observation } from '../../../shared/domain/planning/command-effect';
import { stateOf } from '../../../shared/domain/planning/network-state';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import { AppError } from '../../../shared/errors/app-error';
import type { InventoryService } from '../inventory/inventory-service';
import type { PreflightService } from '../preflight/preflight-service';

/** What plans need of the inventory. */
export type PlanInventory = Pick<InventoryService, 'get' | 'refresh' | 'refreshNetwork' | 'refreshMachine' | 'xml' | 'runner'>;
/** What plans for the system are made from. */
export type FactsSource = Pick<PreflightService, 'facts'>;

/** The last snapshot of a connected host. Throws `host.not-connected`. */
export function currentSnapshot(inventory: Pick<PlanInventory, 'get'>, hostId: string): HostSnapshot {
  const held = inventory.get(hostId);
  if (!held || held.stale) throw new AppError('host.not-connected', 'The host is not connected', 'Connect to the host first.');
  return held.snapshot;
}

/** The snapshot with the XML of these networks as they are at this moment. Rejects as `InventoryService.xml` does. */
export async function observeHost(inventory: PlanInventory, hostId: string, uuids: readonly string[]): Promise<Observation> {
  const snapshot = currentSnapshot(inventory, hostId);
  const known = uuids.filter((uuid) => snapshot.networks.some((network) => network.uuid === uuid));
  const documents = await Promise.all(known.map(async (uuid) => [uuid, await inventory.xml(hostId, 'network', uuid)] as const));
  const byUuid = new Map(documents);
  return { snapshot, xmlOf: (uuid) => byUuid.get(uuid) ?? null };
}

/** How these networks are now; one that isn't there keeps its name with no XML. */
export function statesOf(observed: Observation, networks: readonly NetworkState[]): NetworkState[] {
  return networks.map((known) => stateOf(known.uuid, observed) ?? { uuid: known.uuid, name: known.name, xml: null, active: false, autostart: false });
}
