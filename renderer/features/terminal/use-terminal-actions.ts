import { shallowRef } from 'vue';
import { practiceHostId } from '../../../shared/domain/practice-host-id';
import { invoke } from '../../api/client';
import { useSettings } from '../../stores/settings';
import { useTerminals } from '../../stores/terminals';
import { screenOf } from './screens';
import { closeQuestion } from './terminal-questions';
import { whenUnobstructed } from './when-unobstructed';

/** The terminal whose find bar is open. */
const findingIn = shallowRef<string | null>(null);

/** virsh(1): the escape character of `virsh console`, Ctrl ]. */
const consoleEscape = '\x1d';

export const usualFontSize = 13;

export type TerminalAction =
  | 'copy' | 'paste' | 'select-all' | 'find' | 'clear' | 'split-right' | 'split-down' | 'rename' | 'close' | 'leave-console';

/** What can be done with a terminal, from its menu, the dock and the palette alike. */
export function useTerminalActions(hostId: () => string) {
  const terminals = useTerminals();
  const settings = useSettings();

  async function copy(terminalId: string): Promise<void> {
    const text = screenOf(terminalId)?.selection ?? '';
    if (text !== '') await invoke('app.copyText', { text });
  }

  /** By the clipboard's own way: the page may not read it, but is told what is pasted into what has the focus. */
  async function paste(terminalId: string): Promise<void> {
    await whenUnobstructed();
    screenOf(terminalId)?.focus();
    await invoke('app.paste', undefined);
  }

  async function split(terminalId: string, direction: 'right' | 'down'): Promise<void> {
    const terminal = terminals.byId.get(terminalId);
    if (!terminal) return;
    const { target } = terminal;
    // A machine has one serial console: beside it opens a shell of its host.
    const next = target.kind === 'console' ? { kind: 'host' as const, hostId: target.hostId } : target;
    await terminals.open(hostId(), next, { beside: { terminalId, direction } });
  }

  /**
   * Asks only where something would be lost: a program seems to run. A shell that waits at its prompt, a terminal that
   * ended, a console (the machine goes on) and a rehearsal on the practice host close at once.
   */
  function close(terminalIds: readonly string[]): void {
    if (settings.settings.terminalConfirmClose && terminalIds.some(isBusy)) closeQuestion.value = terminalIds;
    else for (const terminalId of terminalIds) void terminals.close(terminalId);
  }

  function isBusy(terminalId: string): boolean {
    const terminal = terminals.byId.get(terminalId);
    if (terminal?.state.phase !== 'open' || terminal.target.kind === 'console') return false;
    if (terminal.target.kind === 'host' && terminal.target.hostId === practiceHostId) return false;
    return screenOf(terminalId)?.seemsBusy === true;
  }

  /** Opens the find bar, or goes back to it. */
  async function find(terminalId: string): Promise<void> {
    findingIn.value = null;
    await whenUnobstructed();
    findingIn.value = terminalId;
  }

  async function rename(terminalId: string): Promise<void> {
    await whenUnobstructed();
    terminals.renaming = terminalId;
  }

  function endFind(terminalId: string): void {
    findingIn.value = null;
    screenOf(terminalId)?.focus();
  }

  function run(action: TerminalAction, terminalId: string): void {
    const screen = screenOf(terminalId);
    switch (action) {
      case 'copy': void copy(terminalId); break;
      case 'paste': void paste(terminalId); break;
      case 'select-all': screen?.selectAll(); break;
      case 'find': void find(terminalId); break;
      case 'clear': screen?.clear(); break;
      case 'split-right': void split(terminalId, 'right'); break;
      case 'split-down': void split(terminalId, 'down'); break;
      case 'rename': void rename(terminalId); break;
      case 'close': close([terminalId]); break;
      case 'leave-console':
        screen?.send(consoleEscape);
        screen?.focus();
        break;
    }
  }

  /** Makes the letters of all terminals larger or smaller by `step` pixels; 0: the usual size. */
  function zoom(step: number): void {
    const wanted = step === 0 ? usualFontSize : settings.settings.terminalFontSize + step;
    void settings.update({ terminalFontSize: Math.min(Math.max(wanted, 8), 32) });
  }

  return { run, close, endFind, zoom, findingIn };
}
