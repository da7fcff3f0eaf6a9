import { shallowRef, watchEffect } from 'vue';
import type { Ref } from 'vue';

/** True from the first time something is open on: what was loaded for it then stays, and closes with its own movement. */
export function useWanted(open: Ref<boolean>): Readonly<Ref<boolean>> {
  const wasOpen = shallowRef(false);
  watchEffect(() => { if (open.value) wasOpen.value = true; });
  return wasOpen;
}
