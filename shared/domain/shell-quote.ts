import type { Command } from './plan';

const safeWord = /^[A-Za-z0-9_@%+=:,./-]+$/;

/**
 * One word for `sh`: as it is when no character is special, else in single quotes with `'` as `'\''` (POSIX.1-2017,
 * Shell Command Language 2.2.2). Throws on NUL, which no argument can hold.
 */
export function quoteWord(word: string): string {
  if (word.includes('\0')) throw new Error('An argument can\'t hold a NUL character');
  if (safeWord.test(word)) return word;
  return `'${word.replaceAll('\'', '\'\\\'\'')}'`;
}

/** A command line for `sh` that runs exactly this argument vector. The only place where argv becomes text. */
export function quoteArgv(argv: readonly string[]): string {
  const line = argv.map(quoteWord);
  // `FOO=1 cmd` would be an assignment, not a command named FOO=1.
  if (argv[0] !== undefined && argv[0].includes('=')) line[0] = `'${argv[0].replaceAll('\'', '\'\\\'\'')}'`;
  return line.join(' ');
}

/** As a person would type it: the document on stdin is named, not shown. */
export function describeCommand(command: Command): string {
  return command.stdin ? `${quoteArgv(command.argv)} < ${quoteWord(command.stdin.name)}` : quoteArgv(command.argv);
}
