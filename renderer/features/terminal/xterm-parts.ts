/** xterm.js as this app uses it, with its addons. Everything here is loaded with the first terminal, not before. */
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import xtermCss from '@xterm/xterm/css/xterm.css?inline';
import { minimumContrast } from './terminal-palette';
import ownCss from './terminal-shadow.css?inline';

/**
 * Where matches are marked, over the scrollbar and as wide as that is without it. To be set with the first search: from
 * then on xterm asks the page for its layout with every frame, which takes a fifth of a flood of output.
 */
export const searchRuler = { width: 14 };

/** At most so many matches are marked and counted. */
export const searchLimit = 1000;

export interface XtermParts {
  terminal: Terminal;
  fit: FitAddon;
  search: SearchAddon;
}

const styles = new CSSStyleSheet();
styles.replaceSync(`${xtermCss}\n${ownCss}`);

/**
 * A shadow tree for a terminal, in `host`. The page's rules don't reach into it: xterm makes its rows anew with every
 * frame, and finding their style among a thousand rules that are not about them took twice as long.
 */
export function shadowFor(host: HTMLElement): ShadowRoot {
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [styles];
  return root;
}

/** `openLink` is called when a link is clicked with Ctrl or Cmd, and only for http and https. */
export function createXterm(size: { columns: number; rows: number }, openLink: (url: string) => void): XtermParts {
  const activate = (event: MouseEvent, url: string): void => {
    if ((event.ctrlKey || event.metaKey) && /^https?:/i.test(url)) openLink(url);
  };
  const terminal = new Terminal({
    cols: size.columns, rows: size.rows,
    // Unicode 11 widths and search marks are still called proposals.
    allowProposedApi: true,
    fontFamily: '"IBM Plex Mono", ui-monospace, "DejaVu Sans Mono", monospace',
    fontWeight: '400', fontWeightBold: '600', lineHeight: 1.2,
    minimumContrastRatio: minimumContrast,
    cursorStyle: 'block', cursorInactiveStyle: 'outline',
    macOptionIsMeta: false, macOptionClickForcesSelection: true, rightClickSelectsWord: false,
    linkHandler: { activate },
  });
  const fit = new FitAddon();
  const search = new SearchAddon({ highlightLimit: searchLimit });
  terminal.loadAddon(fit);
  terminal.loadAddon(search);
  terminal.loadAddon(new Unicode11Addon());
  terminal.loadAddon(new WebLinksAddon(activate));
  terminal.unicode.activeVersion = '11';
  return { terminal, fit, search };
}

/** Regular weight and bold, before cells are measured: a fallback's width would stay. */
export async function loadTerminalFont(): Promise<void> {
  await Promise.all(['400', '600'].map((weight) => document.fonts.load(`${weight} 13px "IBM Plex Mono"`)));
}
