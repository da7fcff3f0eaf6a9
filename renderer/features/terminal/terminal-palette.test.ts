import { describe, expect, it } from 'vitest';
import { minimumContrast, terminalPalettes, xtermTheme } from './terminal-palette';

/** Relative luminance of `#rrggbb` (WCAG 2.2). */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const channel = parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(a: string, b: string): number {
  const [lighter, darker] = [luminance(a), luminance(b)].sort((one, other) => other - one);
  return (lighter! + 0.05) / (darker! + 0.05);
}

describe.each(['light', 'dark'] as const)('the %s palette', (theme) => {
  const palette = terminalPalettes[theme];
  const black = 0;

  it('has AA contrast for text in all sixteen colours', () => {
    const weak = palette.ansi.map((colour, index) => ({ index, ratio: contrast(colour, palette.background) })).filter(({ ratio }) => ratio < minimumContrast);
    // Black on the dark ground is xterm's to lift; the window's accessibility test looks at what is drawn.
    expect(weak.map(({ index }) => index)).toEqual(theme === 'dark' ? [black] : []);
    expect(contrast(palette.foreground, palette.background)).toBeGreaterThan(7);
  });

  it('keeps text readable where it is selected or found', () => {
    for (const ground of [palette.selectionBackground!, palette.selectionInactiveBackground!, palette.search.match, palette.search.active]) {
      expect(contrast(palette.foreground, ground)).toBeGreaterThanOrEqual(minimumContrast);
    }
  });

  it('shows the cursor (3 to 1, WCAG 1.4.11)', () => {
    expect(contrast(palette.cursor!, palette.background)).toBeGreaterThanOrEqual(3);
  });

  it('has sixteen different colours under the names xterm knows', () => {
    expect(new Set(palette.ansi).size).toBe(16);
    expect(xtermTheme(theme)).toMatchObject({ black: palette.ansi[0], brightWhite: palette.ansi[15] });
  });
});
