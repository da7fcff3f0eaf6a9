import { describe, expect, it } from 'vitest';
import { readKeptTabs } from './kept-tabs';
import { newTab } from './terminal-tabs';

describe('readKeptTabs', () => {
  const split = { id: 'a', activeId: 'b', root: { kind: 'split', id: 's', direction: 'down', ratio: 0.5, first: newTab('a').root, second: newTab('b').root } };
  const kept = { tabs: [newTab('c'), split], chosen: { attic: 'a' }, showsAll: true };

  it('reads what was kept', () => {
    expect(readKeptTabs(JSON.stringify(kept))).toEqual(kept);
  });

  it.each([
    ['nothing', null], ['no JSON', '{'], ['another thing', '[1]'], ['null', 'null'],
    ['a tab without a pane', JSON.stringify({ ...kept, tabs: [{ id: 'a', activeId: 'a' }] })],
    ['half a split', JSON.stringify({ ...kept, tabs: [{ ...split, root: { ...split.root, second: null } }] })],
    ['a pane too small to find', JSON.stringify({ ...kept, tabs: [{ ...split, root: { ...split.root, ratio: 0 } }] })],
    ['a choice that is no name', JSON.stringify({ ...kept, chosen: { attic: 1 } })],
  ])('is null for %s', (_what, text) => {
    expect(readKeptTabs(text)).toBeNull();
  });
});
