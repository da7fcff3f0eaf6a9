import type { Terminal } from '@xterm/xterm';
import { describe, expect, it, vi } from 'vitest';
import { followCursorAtRest } from './caret-place';

/** A terminal's textarea and cursor, as xterm moves them. */
function makeTerminal() {
  const textarea = document.createElement('textarea');
  const listeners = new Set<() => void>();
  const terminal = { textarea, onCursorMove: (listener: () => void) => { listeners.add(listener); return { dispose: () => listeners.delete(listener) }; } } as unknown as Terminal;
  const move = (left: string, top: string): void => {
    textarea.style.left = left;
    textarea.style.top = top;
    for (const listener of listeners) listener();
  };
  return { terminal, textarea, move, listeners };
}
const place = ({ style }: HTMLElement): string[] => [style.getPropertyValue('--caret-left'), style.getPropertyValue('--caret-top')];

describe('followCursorAtRest', () => {
  it('stays while keys come, and follows when they stop', () => {
    vi.useFakeTimers();
    const { terminal, textarea, move } = makeTerminal();
    followCursorAtRest(terminal);
    move('8px', '0px');
    vi.advanceTimersByTime(100);
    move('16px', '20px');
    vi.advanceTimersByTime(100);
    expect(place(textarea)).toEqual(['', '']);
    vi.advanceTimersByTime(100);
    expect(place(textarea)).toEqual(['16px', '20px']);
    vi.useRealTimers();
  });

  it('is where xterm wants it while something is composed, and stays there', () => {
    const { terminal, textarea, move } = makeTerminal();
    followCursorAtRest(terminal);
    textarea.dispatchEvent(new Event('compositionstart'));
    expect(textarea.classList.contains('composing')).toBe(true);
    move('24px', '40px');
    textarea.dispatchEvent(new Event('compositionend'));
    expect(textarea.classList.contains('composing')).toBe(false);
    expect(place(textarea)).toEqual(['24px', '40px']);
  });

  it('ends', () => {
    const { terminal, move, listeners } = makeTerminal();
    const end = followCursorAtRest(terminal);
    move('8px', '0px');
    end();
    expect(listeners.size).toBe(0);
  });
});
