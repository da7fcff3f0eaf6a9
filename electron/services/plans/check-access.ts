import type { CheckAccess } from './checks/check';
import { observeHost } from './observe-host';
import type { PlanInventory } from './observe-host';
import { observeMachine } from './observe-machine';

/** How checks look at a connected host. Throws `host.not-connected`. */
export function checkAccess(inventory: PlanInventory, hostId: string): CheckAccess {
  return {
    runner: inventory.runner(hostId),
    observe: async (uuid) => {
      await inventory.refreshNetwork(hostId, uuid);
      return observeHost(inventory, hostId, { networks: [uuid], machines: [] });
    },
    observeMachine: (uuid) => observeMachine(inventory, hostId, uuid),
  };
}
