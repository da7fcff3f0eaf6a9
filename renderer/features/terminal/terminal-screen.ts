import type { ISearchOptions } from '@xterm/addon-search';
import type { Settings } from '../../../shared/contract/app';
import type { TerminalSize, TerminalState } from '../../../shared/domain/terminal';
import { followCursorAtRest } from './caret-place';
import { cleanPaste } from './paste-text';
import { isAppKey } from './terminal-keys';
import { terminalPalettes, xtermTheme } from './terminal-palette';
import { TerminalStream } from './terminal-stream';
import type { OutputChunk, StreamPorts } from './terminal-stream';
import { drawByWebgl } from './webgl-renderer';
import { createXterm, searchRuler, shadowFor } from './xterm-parts';

export interface ScreenOptions extends Pick<Settings, 'terminalFontSize' | 'terminalScrollback' | 'terminalScreenReader'> {
  theme: 'light' | 'dark';
}

/** What a screen tells and asks of the app around it. */
export interface ScreenPorts extends Omit<StreamPorts, 'draw'> {
  write(data: string): void;
  resize(size: TerminalSize): void;
  /** Text on its way from the clipboard, cleaned. `isBracketed`: the program takes it as a whole. */
  paste(text: string, isBracketed: boolean): void;
  openLink(url: string): void;
  /** Enter on a terminal that ended or was lost. */
  resume(): void;
  bell(): void;
  selected(text: string): void;
}

export interface SearchState { index: number; count: number }
export interface SearchWish { term: string; caseSensitive: boolean; regex: boolean }

/**
 * The screen of one terminal, from its first byte to its closing. It lives outside of Vue: a pane shows it by taking its
 * element in, and it goes on receiving while no pane does.
 */
export class TerminalScreen {
  readonly element = document.createElement('div');
  private readonly inner = document.createElement('div');
  /** Of xterm, in the shadow tree of `inner`. */
  private readonly mount = document.createElement('div');
  private readonly parts;
  private readonly stream: TerminalStream;
  private readonly watcher: ResizeObserver;
  private state: TerminalState = { phase: 'opening' };
  private theme: ScreenOptions['theme'] = 'dark';
  /** Set once it is in the page for the first time. */
  private endFollowing: (() => void) | null = null;
  private endWebgl: (() => void) | null = null;
  private fitFrame = 0;
  /** What is marked now; null: nothing. */
  private marked: SearchWish | null = null;

  constructor(label: string, size: TerminalSize, options: ScreenOptions, private readonly ports: ScreenPorts) {
    this.element.className = 'terminal-screen';
    this.inner.className = 'terminal-inner';
    this.element.append(this.inner);
    this.mount.style.height = '100%';
    shadowFor(this.inner).append(this.mount);
    // For the page this has the focus, and gets it back from menus and dialogs.
    this.inner.focus = () => this.focus();
    this.parts = createXterm(size, (url) => ports.openLink(url));
    const { terminal } = this.parts;
    this.stream = new TerminalStream({ attach: ports.attach, acknowledge: ports.acknowledge, draw: (data, drawn) => terminal.write(data, drawn) });
    this.watcher = new ResizeObserver(() => this.fitSoon());
    this.label = label;
    this.apply(options);
    terminal.onData((data) => ports.write(data));
    terminal.onBinary((data) => ports.write(data));
    terminal.onBell(() => ports.bell());
    terminal.onResize(({ cols, rows }) => ports.resize({ columns: cols, rows }));
    terminal.onSelectionChange(() => { if (terminal.hasSelection()) ports.selected(terminal.getSelection()); });
    terminal.attachCustomKeyEventHandler((event) => this.takesKey(event));
    // What is the program's is not for the page: the map's and the dialogs' listeners would look at each key before it is echoed.
    for (const type of ['keydown', 'keyup'] as const) this.element.addEventListener(type, (event) => { if (!this.isPageKey(event)) event.stopPropagation(); });
    // Before xterm's own listener, which would send the text as it is.
    this.element.addEventListener('paste', (event) => this.onPaste(event), { capture: true });
  }

  private set label(text: string) {
    this.element.dataset['terminal'] = text;
    this.parts.terminal.textarea?.setAttribute('aria-label', `Terminal ${text}`);
  }

  /** Rejects when main knows the terminal no more. */
  start(): Promise<void> {
    return this.stream.start();
  }

  receive(chunk: OutputChunk): void {
    this.stream.receive(chunk);
  }

  /** Follows the terminal's title and state as main tells them. */
  update(title: string, state: TerminalState): void {
    this.label = title;
    this.state = state;
    this.parts.terminal.options.disableStdin = state.phase !== 'open' && state.phase !== 'opening';
  }

  apply(options: ScreenOptions): void {
    const { options: current } = this.parts.terminal;
    current.theme = xtermTheme(options.theme);
    current.fontSize = options.terminalFontSize;
    current.scrollback = options.terminalScrollback;
    current.screenReaderMode = options.terminalScreenReader;
    const isRecoloured = this.theme !== options.theme;
    this.theme = options.theme;
    if (isRecoloured) this.markAgain();
    this.fitSoon();
  }

