import { shallowRef } from 'vue';
import type { Ref } from 'vue';

const renaming = shallowRef<string | null>(null);

/** The host whose name is being typed in its place in the rail, if any. */
export function useHostRename(): { renaming: Ref<string | null> } {
  return { renaming };
}
