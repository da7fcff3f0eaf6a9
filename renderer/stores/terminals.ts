import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Terminal, TerminalSize, TerminalTarget } from '../../shared/domain/terminal';
import { invoke, listen } from '../api/client';
import { readKeptTabs } from './kept-tabs';
import { useSettings } from './settings';
import { moveTab, neighbourOf, reconcileTabs, removeTerminal, setRatio, splitTerminal, tabOf, terminalIdsOf } from './terminal-tabs';
import type { PaneSide, SplitDirection, TerminalTab } from './terminal-tabs';

/** Survives a reload of the window, and ends with it, as the terminals do. */
const keptUnder = 'netwright.terminal-tabs';

/** The usual size of a terminal, until one was fitted into the dock. */
const usualSize: TerminalSize = { columns: 80, rows: 24 };
/** At least so tall is the dock when a terminal opens in it: some fourteen lines. */
const comfortableHeight = 280;
const untouchedHeight = 176;

/** Chosen where there is no terminal: the place that says how to have one. */
export const emptyTabId = 'empty';

export const hostOf = (target: TerminalTarget): string | null => (target.kind === 'local' ? null : target.hostId);

/** The dock a new terminal is for, and the terminal it goes beside; without one it is a tab of its own. */
interface Wish { hostId: string; beside?: { terminalId: string; direction: SplitDirection } | undefined }

/**
 * All terminals as main has them, and how the dock arranges them: tabs, panes, and what each host shows. What they print
 * is not here: features/terminal draws it.
 */
