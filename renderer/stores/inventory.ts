import { defineStore } from 'pinia';
import { shallowRef, triggerRef } from 'vue';
import type { HostSnapshot } from '../../shared/domain/snapshot';
import type { AppError } from '../../shared/errors/app-error';
import { invoke, listen } from '../api/client';
import { toAppError } from '../api/to-app-error';

/** What is known of one host. `snapshot` null with `status` ready: it was never read. */
export interface Inventory {
  status: 'loading' | 'ready' | 'failed';
  snapshot: HostSnapshot | null;
  stale: boolean;
  error: AppError | null;
}

const unread: Inventory = { status: 'loading', snapshot: null, stale: false, error: null };

/**
 * The last snapshot of each host. Snapshots are replaced as a whole and never made deeply reactive: a host with a
 * thousand networks costs one assignment. A reply that is older than what is shown is dropped, by its revision.
 */
export const useInventory = defineStore('inventory', () => {
  const inventories = shallowRef(new Map<string, Inventory>());
  const fetching = new Map<string, Promise<void>>();
  const wanted = new Set<string>();

  function set(hostId: string, inventory: Inventory): void {
    inventories.value.set(hostId, inventory);
    triggerRef(inventories);
  }

  /** What is known of a host, `loading` before anything was asked. */
  function of(hostId: string): Inventory {
    return inventories.value.get(hostId) ?? unread;
  }

  async function fetchOnce(hostId: string): Promise<void> {
    try {
      const reply = await invoke('inventory.get', { hostId });
      const known = of(hostId);
      if (reply && known.snapshot && reply.snapshot.revision < known.snapshot.revision) return;
      set(hostId, { status: 'ready', snapshot: reply?.snapshot ?? null, stale: reply?.stale ?? false, error: null });
    } catch (thrown) {
      set(hostId, { ...of(hostId), status: 'failed', error: toAppError(thrown) });
    }
  }

  /**
   * Fetches the snapshot. Calls while one is under way are folded into a single further fetch, so that a burst of
   * events costs two fetches, and the last one sees everything.
   */
  function load(hostId: string): Promise<void> {
    const running = fetching.get(hostId);
    if (running) {
      wanted.add(hostId);
      return running;
    }
    const run = (async () => {
      do {
        wanted.delete(hostId);
        await fetchOnce(hostId);
      } while (wanted.has(hostId));
      fetching.delete(hostId);
    })();
    fetching.set(hostId, run);
    return run;
  }

  /** Follows main; returns the function that stops. Only a new revision is fetched; staleness alone is taken from the event. */
  function follow(): () => void {
    return listen('inventory.changed', ({ hostId, revision, stale }) => {
      const known = inventories.value.get(hostId);
      if (known?.snapshot && known.snapshot.revision === revision) set(hostId, { ...known, stale });
      else void load(hostId);
    });
  }

  /** Has main reread the host; the new snapshot arrives by event. `quiet`: only what emits no event of its own. */
  const refresh = (hostId: string, scope: 'all' | 'quiet'): Promise<void> => invoke('inventory.refresh', { hostId, scope });

  function forget(hostId: string): void {
    if (inventories.value.delete(hostId)) triggerRef(inventories);
  }

  return { inventories, of, load, follow, refresh, forget };
});
