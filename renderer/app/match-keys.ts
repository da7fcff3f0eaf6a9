export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

const modifiers = ['meta', 'shift', 'alt'];

/**
 * Whether a key press is this combination. `meta` is Ctrl, or Cmd on a Mac. Shift counts only where the combination
 * names it or has a modifier, since `?` needs Shift on most keyboards and none on some.
 */
export function matchesKeys(press: KeyPress, keys: readonly string[]): boolean {
  const key = keys.find((candidate) => !modifiers.includes(candidate.toLowerCase()));
  if (key === undefined || press.key.toLowerCase() !== key.toLowerCase()) return false;
  if (keys.includes('meta') !== (press.ctrlKey || press.metaKey)) return false;
  if (keys.includes('alt') !== press.altKey) return false;
  return keys.includes('meta') ? keys.includes('shift') === press.shiftKey : true;
}
