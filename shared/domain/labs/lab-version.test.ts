import { describe, expect, it } from 'vitest';
import { defaultXml } from '../../../test/fakes/snapshot-fixture';
import { readLabVersions, withLabVersions } from '../network-xml/lab-versions-xml';
import { withLabMark } from '../network-xml/lab-mark-xml';
import { withVersion } from './lab-version';
import type { LabVersion } from './lab-version';
import { readLabFile } from './read-lab-file';

const version = (text: string, day = 1): LabVersion => ({ text, appliedAt: `2026-01-${String(day).padStart(2, '0')}T00:00:00.000Z` });

describe('the versions of a lab\'s file', () => {
  it('are newest first, each once, and the same again is none', () => {
    const [a, b] = [version('a', 1), version('b', 2)];
    expect(withVersion([], a)).toEqual([a]);
    expect(withVersion([a], b)).toEqual([b, a]);
    expect(withVersion([b, a], version('b', 9))).toEqual([b, a]);
    expect(withVersion([b, a], version('a', 9))).toEqual([version('a', 9), b]);
  });

  it('are ten beside the one in force, and never much text', () => {
    const many = Array.from({ length: 30 }, (_, at) => version(`v${at}`)).reduce<LabVersion[]>(withVersion, []);
    expect(many.map(({ text }) => text)).toEqual(['v29', 'v28', 'v27', 'v26', 'v25', 'v24', 'v23', 'v22', 'v21', 'v20', 'v19']);
    const large = [version('x'.repeat(50_000)), version('y'.repeat(50_000)), version('z'.repeat(900_000))].reduce<LabVersion[]>(withVersion, []);
    expect(large.map(({ text }) => text.slice(0, 1))).toEqual(['z', 'y']);
  });

  it('stand in the metadata beside the mark, whatever is in them, and leave all else as it was', () => {
    const marked = withLabMark(defaultXml, { lab: 'home', key: 'web', madeSwitch: false });
    const versions = [version('# ]]> <a href="x">&amp;\n\n  - \'ü\' 😀\n\ttab\n'), version('')];
    const kept = withLabVersions(marked, versions);
    expect(readLabVersions(kept)).toEqual(versions);
    expect(withLabVersions(kept, versions)).toBe(kept);
    expect(withLabVersions(kept, [])).toBe(marked);
    expect(withLabVersions(withLabMark(kept, null), [])).toBe(defaultXml);
    expect(readLabVersions(marked)).toEqual([]);
  });
});

describe('a lab file with a character that nothing can keep', () => {
  it('says so at its line', () => {
    expect(readLabFile('version: 1\n# bell: \u0007\nname: a\nnetworks: { a: { kind: nat } }\n').problems).toEqual([{ severity: 'error', line: 2, column: 9, message: "A lab file can't hold this character (U+0007)." }]);
    expect(readLabFile('version: 1\r\n# tab:\t, 😀\r\nname: a\r\nnetworks: { a: { kind: nat } }\r\n').problems).toEqual([]);
  });
});