export const useTerminals = defineStore('terminals', () => {
  const settings = useSettings();
  const terminals = shallowRef<readonly Terminal[]>([]);
  const byId = computed(() => new Map(terminals.value.map((terminal) => [terminal.id, terminal])));
  const tabs = shallowRef<readonly TerminalTab[]>([]);
  /** By host: the tab that is shown; a host without one shows Activity. */
  const chosen = shallowRef<Readonly<Record<string, string>>>({});
  const showsAll = ref(false);
  const isMaximized = ref(false);
  /** What the next terminal starts with: the size the last one was fitted to. */
  const lastSize = shallowRef(usualSize);
  /** A tab whose name is being edited. */
  const renaming = ref<string | null>(null);
  /** Counts wishes for the focus: the pane of the active terminal takes it. */
  const focusWish = ref(0);
  const localShells = shallowRef<readonly { name: string; path: string }[]>([]);

  watch([tabs, chosen, showsAll], () => {
    sessionStorage.setItem(keptUnder, JSON.stringify({ tabs: tabs.value, chosen: chosen.value, showsAll: showsAll.value }));
  });

  /** Where the next new terminal goes; it is in main's list before `terminals.open` is answered. */
  const wishes: Wish[] = [];

  let isRestored = false;

  /** With the first terminals, not before: the first use of the storage waits for main, which at start has better things to do. */
  function restoreOnce(): void {
    if (isRestored) return;
    isRestored = true;
    const kept = readKeptTabs(sessionStorage.getItem(keptUnder));
    if (kept) [tabs.value, chosen.value, showsAll.value] = [kept.tabs, kept.chosen, kept.showsAll];
  }

  function replace(next: readonly Terminal[]): void {
    terminals.value = next;
    if (next.length === 0 && tabs.value.length === 0) return;
    restoreOnce();
    const fresh = next.filter((terminal) => tabOf(tabs.value, terminal.id) === null);
    tabs.value = reconcileTabs(tabs.value, next.map((terminal) => terminal.id));
    for (const terminal of fresh) {
      const wish = wishes.shift();
      if (wish) place(terminal.id, wish);
    }
  }

  function place(terminalId: string, { hostId, beside }: Wish): void {
    if (beside) tabs.value = splitTerminal(tabs.value, beside.terminalId, beside.direction, terminalId);
    activate(hostId, terminalId);
  }

  async function load(): Promise<void> {
    replace(await invoke('terminals.list', undefined));
  }

  function follow(): () => void {
    return listen('terminals.changed', replace);
  }

  const targetOf = (tab: TerminalTab): TerminalTarget | null => byId.value.get(tab.activeId)?.target ?? null;

  /** A host's dock has its own terminals and the local ones; with `showsAll` everybody's. */
  function tabsOn(hostId: string): TerminalTab[] {
    return tabs.value.filter((tab) => {
      const target = targetOf(tab);
      return target !== null && (showsAll.value || target.kind === 'local' || target.hostId === hostId);
    });
  }

  /** The tab a host's dock shows; null: Activity. */
  function shownOn(hostId: string): TerminalTab | null {
    return tabsOn(hostId).find((tab) => tab.id === chosen.value[hostId]) ?? null;
  }

  /** Shows a tab, or with null Activity, and opens the dock. Its terminal takes the focus unless told otherwise. */
  function show(hostId: string, tabId: string | null, takesFocus = true): void {
    const { [hostId]: _before, ...others } = chosen.value;
    chosen.value = tabId === null ? others : { ...others, [hostId]: tabId };
    if (!settings.settings.dockOpen) void settings.update({ dockOpen: true });
    if (tabId !== null && takesFocus) focusWish.value += 1;
  }

  /** Makes a terminal its tab's active one and shows that tab in the dock of `hostId`. */
  function activate(hostId: string, terminalId: string): void {
    tabs.value = tabs.value.map((tab) => (terminalIdsOf(tab.root).includes(terminalId) ? { ...tab, activeId: terminalId } : tab));
    const tab = tabOf(tabs.value, terminalId);
    if (tab) show(hostId, tab.id);
  }

  function makeRoom(): void {
    if (settings.settings.dockHeight === untouchedHeight) void settings.update({ dockHeight: comfortableHeight });
  }

  /**
   * Opens a terminal in the dock of `hostId`, as a tab or beside another terminal, with `typed` on its command line, not
   * run. Rejects with main's error when it can't be had (no connection, no free channel).
   */
  async function open(hostId: string, target: TerminalTarget, options: { typed?: string | null; beside?: Wish['beside'] } = {}): Promise<Terminal> {
    makeRoom();
    const wish: Wish = { hostId, beside: options.beside };
    wishes.push(wish);
    try {
      const terminal = await invoke('terminals.open', { target, size: lastSize.value, typed: options.typed ?? null });
      if (!byId.value.has(terminal.id)) replace([...terminals.value, terminal]);
      return terminal;
    } finally {
      const at = wishes.indexOf(wish);
      if (at >= 0) wishes.splice(at, 1);
    }
  }

  /** Goes on in place. The size is that of the screen the terminal has now. */
  const reopen = (terminalId: string, size: TerminalSize): Promise<void> => invoke('terminals.reopen', { terminalId, size });

  async function close(terminalId: string): Promise<void> {
    const tab = tabOf(tabs.value, terminalId);
    // The next tab of the same dock comes forward, as in a browser.
    for (const [hostId, tabId] of Object.entries(chosen.value)) {
      if (tab === null || tabId !== tab.id || terminalIdsOf(tab.root).length > 1) continue;
      const beside = tabsOn(hostId);
      const at = beside.findIndex((candidate) => candidate.id === tab.id);
      const next = beside[at + 1] ?? beside[at - 1] ?? null;
      show(hostId, next?.id ?? null);
    }
    tabs.value = removeTerminal(tabs.value, terminalId);
    terminals.value = terminals.value.filter((terminal) => terminal.id !== terminalId);
    focusWish.value += 1;
    await invoke('terminals.close', { terminalId });
  }

  const rename = (terminalId: string, title: string): Promise<void> => invoke('terminals.rename', { terminalId, title });

  async function loadLocalShells(): Promise<void> {
    if (localShells.value.length === 0) localShells.value = await invoke('terminals.localShells', undefined);
  }

  function move(tabId: string, beforeId: string | null): void {
    tabs.value = moveTab(tabs.value, tabId, beforeId);
  }

  function resizeSplit(splitId: string, ratio: number): void {
    tabs.value = setRatio(tabs.value, splitId, ratio);
  }

  /** Another tab of the dock, `step` further, around the end. */
  function showNext(hostId: string, step: number): void {
    const list = tabsOn(hostId);
    if (list.length === 0) return;
    const at = list.findIndex((tab) => tab.id === chosen.value[hostId]);
    show(hostId, list[(Math.max(at, 0) + step + list.length) % list.length]!.id);
  }

  /** Moves the shown tab one place, among those of the dock. */
  function moveShown(hostId: string, step: number): void {
    const list = tabsOn(hostId);
    const at = list.findIndex((tab) => tab.id === chosen.value[hostId]);
    const shown = list[at];
    if (!shown || !list[at + step]) return;
    move(shown.id, (step < 0 ? list[at - 1] : list[at + 2])?.id ?? null);
  }

  /** Gives the dock all the room, or its usual height again; whoever works in a terminal goes on there. */
  function toggleMaximized(): void {
    isMaximized.value = !isMaximized.value;
    focusWish.value += 1;
  }

  function focusSide(hostId: string, side: PaneSide): void {
    const tab = shownOn(hostId);
    const next = tab && neighbourOf(tab.root, tab.activeId, side);
    if (next) activate(hostId, next);
  }

  return {
    terminals, byId, tabs, chosen, showsAll, isMaximized, lastSize, renaming, focusWish, localShells,
    load, follow, tabsOn, shownOn, show, activate, open, reopen, close, rename, loadLocalShells, move, resizeSplit, showNext, moveShown, toggleMaximized, focusSide,
  };
});
