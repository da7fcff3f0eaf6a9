import { onMounted, onUnmounted } from 'vue';
import { listen } from '../api/client';
import { matchesKeys } from '../ui/match-keys';
import { useAppCommands } from './use-app-commands';
import type { AppCommand } from './use-app-commands';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=checkbox]):not([type=radio]), textarea, select'));

const isInTerminal = (target: EventTarget | null): boolean => target instanceof Element && target.closest('[data-terminal]') !== null;

/** Keys that type nothing, and so work in fields too. */
const functionKeys = ['F1', 'F5'];

function hasKeys(command: AppCommand, event: KeyboardEvent): boolean {
  return [command.keys, ...command.otherKeys ?? []].some((keys) => keys !== undefined && matchesKeys(event, keys));
}

const isDialogOpen = (): boolean => document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;

/**
 * Runs commands by their keys and by the native menu. Keys without Ctrl or Cmd are left to fields that are being
 * typed in; under an open dialog only the palette's own key works. `/` goes to the search field of the place. In a
 * terminal only its own keys count (features/terminal/terminal-keys.ts): Ctrl K and its like are the program's.
 *
 * The menu shows the same keys. A press that belongs to a command is always claimed here (`preventDefault`), run or
 * not, so that it never comes back through the menu as well.
 */
export function useShortcuts(): void {
  const commands = useAppCommands();

  function onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return;
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isPlain && !functionKeys.includes(event.key) && isTyping(event.target)) return;
    if (isPlain && isDialogOpen()) return;
    if (isPlain && event.key === '/') {
      const search = document.querySelector<HTMLInputElement>('[data-place-search]');
      if (search) {
        event.preventDefault();
        search.select();
      }
      return;
    }
    const inTerminal = isInTerminal(event.target);
    const command = commands.value.find((candidate) => hasKeys(candidate, event)
      && (inTerminal ? candidate.inTerminal !== undefined || event.metaKey : candidate.inTerminal !== 'only'));
    if (!command) return;
    event.preventDefault();
    if (!event.repeat) runUnlessBlocked(command);
  }

  function runUnlessBlocked(command: AppCommand): void {
    if (command.id === 'palette.open' || !isDialogOpen()) command.run();
  }

  let stop: (() => void) | undefined;
  onMounted(() => {
    window.addEventListener('keydown', onKey);
    stop = listen('menu.command', ({ command: id }) => {
      const command = commands.value.find((candidate) => candidate.id === id);
      if (command) runUnlessBlocked(command);
    });
  });
  onUnmounted(() => {
    window.removeEventListener('keydown', onKey);
    stop?.();
  });
}
