/**
 * What the app itself writes on a terminal's screen: dim, on lines of its own, so that nobody takes it for the host's.
 * Sequences: ECMA-48, and XTerm Control Sequences (https://invisible-island.net/xterm/ctlseqs/ctlseqs.html).
 */
const encoder = new TextEncoder();
const lineFeed = 0x0a;

export function dimLine(text: string): Uint8Array {
  return encoder.encode(`\x1b[90m${text}\x1b[39m\r\n`);
}

/** The same after output that may have left the cursor within a line. */
export function dimLineBelow(text: string): Uint8Array {
  return encoder.encode(`\r\n\x1b[90m${text}\x1b[39m\r\n`);
}

/** What a process that is gone may have left on: attributes, mouse and focus reports, application keys, bracketed paste, a hidden cursor. */
const ordinaryModes = '\x1b[!p\x1b[0m\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1006l\x1b[?1l\x1b[?2004l\x1b[?25h';

/** The dividing line is no longer than this, in columns. */
const maxDividerColumns = 72;

/**
 * Stands between what a terminal showed before and what comes after it goes on in place: everything is switched back to
 * what a new process expects, and a faint line says `text`. Scrollback and screen stay.
 */
export function divider(printedBefore: Uint8Array, columns: number, text: string): Uint8Array {
  const fullScreen = isOnAlternateScreen(printedBefore);
  const below = fullScreen || printedBefore.at(-1) !== lineFeed ? '\r\n' : '';
  const line = `── ${text} `.padEnd(Math.min(columns, maxDividerColumns), '─').slice(0, columns);
  return encoder.encode(`${fullScreen ? '\x1b[?1049l' : ''}${ordinaryModes}${below}\x1b[90m${line}\x1b[0m\r\n`);
}

/** A full-screen program such as vi was running: leaving its screen when it wasn't would move the cursor. */
function isOnAlternateScreen(printed: Uint8Array): boolean {
  const text = Buffer.from(printed.buffer, printed.byteOffset, printed.byteLength).toString('latin1');
  const entered = Math.max(text.lastIndexOf('\x1b[?1049h'), text.lastIndexOf('\x1b[?1047h'), text.lastIndexOf('\x1b[?47h'));
  const left = Math.max(text.lastIndexOf('\x1b[?1049l'), text.lastIndexOf('\x1b[?1047l'), text.lastIndexOf('\x1b[?47l'));
  return entered > left;
}
