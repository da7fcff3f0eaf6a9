import { changesOf } from './stack-plan';
import { contentOf } from './facts';
import type { ConfigFile, ConversionFacts, ConversionSpec } from './facts';
import type { StackPlan } from './stack-plan';
import type { Transaction, TransactionFile, TransactionRemoval } from './transaction';

/** A configuration file as it is to be for good; `content` null: there is none any more. */
export interface LastingFile {
  path: string;
  content: string | null;
  /** Permission bits. */
  mode: number;
}

/** How a network stack lets a NIC go from its bridge: where the bridge goes, the NIC takes addresses and routes back; where it stays, the NIC is left without. */
export interface ReleasePlanner {
  /** What the stack's files say afterwards, from what they say now. @throws ConfigProblem for what is not understood */
  files(facts: ConversionFacts, spec: ConversionSpec): LastingFile[];
  /** How to get there. Files that the stack doesn't read are only written when the change is confirmed. @throws ConfigProblem */
  plan(facts: ConversionFacts, spec: ConversionSpec, files: readonly LastingFile[]): StackPlan;
}

/** The files of a transaction, each with the name it is staged under. `trialPath` says where one stands on trial. */
export function writtenFiles(files: readonly LastingFile[], trialPath: (path: string) => string | null): TransactionFile[] {
  return files.flatMap(({ path, content, mode }): TransactionFile[] =>
    (content === null ? [] : [{ name: stagedName(path), content, mode, trialPath: trialPath(path), commitPath: path }]));
}

export function removedFiles(facts: ConversionFacts, files: readonly LastingFile[], when: (path: string) => TransactionRemoval['when']): TransactionRemoval[] {
  return files.flatMap(({ path, content }) => (content === null && isThere(facts, path) ? [{ path, when: when(path) }] : []));
}

const isThere = (facts: ConversionFacts, path: string): boolean => facts.files.some((file) => file.path === path);

/** Folders tell files of one name apart. */
const stagedName = (path: string): string => `lasting${path.replaceAll('/', '-')}`;

/** Changes and protected paths follow from the files; `transaction` has the rest. */
export function releasePlan(facts: ConversionFacts, transaction: Omit<Transaction, 'protects' | 'removes'> & { removes: TransactionRemoval[] }): StackPlan {
  const paths = [...transaction.files.flatMap(({ commitPath }) => commitPath ?? []), ...transaction.removes.map(({ path }) => path)];
  const written = changesOf(facts, transaction.files);
  const removed = transaction.removes.map(({ path }) => ({ title: path, language: 'text' as const, before: contentOf(facts, path) ?? null, after: null }));
  return { transaction: { ...transaction, protects: paths }, changes: [...written, ...removed], warnings: [] };
}

/** The host's files as they will be for good. */
export function filesAfter(present: readonly ConfigFile[], files: readonly LastingFile[]): ConfigFile[] {
  const changed = new Set(files.map(({ path }) => path));
  return [
    ...present.filter(({ path }) => !changed.has(path)),
    ...files.flatMap(({ path, content, mode }) => (content === null ? [] : [{ path, content, mode }])),
  ];
}
