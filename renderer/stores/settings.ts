import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { defaultSettings } from '../../shared/contract/default-settings';
import type { About, Settings } from '../../shared/contract/app';
import { invoke, listen } from '../api/client';

/** The user's settings. A change shows at once and is sent on; main's answer has the last word. */
export const useSettings = defineStore('settings', () => {
  const settings = shallowRef<Settings>(defaultSettings);
  const about = shallowRef<About | null>(null);

  async function load(): Promise<void> {
    [settings.value, about.value] = await Promise.all([invoke('settings.get', undefined), invoke('app.about', undefined)]);
  }

  function follow(): () => void {
    return listen('settings.changed', (next) => { settings.value = next; });
  }

  async function update(change: Partial<Settings>): Promise<void> {
    settings.value = { ...settings.value, ...change };
    settings.value = await invoke('settings.update', change);
  }

  return { settings, about, load, follow, update };
});
