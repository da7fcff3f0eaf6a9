import { computed, toValue, watch } from 'vue';
import type { ComputedRef, MaybeRefOrGetter } from 'vue';
import type { HostView } from '../../shared/domain/host';
import type { HostSnapshot } from '../../shared/domain/snapshot';
import { useHosts } from './hosts';
import { useInventory } from './inventory';
import type { Inventory } from './inventory';

export interface HostInventory {
  host: ComputedRef<HostView | null>;
  inventory: ComputedRef<Inventory>;
  snapshot: ComputedRef<HostSnapshot | null>;
}

/** One host with what is known of it; fetches the snapshot when nothing is known yet. */
export function useHostInventory(hostId: MaybeRefOrGetter<string>): HostInventory {
  const hosts = useHosts();
  const inventories = useInventory();
  watch(() => toValue(hostId), (id) => {
    if (inventories.of(id).snapshot === null) void inventories.load(id);
  }, { immediate: true });
  const inventory = computed(() => inventories.of(toValue(hostId)));
  return {
    host: computed(() => hosts.byId.get(toValue(hostId)) ?? null),
    inventory,
    snapshot: computed(() => inventory.value.snapshot),
  };
}
