import { z } from 'zod';
import { labError } from './lab-problem';
import type { LabIssue, LabPath } from './lab-problem';
import { nearestWord } from './nearest-word';

/** What the schema has against a value, in sentences. */
export function issuesOf(error: z.ZodError, schema: z.ZodType, value: unknown): LabIssue[] {
  return error.issues.flatMap((issue) => issuesAt(issue, [], schema, value));
}

function issuesAt(issue: z.core.$ZodIssue, above: LabPath, schema: z.ZodType, value: unknown): LabIssue[] {
  const path = [...above, ...issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))];
  switch (issue.code) {
    case 'unrecognized_keys': return issue.keys.map((key) => ({ ...labError([...path, key], unknownKey(key, knownKeys(schema, path, value))), atKey: true }));
    case 'invalid_key': return issue.issues.map(({ message }) => ({ ...labError(path, `“${String(path.at(-1))}” is no name for a ${path.at(-2) === 'machines' ? 'role' : 'network'}: ${lower(message)}.`), atKey: true }));
    case 'invalid_union': return unionIssues(issue, path, schema, value);
    case 'invalid_value': return [labError(path, oneOf(issue.values.map(String), path, value))];
    case 'invalid_type': {
      const found = valueAt(value, path);
      return [labError(path, found === undefined ? `“${String(path.at(-1) ?? 'it')}” is missing.` : `This has to be ${typeWord(issue.expected)}, not ${valueWord(found)}.`)];
    }
    default: return [labError(path, `${issue.message.replace(/\.$/, '')}.`)];
  }
}

/** Of what may be several things, the one that was most likely meant: that which has the least to say against it, deepest inside. */
function unionIssues(issue: z.core.$ZodIssueInvalidUnion, path: LabPath, schema: z.ZodType, value: unknown): LabIssue[] {
  if (issue.errors.length === 0) {
    const allowed = choices(schema, path, value);
    return [labError(path, allowed.length > 0 ? oneOf(allowed, path, value) : `${issue.message}.`)];
  }
  const isMapping = typeof valueAt(value, path) === 'object';
  const branches = issue.errors.filter((errors) => !isMapping || errors.some((error) => error.path.length > 0 || error.code === 'unrecognized_keys'));
  if (isMapping && branches[0]) return branches[0].flatMap((error) => issuesAt(error, path, schema, value));
  const words = issue.errors.flatMap((errors) => errors.flatMap((error) => (error.code === 'invalid_value' ? error.values.map((word) => `“${String(word)}”`)
    : error.code === 'invalid_type' ? typeWord(error.expected) : lower(error.message))));
  return [labError(path, `This has to be ${[...new Set(words)].join(' or ')}.`)];
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = nearestWord(key, known);
  return `“${key}” is not known here. ${near ? `Is it “${near}”?` : `What is known: ${known.join(', ')}.`}`;
}

function oneOf(allowed: readonly string[], path: LabPath, value: unknown): string {
  const found = valueAt(value, path);
  const words = allowed.length === 1 ? `${allowed[0]}` : `one of ${allowed.join(', ')}`;
  if (found === undefined) return `“${String(path.at(-1))}” is missing: ${words}.`;
  const near = typeof found === 'string' ? nearestWord(found, allowed) : null;
  return `This has to be ${words}, not ${valueWord(found)}.${near ? ` Is it “${near}”?` : ''}`;
}

const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

const typeWords: Record<string, string> = { object: 'a mapping', record: 'a mapping', array: 'a list', string: 'text', number: 'a number', int: 'a whole number', boolean: 'true or false' };
const typeWord = (expected: string): string => typeWords[expected] ?? expected;

function valueWord(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : typeof value === 'string' ? `“${value}”` : JSON.stringify(value);
}

export function valueAt(value: unknown, path: LabPath): unknown {
  return path.reduce<unknown>((inner, part) => (typeof inner === 'object' && inner !== null ? (inner as Record<string | number, unknown>)[part] : undefined), value);
}

/** Keys that the schema knows at a place. */
function knownKeys(schema: z.ZodType, path: LabPath, value: unknown): string[] {
  return [...new Set(schemasAt(schema, path, value).flatMap((inner) => (inner instanceof z.ZodObject ? Object.keys(inner.shape) : [])))];
}

/** What may stand where a discriminator does. */
function choices(schema: z.ZodType, path: LabPath, value: unknown): string[] {
  return schemasAt(schema, path, value).flatMap((inner) => (inner instanceof z.ZodLiteral ? [...inner.values].map(String) : inner instanceof z.ZodEnum ? inner.options.map(String) : []));
}

/** The schemas that a place has, by the schema above it; several where it may be several things. */
function schemasAt(schema: z.core.$ZodType, path: LabPath, value: unknown): z.core.$ZodType[] {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return schemasAt(schema.def.innerType, path, value);
  if (schema instanceof z.ZodUnion) return fitting(schema.def.options, value).flatMap((option) => schemasAt(option, path, value));
  const [part, ...rest] = path;
  if (part === undefined) return [schema];
  const inner = valueAt(value, [part]);
  if (schema instanceof z.ZodObject) {
    const field = (schema.shape as Record<string, z.core.$ZodType | undefined>)[part];
    return field ? schemasAt(field, rest, inner) : [];
  }
  if (schema instanceof z.ZodArray) return schemasAt(schema.element, rest, inner);
  return schema instanceof z.ZodRecord ? schemasAt(schema.valueType, rest, inner) : [];
}

/** Of several shapes those whose fixed words (`kind`, `mode`) the value has; all, where none fits. */
function fitting(options: readonly z.core.$ZodType[], value: unknown): readonly z.core.$ZodType[] {
  const fits = options.filter((option) => option instanceof z.ZodObject && Object.entries(option.shape).every(([key, inner]) => !(inner instanceof z.ZodLiteral) || inner.values.has(valueAt(value, [key]) as string)));
  return fits.length > 0 ? fits : options;
}
