import { onScopeDispose, watchEffect, shallowRef } from 'vue';
import type { Settings } from '../../shared/contract/app';

/** Puts the chosen theme on the document as the class `dark`; `system` follows the desktop as it changes. */
export function useTheme(theme: () => Settings['theme']): void {
  const media = window.matchMedia('(prefers-color-scheme: dark)');
  const isSystemDark = shallowRef(media.matches);
  const onChange = (event: MediaQueryListEvent): void => { isSystemDark.value = event.matches; };
  media.addEventListener('change', onChange);
  onScopeDispose(() => media.removeEventListener('change', onChange));
  watchEffect(() => {
    const isDark = theme() === 'dark' || (theme() === 'system' && isSystemDark.value);
    document.documentElement.classList.toggle('dark', isDark);
  });
}
