import { computed } from 'vue';
import type { ComputedRef } from 'vue';
import type { HostSnapshot } from '../../shared/domain/snapshot';
import { useHosts } from './hosts';
import { useInventory } from './inventory';

/**
 * What is known of all hosts but one, from their last snapshots. Those not looked at since the start are asked of main,
 * which has them on this computer: no host is asked for anything.
 */
export function useOtherHosts(hostId: () => string): ComputedRef<{ name: string; snapshot: HostSnapshot }[]> {
  const hosts = useHosts();
  const inventories = useInventory();
  for (const { profile } of hosts.hosts) if (profile.id !== hostId() && inventories.of(profile.id).snapshot === null) void inventories.load(profile.id);
  return computed(() => hosts.hosts.flatMap(({ profile }) => {
    const { snapshot } = inventories.of(profile.id);
    return snapshot && profile.id !== hostId() ? [{ name: profile.name, snapshot }] : [];
  }));
}
