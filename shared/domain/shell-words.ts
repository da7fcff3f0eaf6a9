/** What a line means to a shell without expansions, pipes and lists. */
export type ShellLine =
  | { kind: 'words'; words: string[] }
  /** A quote that is not closed. */
  | { kind: 'unfinished' }
  /** `character` is more than quoting: a pipe, an expansion, a pattern. */
  | { kind: 'unsupported'; character: string };

const blank = /[ \t\n]/;
const special = '|&;<>()$`*?[';
/** Within double quotes a backslash means itself but in front of these. */
const escapedInQuotes = '$`"\\';

/**
 * The words of one command line, with their quotes taken away: the inverse of `quoteArgv`. Source: POSIX.1-2017, Shell
 * Command Language, 2.2 Quoting and 2.3 Token Recognition (comments).
 */
export function splitShellWords(line: string): ShellLine {
  const words: string[] = [];
  let word: string | null = null;
  let at = 0;
  while (at < line.length) {
    const character = line[at] as string;
    at += 1;
    if (blank.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (character === '#' && word === null) {
      break;
    } else if (character === '\\') {
      if (at === line.length) return { kind: 'unfinished' };
      word = (word ?? '') + line[at++];
    } else if (character === '\'') {
      const end = line.indexOf('\'', at);
      if (end < 0) return { kind: 'unfinished' };
      word = (word ?? '') + line.slice(at, end);
      at = end + 1;
    } else if (character === '"') {
      const quoted = readDoubleQuoted(line, at);
      if (quoted.kind !== 'text') return quoted;
      word = (word ?? '') + quoted.text;
      at = quoted.end;
    } else if (special.includes(character)) {
      return { kind: 'unsupported', character };
    } else {
      word = (word ?? '') + character;
    }
  }
  if (word !== null) words.push(word);
  return { kind: 'words', words };
}

type Quoted = { kind: 'text'; text: string; end: number } | Exclude<ShellLine, { kind: 'words' }>;

/** From behind the opening quote; `end` is behind the closing one. */
function readDoubleQuoted(line: string, start: number): Quoted {
  let text = '';
  for (let at = start; at < line.length; at += 1) {
    const character = line[at] as string;
    if (character === '"') return { kind: 'text', text, end: at + 1 };
    if (character === '$' || character === '`') return { kind: 'unsupported', character };
    if (character === '\\' && escapedInQuotes.includes(line[at + 1] ?? ' ')) {
      at += 1;
      text += line[at] ?? '';
    } else {
      text += character;
    }
  }
  return { kind: 'unfinished' };
}
