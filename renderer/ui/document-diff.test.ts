import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffLines } from './document-diff';

describe('diffLines', () => {
  it('shows a new document in full', () => {
    expect(diffLines(null, '<network>\n</network>\n')).toEqual([
      { kind: 'added', text: '<network>', number: 1 },
      { kind: 'added', text: '</network>', number: 2 },
    ]);
  });

  it('leaves out what is far from a change and says how much', () => {
    const before = Array.from({ length: 12 }, (_, index) => `line ${index + 1}`);
    const after = before.map((line) => (line === 'line 6' ? 'line six' : line));
    const shown = diffLines(before.join('\n'), after.join('\n'), 1);
    expect(shown.map((line) => `${line.kind} ${line.text}`)).toEqual([
      'gap 4 lines unchanged', 'same line 5', 'removed line 6', 'added line six', 'same line 7', 'gap 5 lines unchanged',
    ]);
  });

  it('shows nothing for a document that stays as it is', () => {
    expect(diffLines('<a/>', '<a/>\n')).toEqual([]);
  });

  it('holds every line of both documents when nothing is left out', () => {
    const document = fc.array(fc.stringMatching(/^[a-c ]{0,4}$/), { minLength: 1, maxLength: 12 });
    fc.assert(fc.property(document, document, (before, after) => {
      fc.pre(before.join('\n') !== after.join('\n'));
      const shown = diffLines(before.join('\n') + '\n', after.join('\n') + '\n', 100);
      expect(shown.filter((line) => line.kind !== 'added').map((line) => line.text)).toEqual(before);
      expect(shown.filter((line) => line.kind !== 'removed').map((line) => line.text)).toEqual(after);
    }));
  });
});
