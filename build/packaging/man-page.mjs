// @ts-check
/** netwright(1), made from what `netwright --help` prints, so that neither knows more than the other. man(7), groff_man(7). */
import { product } from './product.mjs';

/** A backslash, and a dot or quote at a line's start, mean something to roff. @param {string} text */
const roff = (text) => text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replace(/^(?=[.'])/gm, '\\&');

/**
 * @param {string} help the text of `netwright --help`
 * @param {{ version: string, date: string }} facts `date` like 2026-01-31
 * @returns {string} the page's source
 */
export function manPage(help, { version, date }) {
  const [first = '', ...lines] = help.trim().split('\n');
  return [
    `.TH NETWRIGHT 1 "${date}" "${product.title} ${version}" "User Commands"`,
    '.SH NAME',
    `netwright \\- ${roff(first.replace(/^netwright: /, ''))}`,
    '.SH SYNOPSIS',
    '.B netwright', '.br', '.B netwright', '.I COMMAND', '.RI [ OPTION ]...',
    '.SH DESCRIPTION',
    'Without arguments, and where there is a screen, opens the window. With arguments it is the command line over the same',
    'hosts, plans and history:',
    // As it stands: the help is laid out for a fixed-width screen already.
    '.PP', '.nf', '.ft CR', ...lines.map(roff), '.ft R', '.fi',
    '.SH FILES',
    '.TP', '.I ~/.config/Netwright', 'Hosts, settings and history; another folder when',
    '.B NETWRIGHT_DATA', 'names one.',
    '.TP', '.I ~/.ssh/config\\fR, \\fI~/.ssh/known_hosts', 'Read as ssh(1) does; keys of new hosts are added to the latter.',
    '.SH SEE ALSO',
    '.BR ssh (1),', '.BR virsh (1)',
    '',
  ].join('\n');
}