  get size(): TerminalSize {
    return { columns: this.parts.terminal.cols, rows: this.parts.terminal.rows };
  }

  /** Shows the screen inside an element of the page, and keeps it as large as that. */
  show(place: HTMLElement): void {
    place.append(this.element);
    if (!this.endFollowing) {
      this.parts.terminal.open(this.mount);
      this.label = this.element.dataset['terminal'] ?? '';
      this.endFollowing = followCursorAtRest(this.parts.terminal);
    }
    this.endWebgl ??= drawByWebgl(this.parts.terminal);
    this.watcher.observe(place);
    this.fit();
  }

  /** Takes it out of the page again; a place that has another screen by now is left alone. */
  hide(place: HTMLElement): void {
    this.watcher.unobserve(place);
    if (this.element.parentElement !== place) return;
    this.element.remove();
    // Graphics contexts are few: only screens in view have one.
    this.endWebgl?.();
    this.endWebgl = null;
  }

  private fitSoon(): void {
    cancelAnimationFrame(this.fitFrame);
    this.fitFrame = requestAnimationFrame(() => this.fit());
  }

  private fit(): void {
    // A pane that is hidden or being dragged shut has no room to measure.
    if (this.endFollowing && this.inner.clientWidth > 40 && this.inner.clientHeight > 16) this.parts.fit.fit();
  }

  focus(): void {
    this.parts.terminal.focus();
  }

  get selection(): string {
    return this.parts.terminal.getSelection();
  }

  selectAll(): void {
    this.parts.terminal.selectAll();
  }

  /** Drops everything above the line of the cursor. */
  clear(): void {
    this.parts.terminal.clear();
  }

  /** Sends text as if it had been typed; bracketed when the program asked for that. */
  paste(text: string): void {
    this.parts.terminal.paste(text);
  }

  send(data: string): void {
    this.parts.terminal.input(data);
  }

  /** Something seems to run: a program has the whole screen, or the shell isn't waiting at a prompt that it can edit. */
  get seemsBusy(): boolean {
    const { terminal } = this.parts;
    return terminal.buffer.active.type === 'alternate' || !terminal.modes.bracketedPasteMode;
  }

  private takesKey(event: KeyboardEvent): boolean {
    if (this.state.phase === 'ended' || this.state.phase === 'lost') {
      if (event.type === 'keydown' && event.key === 'Enter' && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        this.ports.resume();
        return false;
      }
    }
    return !this.isAppKey(event);
  }

  /** Keys held down are followed by the page wherever they are let go. */
  private isPageKey(event: KeyboardEvent): boolean {
    return ['Shift', 'Control', 'Alt', 'Meta'].includes(event.key) || this.isAppKey(event);
  }

  private isAppKey(event: KeyboardEvent): boolean {
    return isAppKey(event, this.parts.terminal.buffer.active.type === 'alternate');
  }

  private onPaste(event: ClipboardEvent): void {
    event.preventDefault();
    event.stopPropagation();
    const text = cleanPaste(event.clipboardData?.getData('text/plain') ?? '');
    if (text !== '') this.ports.paste(text, this.parts.terminal.modes.bracketedPasteMode);
  }

  /** Goes to the next or previous match and marks all; an empty term unmarks. False: no match, or no regular expression. */
  find(wish: SearchWish, direction: 'next' | 'previous', incremental = false): boolean {
    const { search, terminal } = this.parts;
    this.marked = wish.term === '' ? null : wish;
    if (wish.term === '') {
      search.clearDecorations();
      return true;
    }
    if (!terminal.options.overviewRuler?.width) terminal.options.overviewRuler = searchRuler;
    const marks = terminalPalettes[this.theme].search;
    const options: ISearchOptions = {
      caseSensitive: wish.caseSensitive, regex: wish.regex, incremental,
      decorations: { matchBackground: marks.match, matchOverviewRuler: marks.match, activeMatchBackground: marks.active, activeMatchBorder: marks.border, activeMatchColorOverviewRuler: marks.active },
    };
    return direction === 'next' ? search.findNext(wish.term, options) : search.findPrevious(wish.term, options);
  }

  /** Marks have the colours of the theme they were made in; the shown match stays the shown one. */
  private markAgain(): void {
    if (this.marked === null) return;
    this.parts.search.clearDecorations();
    this.find(this.marked, 'next', true);
  }

  endFind(): void {
    this.marked = null;
    this.parts.search.clearDecorations();
    this.parts.terminal.clearSelection();
  }

  /** Calls back with how many matches there are and which one is shown, from zero; -1: none. Returns the function that stops. */
  onFound(listener: (state: SearchState) => void): () => void {
    const { dispose } = this.parts.search.onDidChangeResults(({ resultIndex, resultCount }) => listener({ index: resultIndex, count: resultCount }));
    return dispose;
  }

  dispose(): void {
    cancelAnimationFrame(this.fitFrame);
    this.stream.close();
    this.watcher.disconnect();
    this.endWebgl?.();
    this.endFollowing?.();
    this.parts.terminal.dispose();
    this.element.remove();
  }
}
