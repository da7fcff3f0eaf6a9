import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conflictMarkers, findConflicts, mergeFields, mergeText } from './three-way';

const lines = fc.array(fc.constantFrom('<a/>', '<b/>', '  <c>', '', '__proto__', 'constructor', 'x', 'y'), { maxLength: 12 }).map((parts) => parts.join('\n'));

describe('mergeText', () => {
  it('merges what does not touch', () => {
    expect(mergeText('a\nb\nc\nd\ne', 'A\nb\nc\nd\ne', 'a\nb\nc\nd\nE')).toEqual({ text: 'A\nb\nc\nd\nE', conflicts: [] });
  });

  it('marks what both changed, with its lines', () => {
    const merged = mergeText('a\nb\nc', 'a\nmine\nc', 'a\ntheirs\nc');
    expect(merged.text.split('\n')).toEqual(['a', conflictMarkers.mine, 'mine', conflictMarkers.between, 'theirs', conflictMarkers.theirs, 'c']);
    expect(merged.conflicts).toEqual([{ fromLine: 2, toLine: 6, mine: 'mine', theirs: 'theirs' }]);
  });

  it('keeps the line ends of mine', () => {
    expect(mergeText('a\r\nb', 'a\r\nB', 'a\nb').text).toBe('a\r\nB');
  });

  it('gives the one side that changed, and loses no line of either in a conflict', () => {
    fc.assert(fc.property(lines, lines, lines, (base, mine, theirs) => {
      expect(mergeText(base, mine, base)).toEqual({ text: mine, conflicts: [] });
      expect(mergeText(base, base, theirs)).toEqual({ text: theirs, conflicts: [] });
      expect(mergeText(base, mine, mine)).toEqual({ text: mine, conflicts: [] });
      const { text, conflicts } = mergeText(base, mine, theirs);
      expect(findConflicts(text)).toEqual(conflicts);
      const merged = text.split('\n');
      for (const conflict of conflicts) {
        expect(merged[conflict.fromLine - 1]).toBe(conflictMarkers.mine);
        expect(merged[conflict.toLine - 1]).toBe(conflictMarkers.theirs);
      }
      // Taking one side of every conflict gives a text without markers.
      expect(merged.filter((line) => line === conflictMarkers.mine).length).toBe(conflicts.length);
    }));
  });
});

const value = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof({ maxDepth: 3 }, fc.integer({ max: 3 }), fc.constantFrom('a', null, true), fc.array(fc.integer({ max: 2 }), { maxLength: 2 }), fc.dictionary(fc.constantFrom('x', 'y', 'z'), tie('node'), { maxKeys: 3 })),
})).node;

describe('mergeFields', () => {
  it('takes each side’s own changes and names what both changed', () => {
    const base = { name: 'lab', dhcp: { ranges: [1], lease: 5 }, mtu: null };
    const { merged, differences } = mergeFields<typeof base | object>(base, { ...base, mtu: 9000, dhcp: { ranges: [1, 2], lease: 5 } }, { ...base, dhcp: { ranges: [3], lease: 7 } });
    expect(merged).toEqual({ name: 'lab', dhcp: { ranges: [1, 2], lease: 7 }, mtu: 9000 });
    expect(differences.map(({ path, changedBy }) => [path, changedBy])).toEqual([['dhcp.ranges', 'both'], ['dhcp.lease', 'theirs'], ['mtu', 'mine']]);
  });

  it('gives the one side that changed; and mine where both did', () => {
    fc.assert(fc.property(value, value, value, (base, mine, theirs) => {
      expect(mergeFields(base, mine, base).merged).toEqual(mine);
      expect(mergeFields(base, base, theirs).merged).toEqual(theirs);
      const one = mergeFields(base, mine, theirs);
      const other = mergeFields(base, theirs, mine);
      expect(one.differences.filter((each) => each.changedBy === 'both').map((each) => each.path).sort()).toEqual(other.differences.filter((each) => each.changedBy === 'both').map((each) => each.path).sort());
    }));
  });
});
