import { defineStore } from 'pinia';
import { shallowRef, triggerRef } from 'vue';
import type { ActivityEntry } from '../../shared/domain/activity';
import { invoke, listen } from '../api/client';

/** Lines kept per host; older ones are dropped. */
export const activityLimit = 5000;

/**
 * `entries` with `changes` merged in by id: a known id is replaced where it stands, a new one goes to the end.
 * Always a new array, at most `activityLimit` long.
 */
export function mergeActivity(entries: readonly ActivityEntry[], changes: readonly ActivityEntry[]): ActivityEntry[] {
  const merged = [...entries];
  const positions = new Map(merged.map((entry, index) => [entry.id, index]));
  for (const change of changes) {
    const position = positions.get(change.id);
    if (position === undefined) positions.set(change.id, merged.push(change) - 1);
    else merged[position] = change;
  }
  return merged.length > activityLimit ? merged.slice(-activityLimit) : merged;
}

/** What ran on each host: commands, reads, events, checks, in the order they began. */
export const useActivity = defineStore('activity', () => {
  const entries = shallowRef(new Map<string, readonly ActivityEntry[]>());

  function of(hostId: string): readonly ActivityEntry[] {
    return entries.value.get(hostId) ?? [];
  }

  function merge(hostId: string, changes: readonly ActivityEntry[]): void {
    entries.value.set(hostId, mergeActivity(of(hostId), changes));
  }

  async function load(hostId: string): Promise<void> {
    const list = await invoke('activity.list', { hostId });
    // Lines that came by event while the list was on its way are newer than the list.
    entries.value.set(hostId, mergeActivity(list, of(hostId)));
    triggerRef(entries);
  }

  function follow(): () => void {
    return listen('activity.appended', (appended) => {
      const byHost = new Map<string, ActivityEntry[]>();
      for (const entry of appended) byHost.set(entry.hostId, [...byHost.get(entry.hostId) ?? [], entry]);
      for (const [hostId, changes] of byHost) merge(hostId, changes);
      triggerRef(entries);
    });
  }

  return { entries, of, load, follow };
});
