/**
 * Locale for programs in a terminal: the user's own where it is UTF-8, since the terminal reads nothing else. sshd takes
 * it where AcceptEnv allows.
 */
export function terminalLocale(environment: NodeJS.ProcessEnv = process.env): string {
  const wanted = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || '';
  return /utf-?8$/i.test(wanted) ? wanted : 'C.UTF-8';
}
