/**
 * What the app itself writes on a terminal's screen: dim, on lines of its own, so that nobody takes it for the host's.
 * Sequences: ECMA-48, and XTerm Control Sequences (https://invisible-island.net/xterm/ctlseqs/ctlseqs.html).
 */
const encoder = new TextEncoder();

export function dimLine(text: string): Uint8Array {
  return encoder.encode(`\x1b[2m${text}\x1b[22m\r\n`);
}

/** The same after output that may have left the cursor within a line. */
export function dimLineBelow(text: string): Uint8Array {
  return encoder.encode(`\r\n\x1b[2m${text}\x1b[22m\r\n`);
}

/**
 * Takes back what a process that is gone may have left switched on: colours, a hidden cursor, mouse and focus reports,
 * bracketed paste, scrolling margins, application keys. Scrollback and screen stay.
 */
export function resetModes(printedBefore: Uint8Array): Uint8Array {
  const leave = isOnAlternateScreen(printedBefore) ? '\x1b[?1049l' : '';
  return encoder.encode(`${leave}\x1b[!p\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?1006l\x1b[?2004l\x1b[?25h\x1b[0m`);
}

/** A full-screen program such as vi was running: leaving its screen when it wasn't would move the cursor. */
function isOnAlternateScreen(printed: Uint8Array): boolean {
  const text = Buffer.from(printed.buffer, printed.byteOffset, printed.byteLength).toString('latin1');
  const entered = Math.max(text.lastIndexOf('\x1b[?1049h'), text.lastIndexOf('\x1b[?1047h'), text.lastIndexOf('\x1b[?47h'));
  const left = Math.max(text.lastIndexOf('\x1b[?1049l'), text.lastIndexOf('\x1b[?1047l'), text.lastIndexOf('\x1b[?47l'));
  return entered > left;
}
