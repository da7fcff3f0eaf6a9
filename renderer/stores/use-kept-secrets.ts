import { computed, onMounted, shallowRef } from 'vue';
import type { ComputedRef } from 'vue';
import type { KeptSecret } from '../../shared/domain/host';
import { useHosts } from './hosts';
import { useSettings } from './settings';

/** What is kept for a host, or for all (then with the hosts' names), read when it is first shown; null until then. */
export function useKeptSecrets(hostId: string | null): {
  secrets: ComputedRef<(KeptSecret & { hostName: string | null })[] | null>;
  hasKeychain: ComputedRef<boolean>;
  forget(): Promise<void>;
} {
  const hosts = useHosts();
  const settings = useSettings();
  const kept = shallowRef<KeptSecret[] | null>(null);

  async function load(): Promise<void> {
    kept.value = await hosts.keptSecrets(hostId);
  }
  onMounted(load);

  return {
    secrets: computed(() => kept.value && kept.value.map((secret) => ({ ...secret, hostName: hostId === null ? hosts.byId.get(secret.hostId)?.profile.name ?? null : null }))),
    hasKeychain: computed(() => settings.about?.secretStore === 'keychain'),
    async forget() {
      await (hostId === null ? hosts.forgetAllSecrets() : hosts.forgetSecrets(hostId));
      await load();
    },
  };
}
