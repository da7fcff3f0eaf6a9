import { quoteArgv, quoteWord } from '../../../shared/domain/shell-quote';
import type { Elevation } from './launch-script';

/** The user's own locale stays: what a terminal prints is read by a person. */
const environment = 'PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin LIBVIRT_DEFAULT_URI=qemu:///system; export PATH LIBVIRT_DEFAULT_URI';

export interface TerminalLaunch {
  /** For /bin/sh, behind the pseudo-terminal. */
  script: string;
  /** What is printed before a password is read; null when none is needed. */
  askMark: string | null;
  /** What is printed, with a line end, just before the command begins; null when it begins at once. */
  beginMark: string | null;
}

/**
 * A command in a terminal. With rights of sudo, doas or pkexec nothing of their asking is to be seen: the caller answers
 * at `askMark`, and shows only what comes after `beginMark`.
 *
 * @param mark `[a-z0-9]+`
 */
export function buildTerminalLaunch(argv: readonly string[], elevation: Elevation, mark: string): TerminalLaunch {
  if (elevation.kind === 'none') return { script: `${environment}; exec ${quoteArgv(argv)}`, askMark: null, beginMark: null };
  const askMark = elevation.kind === 'sudo-with-password' ? `@${mark}?` : null;
  const inner = `${environment}; echo "@${mark}."; exec "$@"`;
  const words = ['/bin/sh', '-c', inner, 'sh', ...argv].map(quoteWord).join(' ');
  return { script: `PATH=$PATH:/usr/local/bin:/usr/bin:/bin; export PATH; exec ${elevate(elevation, askMark)} ${words}`, askMark, beginMark: `@${mark}.` };
}

/** sudo(8) with -S reads its standard input, here the terminal, and turns the echo off meanwhile. */
function elevate(elevation: Exclude<Elevation, { kind: 'none' }>, askMark: string | null): string {
  switch (elevation.kind) {
    case 'sudo': return 'sudo -n --';
    case 'sudo-with-password': return `sudo -k -S -p ${quoteWord(askMark ?? '')} --`;
    case 'doas': return 'doas -n --';
    // The terminal belongs to the user; pkexec(1) keeps it. Its agent asks for every process anew.
    case 'carrier': return 'pkexec';
  }
}
