import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { highlightXml } from './xml-tokens';

describe('highlightXml', () => {
  it('tells tags, attributes, values, comments and text apart', () => {
    const kinds = highlightXml('<!-- x --><ip address="10.0.0.1">a="b"</ip>').map((token) => `${token.kind}:${token.text}`);
    expect(kinds).toEqual(['comment:<!-- x -->', 'punctuation:<', 'tag:ip', 'text: ', 'name:address', 'text:=', 'value:"10.0.0.1"', 'punctuation:>', 'text:a="b"', 'punctuation:</', 'tag:ip', 'punctuation:>']);
  });

  it('changes no character of any text', () => {
    const piece = fc.oneof(fc.string(), fc.constantFrom('<a b="c">', '</a>', '<!-- ', '-->', '<', '>', '"', '/>', ' x=\'y\''));
    fc.assert(fc.property(fc.array(piece), (pieces) => {
      const xml = pieces.join('');
      expect(highlightXml(xml).map((token) => token.text).join('')).toBe(xml);
    }));
  });
});
