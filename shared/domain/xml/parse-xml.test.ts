import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { AppError } from '../../errors/app-error';
import { parseXml } from './parse-xml';
import { writeXml } from './xml-source';

function errorOf(text: string): AppError {
  try {
    parseXml(text);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('no error');
}

describe('parseXml', () => {
  it.each([
    ['<a>\n  <b></a>', /Line 2, column 3: .*mismatch/],
    ['<a b=1/>', /Line 1, column 1: attribute "1" missed quot/],
    ['', /Line 1, column 1: the document is empty/],
    ['hello', /missing root element/],
    ['<a/><b/>', /only one element/],
    ['<a/>junk', /xtra content/],
    ['<a>\n <b c="1" c="2"/></a>', /Line 2, column 2: attribute c redefined/],
    ['<a>x\u0001</a>', /Line 1, column 5: a control character/],
    ['<a>\nx &#0;</a>', /Line 2, column 3/],
    ['<a>one & two</a>', /Line 1, column 8: “&” must be written/],
    ['<a b="x & y"/>', /“&” must be written/],
    ['<a>&foo;</a>', /entity not found/],
  ])('refuses %j', (text, detail) => {
    const error = errorOf(text);
    expect(error.code).toBe('libvirt.xml-invalid');
    expect(error.data.detail).toMatch(detail);
  });

  it.each([
    '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
    '<?xml version="1.0"?>\n<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/shadow">]><a/>',
    '<!DOCTYPE lolz [<!ENTITY l "l"><!ENTITY m "&l;&l;">]><lolz>&m;</lolz>',
  ])('refuses entities: %s', (text) => {
    expect(errorOf(text).data.detail).toMatch(/XML with entities/);
  });

  it('leaves ampersands in comments and CDATA alone', () => {
    const text = '<a><!-- a & b --><![CDATA[ c & <d> ]]></a>';
    expect(writeXml(parseXml(text))).toBe(text);
  });

  it('never fails otherwise than with an AppError', () => {
    const piece = fc.constantFrom('<', '>', '/', '<a', '<a>', '</a>', '="', '\'', '"', '&', ';', '<!--', '-->', '<![CDATA[', ']]>', '<?', '?>', ' ', 'x', '\n', '<!DOCTYPE', '\u0000');
    fc.assert(fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      try {
        parseXml(pieces.join(''));
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
      }
    }), { numRuns: 500 });
  });
});

describe('writeXml', () => {
  it('gives back what was not changed, byte for byte', () => {
    const text = `<?xml version="1.0"?>\n<!-- c > < -->\n<network connections='1'   xmlns:d='urn:d'>\r\n  <name>a &amp; b &#65;</name>\n  <metadata>\n    <x:y xmlns:x="urn:a" a="b'c"/><![CDATA[ <q> ]]></metadata>\n  <ip   address="1" \n  b = '2'></ip>tail\n</network>\n<!-- end -->\n`;
    expect(writeXml(parseXml(text))).toBe(text);
  });

  it('keeps everything round a changed attribute', () => {
    const document = parseXml('<a>\n  <b  x="1" /><c y=\'2\'  z=\'3\'/>\n</a>');
    document.getElementsByTagName('c').item(0)?.setAttribute('y', '4');
    expect(writeXml(document)).toBe('<a>\n  <b  x="1" /><c y=\'4\' z=\'3\'/>\n</a>');
  });
});
