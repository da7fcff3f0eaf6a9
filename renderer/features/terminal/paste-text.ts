import type { Settings } from '../../../shared/contract/app';

/**
 * Pasted text as a terminal may have it: without control characters but tab and line end. An escape sequence hidden in
 * what a web page put on the clipboard could otherwise end bracketed paste early and run a command.
 */
export function cleanPaste(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\t\n]/gu, '');
}

/**
 * Whether to show the text before it is pasted. `auto`: only where lines would run at once. A shell that has switched
 * bracketed paste on puts them on its command line instead, where they are seen and wait for Enter.
 */
export function needsPasteWarning(text: string, setting: Settings['terminalPasteWarning'], isBracketed: boolean): boolean {
  if (setting === 'never' || !text.includes('\n')) return false;
  return setting === 'always' || !isBracketed;
}
