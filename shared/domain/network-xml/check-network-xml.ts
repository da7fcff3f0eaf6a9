import type { Element } from '@xmldom/xmldom';
import { AppError } from '../../errors/app-error';
import { missingFeature } from '../network-features';
import { longestDocument } from '../xml-problem';
import type { XmlProblem } from '../xml-problem';
import { parseRoot } from '../xml/parse-xml';
import { placeOf } from '../xml/place-of';
import { childElements } from '../xml/read-element';
import { attributesOf } from '../xml/xml-source';
import { addressProblems } from './address-problems';
import { identityProblems } from './identity-problems';
import { kindProblems } from './kind-problems';
import { networkSchemaTable } from './network-schema';
import type { ElementSchema } from './network-schema';
import { problemAt } from './xml-rule';
import type { XmlContext } from './xml-rule';

/**
 * Everything we can say about a network document without asking the host: is it XML, is it a `<network>`, does it clash
 * with what the host has, and what of it would libvirt leave out. In the order of the lines.
 */
export function checkNetworkXml(xml: string, context: XmlContext): XmlProblem[] {
  if (xml.length > longestDocument) return [tooLong(xml.length)];
  let root: Element;
  try {
    root = parseRoot(xml, 'network');
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [problemOf(error)];
  }
  const found = [
    ...identityProblems(root, context), ...kindProblems(root), ...addressProblems(root, context), ...unknownParts(root, ['network'], networkSchemaTable),
    ...lostParts(root, context.snapshot.system.libvirtVersion),
  ];
  return found.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

export function tooLong(length: number): XmlProblem {
  return {
    severity: 'error', line: null, column: null,
    message: `This is ${(length / 1_000_000).toFixed(1)} MB long; a network's definition has some hundred lines. More than 1 MB is not read.`,
  };
}

/** parseXml tells the place in its sentence. */
function problemOf({ data }: AppError): XmlProblem {
  const found = /^Line (\d+), column (\d+): ([\s\S]*)$/.exec(data.detail);
  if (!found) return { severity: 'error', message: data.detail, line: null, column: null };
  const sentence = found[3] ?? '';
  return { severity: 'error', message: `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}${data.hint ? ` ${data.hint}` : ''}`, line: Number(found[1]), column: Number(found[2]) };
}

function unknownParts(element: Element, path: readonly string[], schema: ElementSchema): XmlProblem[] {
  const found: XmlProblem[] = [];
  const inside = path[path.length - 1] ?? '';
  for (const [name, value] of attributesOf(element)) {
    if (name.startsWith('xmlns') || name.includes(':')) continue;
    const values = schema.attributes?.[name];
    if (values === undefined) found.push(problemAt(element, 'warning', `libvirt knows no attribute “${name}” of <${inside}>, and leaves it out.`));
    else if (values !== null && !values.includes(value)) found.push(problemAt(element, 'warning', `${name}="${value}" of <${inside}> is not one of ${values.join(', ')}.`));
  }
  for (const child of childElements(element)) {
    const name = child.nodeName;
    if (name.includes(':')) continue;
    const known = schema.children?.[name];
    if (!known) found.push(problemAt(child, 'warning', `libvirt knows no <${name}> inside <${inside}>, and leaves it out.`));
    else if (known.open !== true) found.push(...unknownParts(child, [...path, name], known));
  }
  return found;
}

/** What this host's libvirt reads without complaint and does not keep. */
function lostParts(root: Element, libvirtVersion: string | null): XmlProblem[] {
  const found: XmlProblem[] = [];
  const comment = firstComment(root);
  if (comment) found.push({ severity: 'info', message: 'libvirt keeps no comments: this one is sent, and gone once libvirt has stored the definition. A <description> or <metadata> stays.', ...comment });
  for (const child of childElements(root)) {
    const sentence = child.nodeName === 'title' || child.nodeName === 'description' ? missingFeature(child.nodeName, libvirtVersion) : null;
    if (sentence) found.push(problemAt(child, 'warning', `${sentence.slice(0, -1)}, and drops <${child.nodeName}>.`.replace(/; (.*) does, and/, ' ($1 does), and')));
  }
  return found;
}

const elementNode = 1;
const commentNode = 8;

function firstComment(element: Element): { line: number; column: number } | null {
  for (let child = element.firstChild; child; child = child.nextSibling) {
    if (child.nodeType === commentNode) return placeOf(child);
    const below = child.nodeType === elementNode && child.nodeName !== 'metadata' ? firstComment(child as Element) : null;
    if (below) return below;
  }
  return null;
}
