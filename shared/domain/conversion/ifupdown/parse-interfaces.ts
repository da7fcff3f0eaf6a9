import { ConfigProblem } from '../finding';

/**
 * A file of interfaces(5) as logical lines: a line that ends in a backslash goes on in the next one. What is not changed is
 * written again byte for byte.
 */
export interface InterfacesLine {
  /** As it stands, without the last line feed. */
  text: string;
  /** Split at white space; empty for a comment or an empty line. */
  words: string[];
  /** Counts from 1. */
  line: number;
}

export interface InterfacesStanza {
  /** The line that begins it; null for what stands before the first one. */
  head: InterfacesLine | null;
  /** Options, comments and empty lines. */
  body: InterfacesLine[];
}

const heads = /^(iface|mapping|template|auto|allow-.+|source|source-directory|source-dir|no-auto-down|no-scripts|rename)$/;
const withOptions = /^(iface|mapping|template)$/;

export function headKind(stanza: InterfacesStanza): string {
  return stanza.head?.words[0] ?? '';
}

/** @throws ConfigProblem for a line that belongs to no stanza */
export function parseInterfaces(path: string, content: string): InterfacesStanza[] {
  const stanzas: InterfacesStanza[] = [{ head: null, body: [] }];
  for (const line of logicalLines(content)) {
    const word = line.words[0];
    const last = stanzas.at(-1)!;
    if (word === undefined) {
      last.body.push(line);
    } else if (heads.test(word)) {
      if (word === 'iface' && line.words.length < 2) throw ConfigProblem.at(path, line.line, 'iface names no interface.');
      stanzas.push({ head: line, body: [] });
    } else if (withOptions.test(headKind(last))) {
      last.body.push(line);
    } else {
      throw ConfigProblem.at(path, line.line, `The option ${word} belongs to no interface.`);
    }
  }
  return stanzas;
}

function logicalLines(content: string): InterfacesLine[] {
  const physical = content.split('\n');
  if (physical.at(-1) === '') physical.pop();
  const lines: InterfacesLine[] = [];
  for (let at = 0; at < physical.length; at += 1) {
    const line = at + 1;
    let text = physical[at]!;
    if (!/^\s*#/.test(text)) while (text.endsWith('\\') && at + 1 < physical.length) text += `\n${physical[at += 1]!}`;
    const plain = text.replace(/\\\n/g, ' ').trim();
    lines.push({ text, words: plain === '' || plain.startsWith('#') ? [] : plain.split(/\s+/), line });
  }
  return lines;
}

export function formatInterfaces(stanzas: readonly InterfacesStanza[]): string {
  const lines = stanzas.flatMap(({ head, body }) => [...head ? [head.text] : [], ...body.map(({ text }) => text)]);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
