import { isSeq } from 'yaml';
import type { YAMLMap, YAMLSeq } from 'yaml';
import { ConfigProblem } from '../finding';
import { keyOf, lineOfPair } from './netplan-file';
import type { NetplanFile } from './netplan-file';

/** What one of netplan's files says about a device. */
export interface Entry { file: NetplanFile; entry: YAMLMap }

/** Undefined: there is none. @throws ConfigProblem when it is something else */
export function listIn({ file, entry }: Entry, key: string): YAMLSeq | undefined {
  const pair = entry.items.find((item) => keyOf(item) === key);
  if (!pair) return undefined;
  if (!isSeq(pair.value)) throw ConfigProblem.at(file.path, lineOfPair(file, pair), `${key} is no list.`);
  return pair.value;
}

/** A list that nothing is left of goes as a whole. */
export function filterList(at: Entry, key: 'addresses' | 'routes', stays: (item: unknown) => boolean): void {
  const list = listIn(at, key);
  if (!list) return;
  list.items = list.items.filter(stays);
  if (list.items.length === 0) at.entry.delete(key);
}
