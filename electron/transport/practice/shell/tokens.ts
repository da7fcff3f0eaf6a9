/** A token of a script: a word without its quotes, an operator, or a redirection with what it leads to. */
export type ShellToken =
  | { kind: 'word'; text: string }
  | { kind: 'operator'; text: string }
  | { kind: 'redirect'; text: string };

const operators = ['&&', '||', ';;', '2>&1', '2>', '>>', '>', '<', ';', '\n', '|', '&', '(', ')'];

/** Splits a script as POSIX.1-2017, Shell Command Language 2.3, does; expansions stay as they are written. */
export function tokenize(script: string): ShellToken[] {
  const tokens: ShellToken[] = [];
  let word: string | null = null;
  const endWord = (): void => {
    if (word !== null) tokens.push({ kind: 'word', text: word });
    word = null;
  };
  for (let at = 0; at < script.length;) {
    const character = script[at]!;
    // `2>` is a redirection only where no word goes before it.
    const operator = operators.find((text) => script.startsWith(text, at) && (word === null || !text.startsWith('2')));
    if (operator !== undefined) {
      endWord();
      tokens.push({ kind: /[<>]/.test(operator) ? 'redirect' : 'operator', text: operator });
      at += operator.length;
    } else if (character === '\'') {
      const end = Math.max(script.indexOf('\'', at + 1), at + 1);
      word = (word ?? '') + script.slice(at + 1, end);
      at = end + 1;
    } else if (character === '"') {
      const end = endOfQuoted(script, at + 1);
      word = (word ?? '') + script.slice(at + 1, end).replace(/\\([$`"\\])/g, '$1');
      at = end + 1;
    } else if (character === '\\') {
      word = (word ?? '') + (script[at + 1] ?? '');
      at += 2;
    } else if (/[ \t]/.test(character)) {
      endWord();
      at += 1;
    } else if (character === '#' && word === null) {
      const end = script.indexOf('\n', at);
      at = end < 0 ? script.length : end;
    } else {
      word = (word ?? '') + character;
      at += 1;
    }
  }
  endWord();
  return tokens;
}

/** Where double quotes end, from behind the opening one. */
function endOfQuoted(script: string, start: number): number {
  let at = start;
  while (at < script.length && script[at] !== '"') at += script[at] === '\\' ? 2 : 1;
  return at;
}
