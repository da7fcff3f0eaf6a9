export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'> & { code?: string };

const modifiers = ['meta', 'shift', 'alt'];

/** Where it is a dead key, the key left of 1 is known by its place. */
const isKey = (press: KeyPress, key: string): boolean =>
  press.key.toLowerCase() === key.toLowerCase() || (key === '`' && press.key === 'Dead' && press.code === 'Backquote');

/**
 * Whether a key press is this combination. `meta` is Ctrl, or Cmd on a Mac. Shift counts only where the combination
 * names it or has a modifier, since `?` needs Shift on most keyboards and none on some.
 */
export function matchesKeys(press: KeyPress, keys: readonly string[]): boolean {
  const key = keys.find((candidate) => !modifiers.includes(candidate.toLowerCase()));
  if (key === undefined || !isKey(press, key)) return false;
  if (keys.includes('meta') !== (press.ctrlKey || press.metaKey)) return false;
  if (keys.includes('alt') !== press.altKey) return false;
  return keys.includes('meta') ? keys.includes('shift') === press.shiftKey : true;
}
