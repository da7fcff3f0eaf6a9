import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { AddedConnection, HostProfile, HostView, KeptSecret } from '../../shared/domain/host';
import type { AppError } from '../../shared/errors/app-error';
import { invoke, listen } from '../api/client';
import { toAppError } from '../api/to-app-error';

/** All hosts in the order of the list, with what their sessions are doing. Main's list; nothing here is edited in place. */
export const useHosts = defineStore('hosts', () => {
  const hosts = shallowRef<readonly HostView[]>([]);
  const loaded = shallowRef(false);
  const error = shallowRef<AppError | null>(null);
  const byId = computed(() => new Map(hosts.value.map((host) => [host.profile.id, host])));
  /** Names of groups, in the order of their first hosts. */
  const groups = computed(() => [...new Set(hosts.value.flatMap((host) => host.profile.group ?? []))]);

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

  /**
   * Follows main's list; returns the function that stops. Main learns from here that the network is back: Chromium
   * watches the system's own notices for that, on every platform, while Node could only ask again and again.
   */
  function follow(): () => void {
    const onOnline = (): void => void invoke('sessions.networkChanged', undefined);
    window.addEventListener('online', onOnline);
    const stop = listen('hosts.changed', replace);
    return () => {
      window.removeEventListener('online', onOnline);
      stop();
    };
  }

  /** Shown at once; main's list has the last word. */
  async function reorder(hostIds: readonly string[]): Promise<void> {
    const placeOf = (host: HostView): number => (hostIds.includes(host.profile.id) ? hostIds.indexOf(host.profile.id) : hostIds.length);
    hosts.value = [...hosts.value].sort((a, b) => placeOf(a) - placeOf(b));
    try {
      await invoke('hosts.reorder', { hostIds: [...hostIds] });
    } catch (thrown) {
      await load();
      throw thrown;
    }
  }

  /** Rejects with an AppError whose `field` is a path into the input, for example `connection.address`. */
  async function add(host: Pick<HostProfile, 'name' | 'group' | 'colour'> & { connection: AddedConnection }): Promise<HostView> {
    const view = await invoke('hosts.add', host);
    // Main's new list may still be on its way, and whoever added the host goes to its page now.
    if (!byId.value.has(view.profile.id)) hosts.value = [...hosts.value, view];
    return view;
  }
  async function update(profile: HostProfile): Promise<HostView> {
    const view = await invoke('hosts.update', profile);
    hosts.value = hosts.value.map((host) => (host.profile.id === view.profile.id ? view : host));
    return view;
  }
  const remove = (hostId: string): Promise<void> => invoke('hosts.remove', { hostId });
  const forgetSecrets = (hostId: string): Promise<void> => invoke('hosts.forgetSecrets', { hostId });
  const forgetAllSecrets = (): Promise<void> => invoke('secrets.forgetAll', undefined);
  /** What is kept and where, never a secret itself; null: of all hosts. */
  const keptSecrets = (hostId: string | null): Promise<KeptSecret[]> => invoke('secrets.list', { hostId });
  const connect = (hostId: string): Promise<void> => invoke('sessions.connect', { hostId });
  const disconnect = (hostId: string): Promise<void> => invoke('sessions.disconnect', { hostId });
  const retryNow = (hostId: string): Promise<void> => invoke('sessions.retryNow', { hostId });

  return { hosts, loaded, error, byId, groups, load, follow, add, update, reorder, remove, forgetSecrets, forgetAllSecrets, keptSecrets, connect, disconnect, retryNow };
});
