import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readKeptTabs } from './kept-tabs';
import { moveTab, neighbourOf, newTab, reconcileTabs, removeTerminal, setRatio, splitTerminal, tabOf, terminalIdsOf } from './terminal-tabs';
import type { TerminalTab } from './terminal-tabs';

const ids = (tabs: readonly TerminalTab[]): string[][] => tabs.map((tab) => terminalIdsOf(tab.root));

describe('tabs of terminals', () => {
  it('split to the right and down, and close up again', () => {
    let tabs = splitTerminal([newTab('a')], 'a', 'right', 'b');
    tabs = splitTerminal(tabs, 'b', 'down', 'c');
    expect(ids(tabs)).toEqual([['a', 'b', 'c']]);
    expect(tabs[0]!.activeId).toBe('c');
    tabs = removeTerminal(tabs, 'c');
    expect(tabs[0]).toMatchObject({ activeId: 'b', root: { kind: 'split', direction: 'right' } });
    tabs = removeTerminal(tabs, 'a');
    expect(tabs[0]!.root).toEqual({ kind: 'terminal', terminalId: 'b' });
    expect(removeTerminal(tabs, 'b')).toEqual([]);
  });

  it('take a terminal out of its own tab when it is put beside another', () => {
    expect(ids(splitTerminal([newTab('a'), newTab('b')], 'a', 'right', 'b'))).toEqual([['a', 'b']]);
    expect(ids(splitTerminal([newTab('a')], 'gone', 'right', 'b'))).toEqual([['a'], ['b']]);
  });

  it('move in front of another, or to the end', () => {
    const tabs = ['a', 'b', 'c'].map(newTab);
    expect(moveTab(tabs, 'c', 'a').map((tab) => tab.id)).toEqual(['c', 'a', 'b']);
    expect(moveTab(tabs, 'a', null).map((tab) => tab.id)).toEqual(['b', 'c', 'a']);
    expect(moveTab(tabs, 'a', 'a').map((tab) => tab.id)).toEqual(['a', 'b', 'c']);
  });

  it('keep a pane large enough to find', () => {
    const tabs = splitTerminal([newTab('a')], 'a', 'down', 'b');
    expect(setRatio(tabs, 'a/b', 0)[0]!.root).toMatchObject({ ratio: 0.1 });
  });

  it('follow the terminals that exist, and leave the array alone when nothing differs', () => {
    const tabs = splitTerminal([newTab('a')], 'a', 'right', 'b');
    expect(reconcileTabs(tabs, ['a', 'b'])).toBe(tabs);
    expect(ids(reconcileTabs(tabs, ['b', 'c']))).toEqual([['b'], ['c']]);
  });

  it('find the pane on each side', () => {
    // a | b over c
    const { root } = splitTerminal(splitTerminal([newTab('a')], 'a', 'right', 'b'), 'b', 'down', 'c')[0]!;
    expect(neighbourOf(root, 'a', 'right')).toBe('b');
    expect(neighbourOf(root, 'c', 'left')).toBe('a');
    expect(neighbourOf(root, 'b', 'down')).toBe('c');
    expect(neighbourOf(root, 'c', 'up')).toBe('b');
    expect(neighbourOf(root, 'a', 'left')).toBeNull();
  });

  it('hold every terminal exactly once, whatever is done to them, and survive being kept', () => {
    const step = fc.record({ do: fc.constantFrom('split', 'remove', 'move', 'swallow'), at: fc.nat(50), other: fc.nat(50), direction: fc.constantFrom('right' as const, 'down' as const) });
    fc.assert(fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const alive: string[] = [];
      let tabs: TerminalTab[] = [];
      for (const [index, action] of steps.entries()) {
        const one = alive[action.at % (alive.length || 1)] ?? 'none';
        const other = alive[action.other % (alive.length || 1)] ?? 'none';
        if (action.do === 'split') {
          tabs = splitTerminal(tabs, one, action.direction, `t${index}`);
          alive.push(`t${index}`);
        } else if (action.do === 'remove') {
          tabs = removeTerminal(tabs, one);
          if (one !== 'none') alive.splice(alive.indexOf(one), 1);
        } else if (action.do === 'swallow' && one !== other) tabs = splitTerminal(tabs, one, action.direction, other);
        else if (action.do === 'move') tabs = moveTab(tabs, tabs[action.at % (tabs.length || 1)]?.id ?? 'none', tabs[action.other % (tabs.length || 1)]?.id ?? null);
      }
      const shown = ids(tabs).flat();
      expect(shown.sort()).toEqual([...alive].sort());
      for (const tab of tabs) expect(terminalIdsOf(tab.root)).toContain(tab.activeId);
      for (const id of alive) expect(tabOf(tabs, id)).not.toBeNull();
      expect(new Set(tabs.map((tab) => tab.id)).size).toBe(tabs.length);
      expect(readKeptTabs(JSON.stringify({ tabs, chosen: {}, showsAll: false }))?.tabs).toEqual(tabs);
    }));
  });
});
