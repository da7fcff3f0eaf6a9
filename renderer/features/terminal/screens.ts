/** The screens of all terminals, by id. Light: xterm itself comes with the first terminal, as a chunk of its own. */
import { onScopeDispose, shallowReactive, watch } from 'vue';
import type { Terminal } from '../../../shared/domain/terminal';
import { invoke, listen } from '../../api/client';
import { toAppError } from '../../api/to-app-error';
import { useSettings } from '../../stores/settings';
import { useTerminals } from '../../stores/terminals';
import { needsPasteWarning } from './paste-text';
import { askBeforePaste } from './terminal-questions';
import type { ScreenOptions, TerminalScreen } from './terminal-screen';

const screens = shallowReactive(new Map<string, TerminalScreen>());
/** Terminals whose bell rang while nobody looked. */
const bells = shallowReactive(new Map<string, number>());

/** Null while xterm is being loaded. */
export const screenOf = (terminalId: string): TerminalScreen | null => screens.get(terminalId) ?? null;

/** How often the bell rang since the terminal was looked at. */
export const bellsOf = (terminalId: string): number => bells.get(terminalId) ?? 0;
export const quietBell = (terminalId: string): void => { bells.delete(terminalId); };

type ScreenClass = typeof TerminalScreen;

async function loadScreens(): Promise<ScreenClass> {
  const [{ TerminalScreen: Screen }, { loadTerminalFont }] = await Promise.all([import('./terminal-screen'), import('./xterm-parts')]);
  await loadTerminalFont();
  return Screen;
}
let loading: Promise<ScreenClass> | null = null;

/** Larger pastes go in pieces that a message may hold; never through the middle of a character. */
const messageLength = 1_000_000;
function writeInPieces(terminalId: string, data: string): void {
  for (let from = 0; from < data.length;) {
    let to = Math.min(from + messageLength, data.length);
    if (to < data.length && /[\uD800-\uDBFF]/.test(data[to - 1]!)) to -= 1;
    void invoke('terminals.write', { terminalId, data: data.slice(from, to) });
    from = to;
  }
}

/** A terminal that was closed meanwhile has nothing to say: its tab is gone already. */
async function unlessGone(answer: Promise<void>): Promise<void> {
  try {
    await answer;
  } catch (thrown) {
    if (toAppError(thrown).code !== 'not-found') throw thrown;
  }
}

/**
 * Keeps a screen for every terminal main has, from the moment it is there. Called once, by the shell of the window; ends
 * with the component that called it.
 */
export function keepScreens(): void {
  const terminals = useTerminals();
  const settings = useSettings();

  const options = (): ScreenOptions => ({
    terminalFontSize: settings.settings.terminalFontSize, terminalScrollback: settings.settings.terminalScrollback, terminalScreenReader: settings.settings.terminalScreenReader,
    theme: document.documentElement.classList.contains('dark') ? 'dark' : 'light',
  });

  function create(Screen: ScreenClass, { id: terminalId, title, state }: Terminal): void {
    const screen = new Screen(title, terminals.lastSize, options(), {
      attach: () => invoke('terminals.attach', { terminalId }),
      acknowledge: (bytes) => void invoke('terminals.acknowledge', { terminalId, bytes }),
      write: (data) => writeInPieces(terminalId, data),
      resize: (size) => {
        terminals.lastSize = size;
        void invoke('terminals.resize', { terminalId, size });
      },
      paste: (text, isBracketed) => {
        if (needsPasteWarning(text, settings.settings.terminalPasteWarning, isBracketed)) askBeforePaste({ terminalId, text, isBracketed });
        else screen.paste(text);
      },
      openLink: (url) => void invoke('app.openExternal', { url }),
      resume: () => void terminals.reopen(terminalId, screen.size),
      bell: () => bells.set(terminalId, bellsOf(terminalId) + 1),
      selected: (text) => { if (settings.settings.terminalCopyOnSelect) void invoke('app.copyText', { text }); },
    });
    screen.update(title, state);
    screens.set(terminalId, screen);
    void unlessGone(screen.start());
  }

  async function follow(list: readonly Terminal[]): Promise<void> {
    if (list.length === 0 && screens.size === 0) return;
    loading ??= loadScreens();
    const Screen = await loading;
    // What main has by now, not when the loading began.
    const current = terminals.byId;
    for (const [id, screen] of screens) {
      if (current.has(id)) continue;
      screen.dispose();
      screens.delete(id);
      bells.delete(id);
    }
    for (const terminal of current.values()) {
      const screen = screens.get(terminal.id);
      if (screen) screen.update(terminal.title, terminal.state);
      else create(Screen, terminal);
    }
  }

  watch(() => terminals.terminals, follow, { immediate: true });
  const stopOutput = listen('terminal.output', ({ terminalId, position, data }) => screens.get(terminalId)?.receive({ position, data }));
  const applyAll = (): void => { for (const screen of screens.values()) screen.apply(options()); };
  watch(() => settings.settings, applyAll);
  // The theme is a class of the document, wherever it came from.
  const themeWatcher = new MutationObserver(applyAll);
  themeWatcher.observe(document.documentElement, { attributeFilter: ['class'] });
  onScopeDispose(() => {
    stopOutput();
    themeWatcher.disconnect();
    for (const screen of screens.values()) screen.dispose();
    screens.clear();
    bells.clear();
  });
}
