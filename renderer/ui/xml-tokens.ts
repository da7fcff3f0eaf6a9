export type XmlTokenKind = 'tag' | 'name' | 'value' | 'comment' | 'punctuation' | 'text';

export interface XmlToken {
  kind: XmlTokenKind;
  text: string;
}

const part = /(?<comment><!--[\s\S]*?-->|<\?[\s\S]*?\?>)|(?<open><\/?)(?<tag>[\w:.-]+)|(?<attribute>[\w:.-]+)(?==["'])|(?<value>"[^"]*"|'[^']*')|(?<close>\/?>)/g;

/** XML in coloured pieces, for showing only: nothing is checked, and the pieces joined are the text unchanged. */
export function highlightXml(xml: string): XmlToken[] {
  const tokens: XmlToken[] = [];
  const push = (kind: XmlTokenKind, text: string | undefined): void => { if (text) tokens.push({ kind, text }); };
  let end = 0;
  let isInTag = false;
  for (const match of xml.matchAll(part)) {
    const { comment, open, tag, attribute, value, close } = match.groups ?? {};
    // Outside of a tag, quotes and equals signs are plain text.
    if (!isInTag && (attribute ?? value ?? close) !== undefined) continue;
    push('text', xml.slice(end, match.index));
    push('comment', comment);
    push('punctuation', open);
    push('tag', tag);
    push('name', attribute);
    push('value', value);
    push('punctuation', close);
    if (tag !== undefined) isInTag = true;
    if (close !== undefined) isInTag = false;
    end = match.index + match[0].length;
  }
  push('text', xml.slice(end));
  return tokens;
}
