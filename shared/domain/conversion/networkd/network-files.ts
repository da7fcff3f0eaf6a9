import type { ConfigFile, ConversionFacts } from '../facts';

/** Folders of systemd.network(5), the one that wins first. */
const folders = ['/etc/systemd/network', '/run/systemd/network', '/usr/local/lib/systemd/network', '/usr/lib/systemd/network', '/lib/systemd/network'];

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

/** The drop-ins of a .network file in the order in which they are read: by name, the same name in a stronger folder instead. */
export function dropInsOf(facts: Pick<ConversionFacts, 'files'>, networkFile: string): ConfigFile[] {
  const own = `${nameOf(networkFile)}.d`;
  const found = new Map<string, ConfigFile>();
  for (const folder of [...folders].reverse()) {
    for (const file of facts.files) {
      if (folderOf(file.path) === `${folder}/${own}` && file.path.endsWith('.conf')) found.set(nameOf(file.path), file);
    }
  }
  return [...found.values()].sort((a, b) => (nameOf(a.path) < nameOf(b.path) ? -1 : 1));
}

/** Names of all .network files, as networkd sorts them. */
export function networkFileNames(facts: Pick<ConversionFacts, 'files'>): string[] {
  const names = facts.files.filter(({ path }) => folders.includes(folderOf(path)) && path.endsWith('.network')).map(({ path }) => nameOf(path));
  return [...new Set(names)].sort();
}
