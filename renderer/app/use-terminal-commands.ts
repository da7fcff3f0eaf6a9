import { computed } from 'vue';
import type { ComputedRef } from 'vue';
import { terminalKeys } from '../features/terminal/terminal-keys';
import type { TerminalKeyId } from '../features/terminal/terminal-keys';
import { useTerminalActions } from '../features/terminal/use-terminal-actions';
import type { TerminalAction } from '../features/terminal/use-terminal-actions';
import { useHosts } from '../stores/hosts';
import { useInventory } from '../stores/inventory';
import { useSettings } from '../stores/settings';
import { hostOf, useTerminals } from '../stores/terminals';
import { terminalRefusal, useOpenTerminal } from '../stores/use-open-terminal';
import type { PaneSide } from '../stores/terminal-tabs';
import type { AppCommand } from './use-app-commands';

type TerminalCommand = Omit<AppCommand, 'group'>;

/** Keys of a command, as terminals leave them to the app. `only`: elsewhere the same keys mean something else. */
function keysOf(id: TerminalKeyId, inTerminal: 'too' | 'only' = 'too'): Pick<AppCommand, 'keys' | 'otherKeys' | 'inTerminal'> {
  const [keys, ...otherKeys] = terminalKeys[id];
  return { keys, otherKeys, inTerminal };
}

/** Whole names: the bundle holds the icons that are written in the sources. */
const sideIcons: Record<PaneSide, string> = {
  left: 'i-lucide-arrow-left', right: 'i-lucide-arrow-right', up: 'i-lucide-arrow-up', down: 'i-lucide-arrow-down',
};

