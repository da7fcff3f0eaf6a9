import { practiceHostId } from '../../../shared/domain/practice-host-id';
import type { UsedRange } from '../../../shared/domain/used-range';
import { collectUsedRanges } from '../../../shared/domain/used-ranges';
import type { InventoryService } from '../inventory/inventory-service';

/** The hosts of the app and what their owner calls them. */
export interface HostNames {
  get(id: string): { name: string };
  list(): readonly { id: string; name: string }[];
}

/** What a new network on this host could collide with: the ranges in use there, and on every other host whose snapshot is known. */
export function usedRangesFor(hostId: string, { hosts, inventory }: { hosts: HostNames; inventory: Pick<InventoryService, 'get'> }): UsedRange[] {
  // Nothing can collide with a host that isn't there.
  const others = hosts.list().map((host) => host.id).filter((id) => id !== hostId && id !== practiceHostId);
  return collectUsedRanges([hostId, ...others].flatMap((id) => {
    const held = inventory.get(id);
    return held ? [{ hostName: hosts.get(id).name, snapshot: held.snapshot }] : [];
  }));
}
