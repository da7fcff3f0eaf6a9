import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { HostProfile, HostView, SshProfile } from '../../shared/domain/host';
import type { AppError } from '../../shared/errors/app-error';
import { invoke, listen } from '../api/client';
import { toAppError } from '../api/to-app-error';

/** All hosts in the order of the list, with what their sessions are doing. Main's list; nothing here is edited in place. */
export const useHosts = defineStore('hosts', () => {
  const hosts = shallowRef<readonly HostView[]>([]);
  const loaded = shallowRef(false);
  const error = shallowRef<AppError | null>(null);
  const byId = computed(() => new Map(hosts.value.map((host) => [host.profile.id, host])));

  function replace(next: readonly HostView[]): void {
    hosts.value = next;
    loaded.value = true;
  }

  async function load(): Promise<void> {
    error.value = null;
    try {
      replace(await invoke('hosts.list', undefined));
    } catch (thrown) {
      error.value = toAppError(thrown);
    }
  }

  /** Follows main's list; returns the function that stops. */
  function follow(): () => void {
    return listen('hosts.changed', replace);
  }

  /** Rejects with an AppError whose `field` is a path into the input, for example `connection.address`. */
  const add = (name: string, connection: SshProfile): Promise<HostView> => invoke('hosts.add', { name, connection });
  const update = (profile: HostProfile): Promise<HostView> => invoke('hosts.update', profile);
  const remove = (hostId: string): Promise<void> => invoke('hosts.remove', { hostId });
  const forgetSecrets = (hostId: string): Promise<void> => invoke('hosts.forgetSecrets', { hostId });
  const connect = (hostId: string): Promise<void> => invoke('sessions.connect', { hostId });
  const disconnect = (hostId: string): Promise<void> => invoke('sessions.disconnect', { hostId });
  const retryNow = (hostId: string): Promise<void> => invoke('sessions.retryNow', { hostId });

  return { hosts, loaded, error, byId, load, follow, add, update, remove, forgetSecrets, connect, disconnect, retryNow };
});
