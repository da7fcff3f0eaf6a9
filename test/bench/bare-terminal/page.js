'use strict';
/* global Terminal */

/** Called by the benchmark. */
window.openTerminal = async ({ shell, columns, rows, fontSize, scrollback, lineHeight }) => {
  const terminal = new Terminal({ cols: columns, rows, fontSize, scrollback, lineHeight, fontFamily: '"DejaVu Sans Mono", monospace' });
  terminal.open(document.querySelector('main'));
  window.bare.onOutput((data) => terminal.write(data));
  terminal.onData((data) => window.bare.write(data));
  await window.bare.open({ shell, columns, rows });
};
