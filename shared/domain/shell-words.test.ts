import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteArgv } from './shell-quote';
import { splitShellWords } from './shell-words';

describe('splitShellWords', () => {
  it('takes back what quoteArgv made', () => {
    const word = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0'));
    fc.assert(fc.property(fc.array(word, { minLength: 1 }), (argv) => {
      expect(splitShellWords(quoteArgv(argv))).toEqual({ kind: 'words', words: argv });
    }));
  });

  it.each([
    ['  ip  -br a ', ['ip', '-br', 'a']],
    ['cat "a b"c\'d e\'\\ f', ['cat', 'a bcd e f']],
    ['echo "a\\"b\\n" \'\\\'', ['echo', 'a"b\\n', '\\']],
    ['echo \'\' ""', ['echo', '', '']],
    ['ls # all of it | more', ['ls']],
    ['echo a#b', ['echo', 'a#b']],
    ['', []],
  ])('reads %j', (line, words) => {
    expect(splitShellWords(line)).toEqual({ kind: 'words', words });
  });

  it.each(['echo \'a', 'echo "a', 'echo a\\', 'echo "a\\"'])('sees that %j is not finished', (line) => {
    expect(splitShellWords(line)).toEqual({ kind: 'unfinished' });
  });

  it.each([['ip a | less', '|'], ['echo "$HOME"', '$'], ['a && b', '&'], ['ls *.xml', '*'], ['echo `id`', '`'], ['a > b', '>']])('names what it does not do in %j', (line, character) => {
    expect(splitShellWords(line)).toEqual({ kind: 'unsupported', character });
  });
});
