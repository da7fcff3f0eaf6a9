import { expect, it } from 'vitest';
import { matchesKeys } from './match-keys';

const press = (key: string, more: Partial<Parameters<typeof matchesKeys>[0]> = {}) => ({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more });

it('takes Ctrl or Cmd for meta, and wants no other modifier', () => {
  expect(matchesKeys(press('k', { ctrlKey: true }), ['meta', 'K'])).toBe(true);
  expect(matchesKeys(press('k', { metaKey: true }), ['meta', 'K'])).toBe(true);
  expect(matchesKeys(press('k'), ['meta', 'K'])).toBe(false);
  expect(matchesKeys(press('K', { ctrlKey: true, shiftKey: true }), ['meta', 'K'])).toBe(false);
  expect(matchesKeys(press('A', { ctrlKey: true, shiftKey: true }), ['meta', 'shift', 'A'])).toBe(true);
  expect(matchesKeys(press('k', { ctrlKey: true, altKey: true }), ['meta', 'K'])).toBe(false);
});

it('ignores Shift for a plain character, which needs it on some keyboards', () => {
  expect(matchesKeys(press('?', { shiftKey: true }), ['?'])).toBe(true);
  expect(matchesKeys(press('?'), ['?'])).toBe(true);
  expect(matchesKeys(press('Escape'), ['escape'])).toBe(true);
});

it('knows the key left of 1 by its place where it is dead', () => {
  expect(matchesKeys({ ...press('Dead', { ctrlKey: true }), code: 'Backquote' }, ['meta', '`'])).toBe(true);
  expect(matchesKeys({ ...press('Dead', { ctrlKey: true }), code: 'Quote' }, ['meta', '`'])).toBe(false);
  expect(matchesKeys(press('`', { ctrlKey: true }), ['meta', '`'])).toBe(true);
});
