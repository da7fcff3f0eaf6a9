import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cleanPaste, needsPasteWarning } from './paste-text';

it('keeps text, tabs and line ends', () => {
  expect(cleanPaste('ip link\r\n\tbr0 – ü 漢\rlast')).toBe('ip link\n\tbr0 – ü 漢\nlast');
});

it('lets no escape sequence through', () => {
  expect(cleanPaste('harmless\x1b[201~\nrm -rf ~\x9b201~\x7f\x00')).toBe('harmless[201~\nrm -rf ~201~');
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 0x2fff })), (codes) => {
    expect(cleanPaste(String.fromCodePoint(...codes))).toMatch(/^[^\p{Cc}]*(?:[\t\n][^\p{Cc}]*)*$/u);
  }));
});

it('warns of several lines where they would run at once, or always, or never', () => {
  expect(needsPasteWarning('a\nb', 'auto', false)).toBe(true);
  expect(needsPasteWarning('a\n', 'auto', false)).toBe(true);
  expect(needsPasteWarning('a\nb', 'auto', true)).toBe(false);
  expect(needsPasteWarning('a\nb', 'always', true)).toBe(true);
  expect(needsPasteWarning('a\nb', 'never', false)).toBe(false);
  expect(needsPasteWarning('a b', 'always', false)).toBe(false);
});
