import { quoteArgv, quoteWord } from '../../../shared/domain/shell-quote';

/** What runs on the host: a command, or a script for its /bin/sh. */
export type RemoteProgram = { argv: readonly string[] } | { script: string };

/** How it gets rights. A password goes to sudo's stdin, never into a command line. */
export type Elevation =
  | { kind: 'none' }
  | { kind: 'sudo' }
  /** `unproven`: nothing follows the password on stdin, so that sudo takes no second line for a second guess. */
  | { kind: 'sudo-with-password'; password: string; unproven?: boolean }
  /** Without a password: doas(1) takes one only at a terminal. */
  | { kind: 'doas' }
  /** The carrier starts it as root by itself (pkexec). */
  | { kind: 'carrier' };

export interface Launch {
  /** Text for /bin/sh, run as the login user. */
  script: string;
  /** Written to stdin before anything of the program's own. */
  stdin: string;
}

/** Linux' limit for one argument is 128 KiB (execve(2), MAX_ARG_STRLEN), and the login shell gets the command as one. */
const maxInlineBytes = 100_000;

/**
 * A non-login PATH lacks the sbin folders; libvirt's default would be the session daemon for users other than root;
 * messages are parsed, so they come in English, but names keep their bytes (C.UTF-8, not C).
 */
const environment = 'PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin LC_ALL=C.UTF-8 LIBVIRT_DEFAULT_URI=qemu:///system; '
  + 'export PATH LC_ALL LIBVIRT_DEFAULT_URI; unset LANGUAGE';

/**
 * The start of a process on the host. Before the program runs, `@MARK PID` goes to both its streams: what a noisy login
 * shell printed ends there, and the pid is known (signals sent over SSH don't reach root's processes). With sudo the
 * marks come from inside, so they also say that sudo let us in.
 *
 * @param mark `[a-z0-9]+`, unique to this process; also in its environment as NETWRIGHT_MARK.
 */
export function buildLaunch(program: RemoteProgram, elevation: Elevation, mark: string): Launch {
  const begin = `${environment}; NETWRIGHT_MARK=${mark}; export NETWRIGHT_MARK; echo "@${mark} $$"; echo "@${mark} $$" >&2`;
  if (elevation.kind === 'none' || elevation.kind === 'carrier') {
    return { script: 'argv' in program ? `${begin}; exec ${quoteArgv(program.argv)}` : `${begin}\n${program.script}`, stdin: '' };
  }
  const withPassword = elevation.kind === 'sudo-with-password';
  // Were the password not needed after all, sudo would leave it unread: everything up to our own line is thrown away.
  const skipPassword = withPassword && !elevation.unproven ? `; while IFS= read -r l; do [ "$l" = "@${mark}" ] && break; done` : '';
  const inner = 'argv' in program ? `${begin}${skipPassword}; exec "$@"` : `${begin}${skipPassword}; ${readAndRun}`;
  const words = ['/bin/sh', '-c', inner, 'sh', ...('argv' in program ? program.argv : [])];
  // -k: sudo asks for the password even where it remembers one, so it never stays in the stream.
  const sudo = elevation.kind === 'doas' ? 'doas -n --' : withPassword ? 'sudo -k -S -p \'\' --' : 'sudo -n --';
  return {
    script: `PATH=$PATH:/usr/local/bin:/usr/bin:/bin LC_ALL=C; export PATH LC_ALL; exec ${sudo} ${words.map(quoteWord).join(' ')}`,
    stdin: `${withPassword ? `${elevation.password}\n${elevation.unproven ? '' : `@${mark}\n`}` : ''}${'script' in program ? `${encodeScript(program.script)}\n` : ''}`,
  };
}

const readAndRun = 'IFS= read -r l && eval "$(printf %b "$l")"';

/** A command for any login shell: it waits for one line of `encodeScript` on stdin, then is that script. */
export const waitingShell = `exec /bin/sh -c '${readAndRun}'`;

/**
 * A command line for a login shell we know nothing of (sh, bash, zsh, fish, csh): one word in single quotes in which no
 * character is special to any of them, decoded by /bin/sh. Null when the script is too long to be an argument.
 */
export function loginShellCommand(script: string): string | null {
  const encoded = encodeScript(script);
  if (encoded.length > maxInlineBytes) return null;
  return `exec /bin/sh -c 'eval "$(printf %b "${encoded}")"'`;
}

/** One line of plain characters from which `printf %b` makes the script again (POSIX printf(1): `\0ooo`). */
export function encodeScript(script: string): string {
  let text = '';
  for (const byte of Buffer.from(script, 'utf8')) {
    const character = String.fromCharCode(byte);
    text += /[A-Za-z0-9 _./:=,@+-]/.test(character) ? character : `\\0${byte.toString(8).padStart(3, '0')}`;
  }
  return text;
}
