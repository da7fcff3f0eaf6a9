/** What the editor tells the shell. */
export interface LineEvents {
  /** Bytes for the screen. */
  print(text: string): void;
  /** Enter: the line is complete and the cursor below it. */
  submit(line: string): void;
  /** Ctrl-D on an empty line. */
  endOfInput(): void;
}

/** Escape sequences a terminal sends for its keys (XTerm Control Sequences, “PC-Style Function Keys”), CSI and SS3. */
const keySequences: Record<string, 'up' | 'down' | 'right' | 'left' | 'home' | 'end' | 'delete'> = {
  '[A': 'up', '[B': 'down', '[C': 'right', '[D': 'left', '[H': 'home', '[F': 'end', '[1~': 'home', '[4~': 'end', '[3~': 'delete',
  'OA': 'up', 'OB': 'down', 'OC': 'right', 'OD': 'left', 'OH': 'home', 'OF': 'end',
};

/** As the line discipline of Linux takes (termios(3), canonical mode). */
const maxCharacters = 4095;

/**
 * One line of input as readline edits it: cursor and Home/End keys, Backspace and Delete, history by the arrows,
 * Ctrl-A, -C, -D, -E, -K, -L, -U, -W. The line may be longer than the screen is wide.
 */
export class LineEditor {
  readonly history: string[] = [];
  private prompt = '';
  private characters: string[] = [];
  private cursor = 0;
  /** Screen row of the cursor, counted from the prompt's. */
  private cursorRow = 0;
  /** Which line of the history is shown; its length: the new line. */
  private historyAt = 0;
  private draft = '';

  constructor(private readonly events: LineEvents, private columns: number) {}

  setColumns(columns: number): void {
    this.columns = columns;
  }

  /** A new, empty line behind `prompt`, which may hold colours. */
  begin(prompt: string): void {
    this.prompt = prompt;
    this.historyAt = this.history.length;
    this.setLine('');
    this.cursorRow = 0;
    this.redraw();
  }

  /** One key: a character, a control character, or a whole escape sequence. */
  key(key: string): void {
    if (key.startsWith('\x1b')) return this.special(keySequences[key.slice(1)]);
    switch (key) {
      case '\r': case '\n': return this.enter();
      case '\x7f': case '\b': return this.remove(this.cursor - 1, this.cursor);
      case '\x01': return this.moveTo(0);
      case '\x05': return this.moveTo(this.characters.length);
      case '\x03': return this.abandon();
      case '\x04': return this.characters.length === 0 ? this.events.endOfInput() : this.remove(this.cursor, this.cursor + 1);
      case '\x0b': return this.remove(this.cursor, this.characters.length);
      case '\x15': return this.remove(0, this.cursor);
      case '\x17': return this.remove(this.wordStart(), this.cursor);
      case '\x0c':
        this.events.print('\x1b[2J\x1b[H');
        this.cursorRow = 0;
        return this.redraw();
      default: if (!/\p{Cc}/u.test(key)) this.insert(key);
    }
  }

  private special(name: (typeof keySequences)[string] | undefined): void {
    switch (name) {
      case 'up': return this.recall(this.historyAt - 1);
      case 'down': return this.recall(this.historyAt + 1);
      case 'left': return this.moveTo(this.cursor - 1);
      case 'right': return this.moveTo(this.cursor + 1);
      case 'home': return this.moveTo(0);
      case 'end': return this.moveTo(this.characters.length);
      case 'delete': return this.remove(this.cursor, this.cursor + 1);
      case undefined:
    }
  }

  private insert(character: string): void {
    if (this.characters.length >= maxCharacters) return this.events.print('\x07');
    this.characters.splice(this.cursor, 0, character);
    this.cursor += 1;
    this.redraw();
  }

  private remove(from: number, to: number): void {
    if (from < 0 || from >= to) return;
    this.characters.splice(from, to - from);
    this.cursor = from;
    this.redraw();
  }

  private moveTo(cursor: number): void {
    this.cursor = Math.min(Math.max(cursor, 0), this.characters.length);
    this.redraw();
  }

  private wordStart(): number {
    let at = this.cursor;
    while (at > 0 && this.characters[at - 1] === ' ') at -= 1;
    while (at > 0 && this.characters[at - 1] !== ' ') at -= 1;
    return at;
  }

  private recall(index: number): void {
    if (index < 0 || index > this.history.length) return;
    if (this.historyAt === this.history.length) this.draft = this.characters.join('');
    this.historyAt = index;
    this.setLine(this.history[index] ?? this.draft);
    this.redraw();
  }

  private setLine(line: string): void {
    this.characters = [...line];
    this.cursor = this.characters.length;
  }

  private enter(): void {
    const line = this.characters.join('');
    this.moveTo(this.characters.length);
    this.events.print('\r\n');
    if (line.trim() !== '' && line !== this.history.at(-1)) this.history.push(line);
    this.events.submit(line);
  }

  private abandon(): void {
    this.moveTo(this.characters.length);
    this.events.print('^C\r\n');
    this.begin(this.prompt);
  }

  /** Everything from the prompt on, and the cursor where it belongs. */
  private redraw(): void {
    const line = this.characters.join('');
    const promptWidth = widthOf(visible(this.prompt));
    const end = promptWidth + widthOf(line);
    const target = promptWidth + widthOf(this.characters.slice(0, this.cursor).join(''));
    const endRow = Math.floor(end / this.columns);
    const row = Math.floor(target / this.columns);
    const column = target % this.columns;
    const up = this.cursorRow > 0 ? `\x1b[${this.cursorRow}A` : '';
    // A full row leaves the cursor on its last cell: only the next character would wrap.
    const wrap = end > 0 && end % this.columns === 0 ? '\r\n' : '';
    const back = endRow > row ? `\x1b[${endRow - row}A` : '';
    this.events.print(`${up}\r\x1b[J${this.prompt}${line}${wrap}${back}\r${column > 0 ? `\x1b[${column}C` : ''}`);
    this.cursorRow = row;
  }
}

// eslint-disable-next-line no-control-regex -- colours begin with it
const visible = (text: string): string => text.replace(/\x1b\[[0-9;]*m/g, '');

const wide = /\p{Extended_Pictographic}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u;

/** Cells on the screen. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += /\p{M}/u.test(character) ? 0 : wide.test(character) && character > '\u00ff' ? 2 : 1;
  return width;
}
