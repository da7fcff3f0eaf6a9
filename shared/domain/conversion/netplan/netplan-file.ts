import { isAlias, isMap, isPair, isScalar, parseDocument, visit } from 'yaml';
import type { Document, Pair, YAMLMap } from 'yaml';
import type { ConversionFacts } from '../facts';
import { ConfigProblem } from '../finding';

const folders = ['/lib/netplan', '/etc/netplan', '/run/netplan'];

export interface NetplanFile {
  path: string;
  name: string;
  mode: number;
  content: string;
  document: Document.Parsed;
}

/**
 * The files that netplan merges, in its order: by name, the same name in /run instead of /etc instead of /lib. Source: netplan(5).
 * @throws ConfigProblem for one that can't be read or isn't understood
 */
export function readNetplan(facts: Pick<ConversionFacts, 'files'>): NetplanFile[] {
  const found = new Map<string, NetplanFile>();
  for (const folder of folders) {
    for (const { path, content, mode } of facts.files) {
      const name = path.slice(folder.length + 1);
      if (path.startsWith(`${folder}/`) && /^[^/]+\.yaml$/.test(name)) {
        if (content === null) throw ConfigProblem.of('config.unreadable', `${path} can't be read`, 'What it says about the network would be lost.');
        found.set(name, { path, name, mode, content, document: parseFile(path, content) });
      }
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function parseFile(path: string, content: string): Document.Parsed {
  const document = parseDocument(content, { prettyErrors: true });
  const error = document.errors[0];
  if (error) throw ConfigProblem.at(path, error.linePos?.[0].line ?? 1, error.message.split('\n')[0]!);
  visit(document, { Alias: (_, node) => { throw ConfigProblem.at(path, lineAt(content, node.range?.[0]), 'netplan knows no aliases of YAML.'); } });
  return document;
}

export function lineAt(content: string, offset: number | undefined): number {
  return content.slice(0, offset ?? 0).split('\n').length;
}

/** A mapping inside of a mapping; undefined: there is none. @throws ConfigProblem when it is something else */
export function mapIn(file: NetplanFile, parent: YAMLMap | undefined, key: string): YAMLMap | undefined {
  const pair = parent?.items.find((item) => keyOf(item) === key);
  if (!pair || pair.value === null || (isScalar(pair.value) && pair.value.value === null)) return undefined;
  if (isMap(pair.value) && !isAlias(pair.value)) return pair.value;
  throw ConfigProblem.at(file.path, lineAt(file.content, (pair.key as { range?: [number] }).range?.[0]), `${key} is no mapping.`);
}

export function keyOf(pair: unknown): string {
  return isPair(pair) ? String(isScalar(pair.key) ? pair.key.value : pair.key) : '';
}

export function lineOfPair(file: NetplanFile, pair: Pair): number {
  return lineAt(file.content, (pair.key as { range?: [number] } | null)?.range?.[0]);
}

/** As it was, with comments; indented as the file was. */
export function formatNetplan({ document, content }: NetplanFile): string {
  const indent = /^network:[^\n]*\n(?:\s*#[^\n]*\n|\s*\n)*( +)\S/m.exec(content)?.[1]?.length ?? 2;
  const flatLists = /^( *)[\w-]+:[^\S\n]*\n\1- /m.test(content);
  return document.toString({ indent, indentSeq: !flatLists, lineWidth: 0, flowCollectionPadding: false });
}
