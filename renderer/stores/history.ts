import { defineStore } from 'pinia';
import { shallowRef, triggerRef } from 'vue';
import type { HistoryEntry, HistoryRow } from '../../shared/domain/plan';
import type { AppError } from '../../shared/errors/app-error';
import { invoke, listen } from '../api/client';
import { toAppError } from '../api/to-app-error';

export interface HistoryList {
  status: 'loading' | 'ready' | 'failed';
  rows: readonly HistoryRow[];
  error: AppError | null;
}

const unread: HistoryList = { status: 'loading', rows: [], error: null };

/** Applied plans of each host, newest first. Whole entries are fetched when looked at. */
export const useHistory = defineStore('history', () => {
  const lists = shallowRef(new Map<string, HistoryList>());

  const of = (hostId: string): HistoryList => lists.value.get(hostId) ?? unread;

  async function load(hostId: string): Promise<void> {
    try {
      const rows = await invoke('history.list', { hostId });
      lists.value.set(hostId, { status: 'ready', rows, error: null });
    } catch (thrown) {
      lists.value.set(hostId, { ...of(hostId), status: 'failed', error: toAppError(thrown) });
    }
    triggerRef(lists);
  }

  function follow(): () => void {
    return listen('history.changed', ({ hostId }) => { void load(hostId); });
  }

  const get = (historyId: string): Promise<HistoryEntry> => invoke('history.get', { historyId });

  return { lists, of, load, follow, get };
});
