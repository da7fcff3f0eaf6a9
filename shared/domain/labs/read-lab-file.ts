import { isAlias, isMap, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { Document, Node } from 'yaml';
import { forbiddenCharacter } from '../xml/forbidden-character';
import { labFileSchema } from './lab-file';
import type { LabFile } from './lab-file';
import { longestLabFile } from './lab-problem';
import type { LabIssue, LabPath, LabProblem } from './lab-problem';
import { checkLabRouters } from './lab-router-rules';
import { checkLab } from './lab-rules';
import { checkMachines } from './machine-rules';
import { issuesOf } from './schema-issues';

export interface LabReading {
  /** Null when `problems` holds an error. */
  file: LabFile | null;
  problems: LabProblem[];
  /** Puts an issue that was found later at its line. */
  placed(issue: LabIssue): LabProblem;
}

/** Reads a lab file: YAML 1.2, one document, without anchors (a key says what it says where it stands). Never throws. */
export function readLabFile(text: string): LabReading {
  const counter = new LineCounter();
  const document = parseDocument(text.slice(0, longestLabFile), { lineCounter: counter, prettyErrors: false, version: '1.2' });
  const at = (offset: number): { line: number; column: number } => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const placed = ({ path, atKey = false, message, severity }: LabIssue): LabProblem => ({ severity, message, ...at(offsetOf(document, path, atKey)) });
  const wrong = (problems: LabProblem[]): LabReading => ({ file: null, problems: inOrder(problems), placed });
  const syntax = [
    ...document.errors.map((error): LabProblem => ({ severity: 'error', message: sentence(error.code, error.message), ...at(error.pos[0]) })),
    ...text.length > longestLabFile ? [{ severity: 'error' as const, message: `A lab file has at most ${longestLabFile} characters.`, line: 1, column: 1 }] : [],
    ...unprintable(text).map((offset): LabProblem => ({ severity: 'error', message: `A lab file can't hold this character (U+${(text.codePointAt(offset) ?? 0).toString(16).toUpperCase().padStart(4, '0')}).`, ...at(offset) })),
    ...aliasesOf(document).map((offset): LabProblem => ({ severity: 'error', message: 'Anchors and aliases of YAML (&, *) are not for lab files: say it in full.', ...at(offset) })),
  ];
  if (syntax.length > 0) return wrong(syntax);
  const value: unknown = document.toJS();
  const parsed = labFileSchema.safeParse(value);
  if (!parsed.success) return wrong(issuesOf(parsed.error, labFileSchema, value).map(placed));
  const problems = [...checkLab(parsed.data), ...checkMachines(parsed.data), ...checkLabRouters(parsed.data)].map(placed);
  return { file: problems.some(({ severity }) => severity === 'error') ? null : parsed.data, problems: inOrder(problems), placed };
}

/** `Line 3, column 5: …`. */
export function describeLabProblem({ line, column, message }: LabProblem): string {
  return `Line ${line}, column ${column}: ${message}`;
}

/** What YAML calls non-printable, and XML, in which the file is kept, can't hold. */
function unprintable(text: string): number[] {
  const at = text.search(forbiddenCharacter);
  return at < 0 ? [] : [at];
}

function aliasesOf(document: Document.Parsed): number[] {
  const offsets: number[] = [];
  visit(document, { Alias: (_, node) => { offsets.push(node.range?.[0] ?? 0); } });
  return offsets;
}

/** Where a value or its key begins; of what isn't there, what is nearest above it. */
function offsetOf(document: Document.Parsed, path: LabPath, atKey: boolean): number {
  let node: unknown = document.contents;
  let offset = rangeStart(node) ?? 0;
  for (const [depth, part] of path.entries()) {
    if (isAlias(node)) return offset;
    const pair = isMap(node) ? node.items.find((item) => String(isScalar(item.key) ? item.key.value : item.key) === String(part)) : undefined;
    const inner: unknown = pair ? pair.value : isMap(node) ? undefined : (node as { items?: unknown[] } | null)?.items?.[part as number];
    if (!pair && inner === undefined) return offset;
    const isLast = depth === path.length - 1;
    const key = pair ? rangeStart(pair.key) : undefined;
    // An empty value has no place of its own, and a mapping's begins under its key.
    const own = isScalar(inner) && inner.value !== null ? rangeStart(inner) : undefined;
    offset = (isLast && !atKey ? own : undefined) ?? key ?? rangeStart(inner) ?? offset;
    node = inner;
  }
  return offset;
}

function rangeStart(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

function sentence(code: string, message: string): string {
  return code === 'DUPLICATE_KEY' ? 'This key stands here twice.' : `This is not YAML: ${message.split('\n')[0]?.replace(/\.$/, '') ?? ''}.`;
}

function inOrder(problems: LabProblem[]): LabProblem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
}
