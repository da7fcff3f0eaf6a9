import { matchesKeys } from '../../ui/match-keys';
import type { KeyPress } from '../../ui/match-keys';

/** The first combination is the one that is shown; the others do the same. */
type KeyChoices = readonly [readonly string[], ...(readonly string[])[]];

/**
 * The keys a terminal leaves to the app; everything else is the program's in it, Ctrl W, Ctrl R and Ctrl K among it. As in
 * other terminals they are Ctrl Shift and a letter, where no program can tell Shift anyway. Splitting is Terminator's,
 * tabs are GNOME Terminal's, and so is the size of the letters.
 */
export const terminalKeys = {
  'palette.open': [['meta', 'shift', 'P'], ['F1']],
  'terminal.toggle': [['meta', '`']],
  'terminal.new': [['meta', 'shift', 'T']],
  'terminal.close': [['meta', 'shift', 'W']],
  'terminal.find': [['meta', 'shift', 'F']],
  'terminal.split-right': [['meta', 'shift', 'E']],
  'terminal.split-down': [['meta', 'shift', 'O']],
  'terminal.next': [['meta', 'pagedown']],
  'terminal.previous': [['meta', 'pageup']],
  'terminal.move-right': [['meta', 'shift', 'pagedown']],
  'terminal.move-left': [['meta', 'shift', 'pageup']],
  'terminal.focus-left': [['meta', 'shift', 'arrowleft']],
  'terminal.focus-right': [['meta', 'shift', 'arrowright']],
  'terminal.focus-up': [['meta', 'shift', 'arrowup']],
  'terminal.focus-down': [['meta', 'shift', 'arrowdown']],
  'terminal.copy': [['meta', 'shift', 'C']],
  'terminal.paste': [['meta', 'shift', 'V']],
  'terminal.bigger': [['meta', 'shift', '+'], ['meta', '+'], ['meta', '=']],
  'terminal.smaller': [['meta', 'shift', '-'], ['meta', 'shift', '_'], ['meta', '-']],
  'terminal.usual-size': [['meta', '0']],
} as const satisfies Record<string, KeyChoices>;

export type TerminalKeyId = keyof typeof terminalKeys;

const choices: readonly (readonly string[])[] = Object.values<KeyChoices>(terminalKeys).flat();

/**
 * Whether a press in a terminal is the app's. `isFullScreen`: a program has the whole screen (the alternate buffer); F1 is
 * then its own, as help of htop, mc and vim. Cmd is never a program's.
 */
export function isAppKey(press: KeyPress, isFullScreen: boolean): boolean {
  if (press.metaKey && !press.ctrlKey) return true;
  if (press.key === 'F1' && isFullScreen) return false;
  return choices.some((keys) => matchesKeys(press, keys));
}
