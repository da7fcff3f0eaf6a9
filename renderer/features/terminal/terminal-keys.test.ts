import { describe, expect, it } from 'vitest';
import { isAppKey } from './terminal-keys';

const press = (key: string, modifiers = '') => ({
  key, ctrlKey: modifiers.includes('C'), shiftKey: modifiers.includes('S'), altKey: modifiers.includes('A'), metaKey: modifiers.includes('M'),
});

describe('keys in a terminal', () => {
  it.each(['w', 'r', 'k', 'c', 'd', 'n', 'j', 'l', 'z', 'q', 'm', 'p', 't', 'f', ',', '1', '9'])('leave Ctrl %s to the program', (key) => {
    expect(isAppKey(press(key, 'C'), false)).toBe(false);
  });

  it.each(['Enter', 'Escape', 'Tab', 'F2', 'F5', 'F10', 'ArrowUp', '?', '/'])('leave %s to the program', (key) => {
    expect(isAppKey(press(key), false)).toBe(false);
  });

  it.each([['P', 'CS'], ['C', 'CS'], ['V', 'CS'], ['W', 'CS'], ['T', 'CS'], ['F', 'CS'], ['`', 'C'], ['+', 'CS'], ['_', 'CS'], ['-', 'C'], ['0', 'C'], ['PageDown', 'C'], ['ArrowLeft', 'CS']])('give %s (%s) to the app', (key, modifiers) => {
    expect(isAppKey(press(key, modifiers), false)).toBe(true);
  });

  it('leave F1 to a program that has the whole screen', () => {
    expect(isAppKey(press('F1'), false)).toBe(true);
    expect(isAppKey(press('F1'), true)).toBe(false);
  });

  it('give every Cmd to the app, on a Mac', () => {
    expect(isAppKey(press('k', 'M'), true)).toBe(true);
  });
});
