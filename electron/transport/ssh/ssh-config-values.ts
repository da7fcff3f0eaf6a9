import os from 'node:os';
import { hostsFieldMatches } from './known-hosts-file';
import type { ConfigDirective } from './ssh-config-lines';

/** What a configuration says of one host: values by option, in lower case, as `ssh -G` prints them. */
export type ConfigValues = ReadonlyMap<string, readonly string[]>;

/** Options of which every value counts; of the others the first one wins. */
const gathered = new Set(['identityfile', 'certificatefile']);

/**
 * The options that apply to an alias, as far as they can be told without running anything.
 * @returns `unknownMatches`: criteria of `Match` that only ssh(1) can judge, for example `exec`.
 */
export function selectConfigValues(
  directives: readonly ConfigDirective[], alias: string, given: { user: string | null } = { user: null },
): { values: ConfigValues; unknownMatches: string[] } {
  const chosen = new Map<string, string[]>();
  if (given.user !== null) chosen.set('user', [given.user]);
  const unknownMatches = new Set<string>();
  let active = true;
  for (const { keyword, values } of directives) {
    if (keyword === 'host') {
      active = hostsFieldMatches(values.join(','), alias.toLowerCase());
    } else if (keyword === 'match') {
      const verdict = matches(values, alias, chosen);
      active = verdict === true;
      if (verdict === 'unknown') unknownMatches.add(`Match ${values[0]}`);
    } else if (active && values.length > 0) {
      const before = chosen.get(keyword);
      if (!before) chosen.set(keyword, [...values]);
      else if (gathered.has(keyword)) before.push(...values);
    }
  }
  return { values: chosen, unknownMatches: [...unknownMatches] };
}

/** ssh_config(5), "TOKENS": HostName takes `%%` and `%h`. */
export function expandHostName(value: string | undefined, alias: string): string {
  return value?.replace(/%([%h])/g, (_all, token: string) => (token === 'h' ? alias : '%')) ?? alias;
}

/** `Match` criteria that need nothing but names are followed; those that run commands or look at the network are not. */
function matches(words: readonly string[], alias: string, chosen: ReadonlyMap<string, readonly string[]>): boolean | 'unknown' {
  let all = true;
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!.toLowerCase();
    const negated = word.startsWith('!');
    const criterion = negated ? word.slice(1) : word;
    if (criterion === 'all') continue;
    const subject = criterion === 'host' ? expandHostName(chosen.get('hostname')?.[0], alias)
      : criterion === 'originalhost' ? alias
        : criterion === 'user' ? chosen.get('user')?.[0] ?? os.userInfo().username
          : criterion === 'localuser' ? os.userInfo().username : null;
    if (subject === null) return 'unknown';
    if (hostsFieldMatches(words[++index] ?? '', subject.toLowerCase()) === negated) all = false;
  }
  return all;
}
