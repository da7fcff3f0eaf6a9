import os from 'node:os';
import type { ProcessExit } from '../carrier';

/**
 * A piece of sh that gives `program` a pipe as its stdin, filled from elsewhere: Node gives its children sockets, and a
 * socket can't be opened as /dev/stdin, from which virsh reads XML; a named pipe can't either once its writer has ended.
 * The other side of a pipe is had by opening the one side anew (proc(5), /proc/self/fd). `cat` ends with `source`.
 *
 * @param source a redirection, `<&4` or `<name`.
 * @param program ends in an exec; what it is given besides stdin are the surrounding shell's streams.
 */
export function throughPipe(source: string, program: string): string {
  return `: | { exec 5>/proc/self/fd/0; cat ${source} >&5 5>&- 2>/dev/null & exec 5>&-; ${program}; }`;
}

/** A shell's `$?` for a process that a signal ended is 128 and the signal's number. */
export function readShellExit(exit: ProcessExit): ProcessExit {
  const signal = exit.exitCode === null ? undefined : Object.entries(os.constants.signals).find(([, number]) => number === (exit.exitCode ?? 0) - 128);
  return signal ? { exitCode: null, signal: signal[0] } : exit;
}
