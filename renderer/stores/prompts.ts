import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { Prompt, PromptAnswer } from '../../shared/domain/host';
import { invoke, listen } from '../api/client';

/** Questions of sessions that are connecting, oldest first. One is shown at a time. */
export const usePrompts = defineStore('prompts', () => {
  const prompts = shallowRef<readonly Prompt[]>([]);
  const current = computed(() => prompts.value[0] ?? null);

  async function load(): Promise<void> {
    prompts.value = await invoke('prompts.list', undefined);
  }

  function follow(): () => void {
    return listen('prompts.changed', (next) => { prompts.value = next; });
  }

  /** The prompt disappears by main's event; until then the answer is on its way. */
  const answer = (promptId: string, given: PromptAnswer): Promise<void> => invoke('prompts.answer', { promptId, answer: given });

  return { prompts, current, load, follow, answer };
});
