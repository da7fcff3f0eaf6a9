
/** Where a new pane goes: to the right of another one, or below it. */
export type SplitDirection = 'right' | 'down';
export type PaneSide = 'left' | 'right' | 'up' | 'down';

/** One terminal, or two panes side by side (`right`) or one above the other (`down`); `ratio`: the first one's share. */
export type Pane = TerminalPane | SplitPane;
export interface TerminalPane { kind: 'terminal'; terminalId: string }
export interface SplitPane { kind: 'split'; id: string; direction: SplitDirection; ratio: number; first: Pane; second: Pane }

/** A tab of the dock. Its name and state are those of its active terminal. */
export interface TerminalTab { id: string; root: Pane; activeId: string }

/** Keeps a pane from becoming too small to find again. */
export const clampRatio = (ratio: number): number => Math.min(Math.max(ratio, 0.1), 0.9);

export function terminalIdsOf(pane: Pane): string[] {
  return pane.kind === 'terminal' ? [pane.terminalId] : [...terminalIdsOf(pane.first), ...terminalIdsOf(pane.second)];
}

/** A tab is named after its first terminal: both live equally long, until that one is closed. */
export const newTab = (terminalId: string): TerminalTab => ({ id: terminalId, root: { kind: 'terminal', terminalId }, activeId: terminalId });

export const tabOf = (tabs: readonly TerminalTab[], terminalId: string): TerminalTab | null =>
  tabs.find((tab) => terminalIdsOf(tab.root).includes(terminalId)) ?? null;

function mapPane(pane: Pane, change: (pane: Pane) => Pane | null): Pane | null {
  if (pane.kind === 'terminal') return change(pane);
  const first = mapPane(pane.first, change);
  const second = mapPane(pane.second, change);
  // A split of which one half is gone is its other half.
  if (first === null || second === null) return first ?? second;
  return change({ ...pane, first, second });
}

/** The tabs without a terminal: a split closes up, an empty tab goes. */
export function removeTerminal(tabs: readonly TerminalTab[], terminalId: string): TerminalTab[] {
  return tabs.flatMap((tab) => {
    const before = terminalIdsOf(tab.root);
    if (!before.includes(terminalId)) return [tab];
    const root = mapPane(tab.root, (pane) => (pane.kind === 'terminal' && pane.terminalId === terminalId ? null : pane));
    if (root === null) return [];
    const left = terminalIdsOf(root);
    const neighbour = left[Math.max(0, before.indexOf(terminalId) - 1)]!;
    return [{ ...tab, root, activeId: tab.activeId === terminalId ? neighbour : tab.activeId }];
  });
}

/** Puts a terminal beside another one and makes it active; as a tab of its own when the other one is not there. */
export function splitTerminal(tabs: readonly TerminalTab[], besideId: string, direction: SplitDirection, terminalId: string): TerminalTab[] {
  const others = removeTerminal(tabs, terminalId);
  const target = tabOf(others, besideId);
  if (target === null) return [...others, newTab(terminalId)];
  const root = mapPane(target.root, (pane) => (pane.kind === 'terminal' && pane.terminalId === besideId
    ? { kind: 'split', id: `${besideId}/${terminalId}`, direction, ratio: 0.5, first: pane, second: { kind: 'terminal', terminalId } }
    : pane))!;
  return others.map((tab) => (tab === target ? { ...tab, root, activeId: terminalId } : tab));
}

export function setRatio(tabs: readonly TerminalTab[], splitId: string, ratio: number): TerminalTab[] {
  return tabs.map((tab) => ({ ...tab, root: mapPane(tab.root, (pane) => (pane.kind === 'split' && pane.id === splitId ? { ...pane, ratio: clampRatio(ratio) } : pane))! }));
}

/** Moves a tab in front of another one; `null`: to the end. */
export function moveTab(tabs: readonly TerminalTab[], tabId: string, beforeId: string | null): TerminalTab[] {
  const moved = tabs.find((tab) => tab.id === tabId);
  if (!moved || tabId === beforeId) return [...tabs];
  const others = tabs.filter((tab) => tab !== moved);
  const at = others.findIndex((tab) => tab.id === beforeId);
  return at < 0 ? [...others, moved] : [...others.slice(0, at), moved, ...others.slice(at)];
}

/**
 * The tabs brought in line with the terminals that exist: those that are gone are taken out, new ones become tabs at
 * the end. The same array when nothing differs.
 */
export function reconcileTabs(tabs: readonly TerminalTab[], existing: readonly string[]): readonly TerminalTab[] {
  const shown = tabs.flatMap((tab) => terminalIdsOf(tab.root));
  const gone = shown.filter((id) => !existing.includes(id));
  const fresh = existing.filter((id) => !shown.includes(id));
  if (gone.length === 0 && fresh.length === 0) return tabs;
  return [...gone.reduce<TerminalTab[]>(removeTerminal, [...tabs]), ...fresh.map(newTab)];
}

interface Box { terminalId: string; left: number; top: number; right: number; bottom: number }

function boxesOf(pane: Pane, box: Omit<Box, 'terminalId'>): Box[] {
  if (pane.kind === 'terminal') return [{ terminalId: pane.terminalId, ...box }];
  if (pane.direction === 'right') {
    const middle = box.left + (box.right - box.left) * pane.ratio;
    return [...boxesOf(pane.first, { ...box, right: middle }), ...boxesOf(pane.second, { ...box, left: middle })];
  }
  const middle = box.top + (box.bottom - box.top) * pane.ratio;
  return [...boxesOf(pane.first, { ...box, bottom: middle }), ...boxesOf(pane.second, { ...box, top: middle })];
}

/** The pane that lies on that side of a terminal, nearest to its middle; null at the tab's edge. */
export function neighbourOf(root: Pane, terminalId: string, side: PaneSide): string | null {
  const boxes = boxesOf(root, { left: 0, top: 0, right: 1, bottom: 1 });
  const own = boxes.find((box) => box.terminalId === terminalId);
  if (!own) return null;
  const isBeside = (box: Box): boolean => {
    switch (side) {
      case 'left': return Math.abs(box.right - own.left) < 1e-6;
      case 'right': return Math.abs(box.left - own.right) < 1e-6;
      case 'up': return Math.abs(box.bottom - own.top) < 1e-6;
      case 'down': return Math.abs(box.top - own.bottom) < 1e-6;
    }
  };
  const isAcross = side === 'left' || side === 'right';
  const middle = isAcross ? (own.top + own.bottom) / 2 : (own.left + own.right) / 2;
  const distance = (box: Box): number => Math.max(0, isAcross ? Math.max(box.top - middle, middle - box.bottom) : Math.max(box.left - middle, middle - box.right));
  const beside = boxes.filter(isBeside).sort((a, b) => distance(a) - distance(b));
  return beside[0]?.terminalId ?? null;
}
