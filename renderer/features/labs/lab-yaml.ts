import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { tags } from '@lezer/highlight';
import type { CodeLanguage } from '../../ui/code-mirror';

const values = HighlightStyle.define([{ tag: tags.content, color: 'var(--n1)' }]);

/** A lab file; a mistake is a key's or a value's, not that of the remark behind it. */
export const labYaml: CodeLanguage = {
  extensions: [yaml(), syntaxHighlighting(values)],
  endOf(line, start) {
    const word = /^("[^"]*"|'[^']*'|[^\s:,{}[\]]+(:[^\s,{}[\]]+)*)/.exec(line.slice(start));
    return start + (word?.[0].length ?? line.length - start);
  },
};
