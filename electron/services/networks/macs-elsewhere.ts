import { practiceHostId } from '../../../shared/domain/practice-host-id';
import type { KnownMac } from '../../../shared/domain/validate-nic-spec';
import type { InventoryService } from '../inventory/inventory-service';
import type { HostNames } from './used-ranges-for';

/** MACs of machines on every other host whose snapshot is known. */
export function macsElsewhere(hostId: string, { hosts, inventory }: { hosts: HostNames; inventory: Pick<InventoryService, 'get'> }): KnownMac[] {
  // Nothing can collide with a host that isn't there.
  const others = hosts.list().filter(({ id }) => id !== hostId && id !== practiceHostId && hostId !== practiceHostId);
  return others.flatMap(({ id, name: host }) => (inventory.get(id)?.snapshot.machines ?? []).flatMap((machine) =>
    machine.nics.map(({ mac }) => ({ mac, machine: machine.name, host }))));
}
