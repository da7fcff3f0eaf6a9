import type { ITheme } from '@xterm/xterm';

/**
 * The sixteen ANSI colours on the app's own grounds. Each reads as text with WCAG AA contrast (4.5 to 1), but for the one
 * that is the ground's own pole (black on dark): programs fill areas with it. Text in it is lifted by xterm, which is told
 * to keep the same ratio for every pair of text and ground.
 */
export const minimumContrast = 4.5;

interface TerminalPalette extends ITheme {
  foreground: string;
  background: string;
  /** Sixteen, in ANSI's order. */
  ansi: readonly string[];
  search: { match: string; active: string; border: string };
}

const ansiNames = [
  'black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white',
  'brightBlack', 'brightRed', 'brightGreen', 'brightYellow', 'brightBlue', 'brightMagenta', 'brightCyan', 'brightWhite',
] as const;

export const terminalPalettes: Readonly<Record<'light' | 'dark', TerminalPalette>> = {
  light: {
    foreground: '#211f1b', background: '#fffefb', cursor: '#a24e1a', cursorAccent: '#fffefb',
    selectionBackground: '#f0cdb2', selectionInactiveBackground: '#ebe8e1',
    scrollbarSliderBackground: '#c4bdae99', scrollbarSliderHoverBackground: '#938c80aa', scrollbarSliderActiveBackground: '#736c60aa', overviewRulerBorder: '#00000000',
    ansi: [
      '#211f1b', '#b3261e', '#277346', '#855900', '#1d5fa8', '#8a3fa0', '#0f6b74', '#6b6459',
      '#736c60', '#c62f23', '#1d7a43', '#8f5f00', '#2766bd', '#9a3db4', '#0a7580', '#5a554b',
    ],
    search: { match: '#f8e3a8', active: '#f0a773', border: '#a24e1a' },
  },
  dark: {
    foreground: '#ece7dd', background: '#121110', cursor: '#e8935a', cursorAccent: '#121110',
    selectionBackground: '#5a3a22', selectionInactiveBackground: '#34312b',
    scrollbarSliderBackground: '#4b473f99', scrollbarSliderHoverBackground: '#736c60aa', scrollbarSliderActiveBackground: '#938c80aa', overviewRulerBorder: '#00000000',
    ansi: [
      '#3a372f', '#f08a80', '#6cc28b', '#e0b24a', '#7fb2f0', '#d79be8', '#5cc8c8', '#d8d2c6',
      '#9b9488', '#ffaaa2', '#93dcac', '#f2cf7c', '#a8ccff', '#e9bdf5', '#8ee3e0', '#fffaf0',
    ],
    search: { match: '#57430f', active: '#8a3f11', border: '#e8935a' },
  },
};

/** As xterm takes it. */
export function xtermTheme(theme: 'light' | 'dark'): ITheme {
  const { ansi, search: _search, ...rest } = terminalPalettes[theme];
  return { ...rest, ...Object.fromEntries(ansiNames.map((name, index) => [name, ansi[index]])) };
}
