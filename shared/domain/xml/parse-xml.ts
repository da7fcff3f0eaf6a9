import { DOMParser, ParseError } from '@xmldom/xmldom';
import type { Document, Element } from '@xmldom/xmldom';
import { AppError } from '../../errors/app-error';
import { forbiddenCharacter } from './forbidden-character';
import { rememberSource } from './xml-source';

/** The parser would let these through, and `forbiddenCharacter`. */
const forbiddenReference = /&#(?:0*(?:[0-8]|11|12|1[4-9]|2\d|3[01])|x0*(?:[0-8bcef]|1[0-9a-f]));/i;
const bareAmpersand = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);)/i;

/** Where neither is, none of the three is. */
const suspicious = new RegExp(`&|${forbiddenCharacter.source}`, 'u');

/**
 * Reads one XML document. Throws AppError `libvirt.xml-invalid` with line and column when it is not well-formed, and
 * for every DOCTYPE: entities could read files or grow without end, and no libvirt document needs them.
 * `writeXml` gives back the identical text for whatever was not changed in between.
 */
export function parseXml(text: string): Document {
  const start = text.startsWith('\ufeff') ? 1 : 0;
  const source = text.slice(start);
  const document = parseOrThrow(source);
  if (document.doctype) throw entitiesRefused(source);
  const tokens = rememberSource(document, source);
  if (!suspicious.test(source)) return document;
  for (const token of tokens) {
    const checked = token.kind === 'text' || token.kind === 'tag';
    const fault = forbiddenCharacter.exec(token.text)
      ?? (checked ? forbiddenReference.exec(token.text) ?? bareAmpersand.exec(token.text) : null);
    if (fault) {
      const what = fault[0].startsWith('&') ? '“&” must be written “&amp;”, or start a reference such as “&lt;”' : 'a control character is not allowed';
      throw invalid(what, positionOf(source, token.offset + fault.index));
    }
  }
  return document;
}

/** The document element, after checking that it is the expected one: `network`, `domain`, … */
export function parseRoot(text: string, name: string): Element {
  const root = parseXml(text).documentElement;
  if (!root || root.nodeName !== name) {
    throw invalid(`the document is a <${root?.nodeName ?? '?'}>, a <${name}> was expected`, { line: 1, column: 1 });
  }
  return root;
}

interface Position { line: number; column: number }

function parseOrThrow(source: string): Document {
  if (source.trim() === '') throw invalid('the document is empty', { line: 1, column: 1 });
  try {
    return new DOMParser({
      onError: (_level, message, context) => {
        throw new ParseError(message, (context as { locator?: unknown } | undefined)?.locator);
      },
    }).parseFromString(source, 'text/xml');
  } catch (error) {
    if (/<!(?:DOCTYPE|ENTITY)/i.test(source)) throw entitiesRefused(source);
    if (!(error instanceof Error)) throw error;
    const locator = (error as { locator?: { lineNumber?: number; columnNumber?: number } }).locator;
    throw invalid(plainMessage(error.message), { line: Math.max(1, locator?.lineNumber ?? 1), column: Math.max(1, locator?.columnNumber ?? 1) });
  }
}

/** The parser wraps messages twice and quotes itself; the innermost sentence is what a person needs. */
function plainMessage(message: string): string {
  const inner = message
    .replace(/^Reporting \w+ "([\s\S]*)" caused [\s\S]*$/, '$1')
    .replace(/^Error constructing the DOM: \w+: /, '')
    .replace(/^element parse error: Error: /, '')
    .replace(/^invalid tagName:\s*$/, 'a tag without a name')
    .replace(/^invalid tagName:\s*(\S+)$/, '“$1” is no name of a tag')
    .trim();
  return inner.charAt(0).toLowerCase() + inner.slice(1);
}

function entitiesRefused(source: string): AppError {
  const at = source.search(/<!(?:DOCTYPE|ENTITY)/i);
  return invalid('XML with entities or a DOCTYPE is refused', positionOf(source, Math.max(0, at)), 'Take the “<!DOCTYPE …>” out; libvirt needs none.');
}

function positionOf(source: string, offset: number): Position {
  const before = source.slice(0, offset).split('\n');
  return { line: before.length, column: (before[before.length - 1]?.length ?? 0) + 1 };
}

function invalid(what: string, at: Position, hint?: string): AppError {
  const detail = `Line ${at.line}, column ${at.column}: ${what}.`;
  return new AppError('libvirt.xml-invalid', 'The XML can\'t be read', detail, hint === undefined ? {} : { hint });
}
