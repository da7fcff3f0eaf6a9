import { onScopeDispose, shallowRef } from 'vue';
import type { Ref } from 'vue';

/** The time, ticking while the scope lives. Milliseconds since the epoch. */
export function useNow(everyMs = 1000): Readonly<Ref<number>> {
  const now = shallowRef(Date.now());
  const timer = setInterval(() => { now.value = Date.now(); }, everyMs);
  onScopeDispose(() => clearInterval(timer));
  return now;
}
