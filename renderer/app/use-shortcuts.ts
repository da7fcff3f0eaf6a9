import { onMounted, onUnmounted } from 'vue';
import { listen } from '../api/client';
import { matchesKeys } from './match-keys';
import { useAppCommands } from './use-app-commands';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=checkbox]):not([type=radio]), textarea, select'));

/**
 * Runs commands by their keys and by the native menu. Keys without Ctrl or Cmd are left to fields that are being
 * typed in; Escape is left to an open dialog. `/` goes to the search field of the place.
 */
export function useShortcuts(): void {
  const commands = useAppCommands();

  function onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return;
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isPlain && event.key !== 'F5' && isTyping(event.target)) return;
    const isDialogOpen = document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;
    if (isDialogOpen && !(event.key.toLowerCase() === 'k' && !isPlain)) return;
    if (isPlain && event.key === '/') {
      const search = document.querySelector<HTMLInputElement>('[data-place-search]');
      if (search) {
        event.preventDefault();
        search.select();
      }
      return;
    }
    const command = commands.value.find((candidate) => candidate.keys && matchesKeys(event, candidate.keys));
    if (!command) return;
    event.preventDefault();
    command.run();
  }

  let stop: (() => void) | undefined;
  onMounted(() => {
    window.addEventListener('keydown', onKey);
    stop = listen('menu.command', ({ command }) => commands.value.find((candidate) => candidate.id === command)?.run());
  });
  onUnmounted(() => {
    window.removeEventListener('keydown', onKey);
    stop?.();
  });
}