/** Everything terminals can do in the dock of the host in view. */
export function useTerminalCommands(hostId: () => string | null): ComputedRef<AppCommand[]> {
  const terminals = useTerminals();
  const hosts = useHosts();
  const inventories = useInventory();
  const settings = useSettings();
  const here = (): string => hostId() ?? '';
  const actions = useTerminalActions(here);
  const opener = useOpenTerminal(here);

  /** Closes the dock, or opens it with the focus in its terminal. */
  function toggleDock(): void {
    const tab = terminals.shownOn(here());
    if (settings.settings.dockOpen) void settings.update({ dockOpen: false });
    else terminals.show(here(), tab?.id ?? null);
  }

  function forShown(activeId: string): TerminalCommand[] {
    const act = (action: TerminalAction) => () => actions.run(action, activeId);
    const isConsole = terminals.byId.get(activeId)?.target.kind === 'console';
    return [
      { id: 'terminal.find', label: 'Find in the terminal…', icon: 'i-lucide-search', ...keysOf('terminal.find'), run: act('find') },
      { id: 'terminal.copy', label: 'Copy from the terminal', icon: 'i-lucide-copy', ...keysOf('terminal.copy', 'only'), run: act('copy') },
      { id: 'terminal.paste', label: 'Paste into the terminal', icon: 'i-lucide-clipboard-paste', ...keysOf('terminal.paste', 'only'), run: act('paste') },
      { id: 'terminal.split-right', label: 'Split the terminal to the right', icon: 'i-lucide-columns-2', ...keysOf('terminal.split-right'), run: act('split-right') },
      { id: 'terminal.split-down', label: 'Split the terminal downwards', icon: 'i-lucide-rows-2', ...keysOf('terminal.split-down'), run: act('split-down') },
      { id: 'terminal.rename', label: 'Rename the terminal…', icon: 'i-lucide-pencil', run: act('rename') },
      { id: 'terminal.clear', label: 'Clear the scrollback of the terminal', icon: 'i-lucide-eraser', run: act('clear') },
      ...isConsole ? [{ id: 'terminal.leave-console', label: 'Leave the console', icon: 'i-lucide-log-out', run: act('leave-console') }] : [],
      { id: 'terminal.close', label: 'Close the terminal', icon: 'i-lucide-x', ...keysOf('terminal.close'), run: act('close') },
      { id: 'terminal.maximize', label: terminals.isMaximized ? 'Give the dock its usual height' : 'Give the dock all the room', icon: 'i-lucide-maximize-2', run: terminals.toggleMaximized },
    ];
  }

  function betweenTabs(): TerminalCommand[] {
    return [
      { id: 'terminal.next', label: 'Next terminal', icon: 'i-lucide-arrow-right', ...keysOf('terminal.next'), run: () => terminals.showNext(here(), 1) },
      { id: 'terminal.previous', label: 'Previous terminal', icon: 'i-lucide-arrow-left', ...keysOf('terminal.previous'), run: () => terminals.showNext(here(), -1) },
      { id: 'terminal.move-right', label: 'Move the terminal’s tab right', icon: 'i-lucide-arrow-right-to-line', ...keysOf('terminal.move-right'), run: () => terminals.moveShown(here(), 1) },
      { id: 'terminal.move-left', label: 'Move the terminal’s tab left', icon: 'i-lucide-arrow-left-to-line', ...keysOf('terminal.move-left'), run: () => terminals.moveShown(here(), -1) },
    ];
  }

  function betweenPanes(): TerminalCommand[] {
    return (['left', 'right', 'up', 'down'] as const).map((side) => ({
      id: `terminal.focus-${side}`, label: `Go to the pane ${{ left: 'on the left', right: 'on the right', up: 'above', down: 'below' }[side]}`, icon: sideIcons[side],
      ...keysOf(`terminal.focus-${side}`, 'only'), run: () => terminals.focusSide(here(), side),
    }));
  }

  return computed(() => {
    const id = hostId();
    if (id === null) return [];
    const host = hosts.byId.get(id) ?? null;
    const list: TerminalCommand[] = [];
    if (host && terminalRefusal(host) === null) {
      list.push({ id: 'terminal.new', label: `New terminal on ${host.profile.name}`, icon: 'i-lucide-square-terminal', ...keysOf('terminal.new'), run: () => opener.shell(null) });
      for (const machine of inventories.of(id).snapshot?.machines ?? []) {
        if (machine.state === 'running') list.push({ id: `terminal.console.${machine.uuid}`, label: `Console of ${machine.name}`, icon: 'i-lucide-monitor', run: () => opener.console(machine.uuid) });
      }
    }
    list.push({ id: 'terminal.local', label: 'New terminal on this computer', icon: 'i-lucide-laptop', run: () => void terminals.open(id, { kind: 'local', shell: null }) });
    const shown = terminals.shownOn(id);
    if (shown && settings.settings.dockOpen) list.push(...forShown(shown.activeId), ...shown.root.kind === 'split' ? betweenPanes() : []);
    if (terminals.tabsOn(id).length > 0) list.push(...betweenTabs());
    for (const terminal of terminals.terminals) {
      const owner = hostOf(terminal.target);
      const at = owner === null ? 'this computer' : hosts.byId.get(owner)?.profile.name ?? owner;
      list.push({ id: `terminal.go.${terminal.id}`, label: `Terminal ${terminal.title}${terminal.title === at ? '' : ` on ${at}`}`, icon: 'i-lucide-arrow-right', run: () => goTo(terminal.id, owner) });
    }
    if (terminals.terminals.length > 0) {
      list.push(
        { id: 'terminal.bigger', label: 'Larger letters in terminals', icon: 'i-lucide-a-large-small', ...keysOf('terminal.bigger', 'only'), run: () => actions.zoom(1) },
        { id: 'terminal.smaller', label: 'Smaller letters in terminals', icon: 'i-lucide-a-large-small', ...keysOf('terminal.smaller', 'only'), run: () => actions.zoom(-1) },
        { id: 'terminal.usual-size', label: 'Letters of the usual size in terminals', icon: 'i-lucide-a-large-small', ...keysOf('terminal.usual-size', 'only'), run: () => actions.zoom(0) },
        { id: 'terminal.all', label: terminals.showsAll ? 'Show the terminals of this host only' : 'Show the terminals of all hosts', icon: 'i-lucide-layers', run: () => { terminals.showsAll = !terminals.showsAll; } },
      );
    }
    list.push({ id: 'terminal.toggle', label: settings.settings.dockOpen ? 'Hide the terminals' : 'Show the terminals', icon: 'i-lucide-panel-bottom', ...keysOf('terminal.toggle'), run: toggleDock });
    return list.map((command) => ({ ...command, group: 'Terminal' as const }));
  });

  /** In the dock in view; a terminal of another host brings all of them there. */
  function goTo(terminalId: string, owner: string | null): void {
    if (owner !== null && owner !== here()) terminals.showsAll = true;
    terminals.activate(here(), terminalId);
  }
}
