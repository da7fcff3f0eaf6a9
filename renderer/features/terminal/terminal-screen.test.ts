import { beforeEach, describe, expect, it, vi } from 'vitest';
import { TerminalScreen } from './terminal-screen';
import type { ScreenOptions, ScreenPorts } from './terminal-screen';
import { terminalPalettes } from './terminal-palette';
import * as parts from './xterm-parts';

interface Marked { term: string; incremental: boolean; colour: string }

/** What xterm's search was told to mark, and when it was to forget. */
const told: (Marked | 'cleared')[] = [];
const note = (term: string, options: { incremental?: boolean; decorations?: { matchBackground?: string } }): boolean => {
  told.push({ term, incremental: options.incremental ?? false, colour: options.decorations?.matchBackground ?? '' });
  return true;
};
const nothing = (): { dispose(): void } => ({ dispose: () => undefined });
const terminal = { options: {}, onData: nothing, onBinary: nothing, onBell: nothing, onResize: nothing, onSelectionChange: nothing, attachCustomKeyEventHandler: () => undefined, clearSelection: () => undefined };
const options: ScreenOptions = { theme: 'dark', terminalFontSize: 13, terminalScrollback: 1000, terminalScreenReader: false };
const wish = { term: 'eth0', caseSensitive: true, regex: false };

let screen: TerminalScreen;
beforeEach(() => {
  told.length = 0;
  vi.spyOn(parts, 'shadowFor').mockImplementation((host) => host as unknown as ShadowRoot);
  vi.spyOn(parts, 'createXterm').mockReturnValue({
    terminal, fit: { fit: () => undefined }, search: { findNext: note, findPrevious: note, clearDecorations: () => { told.push('cleared'); } },
  } as unknown as parts.XtermParts);
  screen = new TerminalScreen('one', { columns: 80, rows: 24 }, options, {} as ScreenPorts);
});

describe('the marks of a search', () => {
  const [dark, light] = [terminalPalettes.dark.search.match, terminalPalettes.light.search.match];

  it('take the colours of another theme, and stay where they are', () => {
    screen.find(wish, 'previous');
    screen.apply({ ...options, theme: 'light' });
    expect(dark).not.toBe(light);
    expect(told).toEqual([{ term: 'eth0', incremental: false, colour: dark }, 'cleared', { term: 'eth0', incremental: true, colour: light }]);
  });

  it('are left alone by other settings, and are gone when the search has ended', () => {
    screen.find(wish, 'next');
    screen.apply({ ...options, terminalFontSize: 15 });
    expect(told).toHaveLength(1);
    screen.endFind();
    told.length = 0;
    screen.apply({ ...options, theme: 'light' });
    screen.find({ ...wish, term: '' }, 'next');
    screen.apply(options);
    expect(told).toEqual(['cleared']);
  });
});
