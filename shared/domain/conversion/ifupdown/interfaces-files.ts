import type { ConfigFile } from '../facts';
import { ConfigProblem } from '../finding';
import { headKind, parseInterfaces } from './parse-interfaces';
import type { InterfacesStanza } from './parse-interfaces';

export const mainFile = '/etc/network/interfaces';

export interface InterfacesFile {
  path: string;
  mode: number;
  stanzas: InterfacesStanza[];
}

/**
 * The main file and everything it reads, each in the place where its `source` or `source-directory` line stands: a flat list of files
 * in the order of reading. Source: interfaces(5).
 * @throws ConfigProblem for what is not understood; `config.unreadable`
 */
export function readInterfaces(files: readonly ConfigFile[], path = mainFile, depth = 0): InterfacesFile[] {
  const file = files.find((entry) => entry.path === path);
  if (!file) return [];
  if (file.content === null) throw ConfigProblem.of('config.unreadable', `${path} can't be read`, 'What it says about the network would be lost.');
  if (depth > 8) throw ConfigProblem.of('config.not-understood', `${path} reads itself`, 'The files of ifupdown source each other without end.');
  const stanzas = parseInterfaces(path, file.content);
  return [{ path, mode: file.mode, stanzas }, ...stanzas.flatMap((stanza) => sourcedBy(files, path, stanza)).flatMap((other) => readInterfaces(files, other, depth + 1))];
}

/** The files that a `source` or `source-directory` line reads, sorted. */
export function sourcedBy(files: readonly ConfigFile[], path: string, stanza: InterfacesStanza): string[] {
  const kind = headKind(stanza);
  const patterns = stanza.head?.words.slice(1) ?? [];
  if (kind !== 'source' && kind !== 'source-directory' && kind !== 'source-dir') return [];
  return patterns.flatMap((pattern) => {
    if (/[`$~"']/.test(pattern)) throw ConfigProblem.at(path, stanza.head!.line, `${pattern} has to be expanded by a shell.`);
    const whole = pattern.startsWith('/') ? pattern : `${path.slice(0, path.lastIndexOf('/'))}/${pattern}`;
    if (!/^\/etc\/network\/(interfaces\.d\/|[^i/*?[][^/*?[]*\/)?[^/]*$/.test(whole)) {
      throw ConfigProblem.at(path, stanza.head!.line, `${pattern} leads to files outside of /etc/network, which are not looked at.`, 'Move them to /etc/network/interfaces.d.');
    }
    const glob = globPattern(kind === 'source' ? whole : `${whole.replace(/\/$/, '')}/*`);
    // run-parts' names: a file that a package manager or an editor left is not read.
    const named = kind === 'source' ? /[^/]$/ : /\/[A-Za-z0-9_-]+$/;
    return files.filter((file) => glob.test(file.path) && named.test(file.path)).map((file) => file.path).sort();
  });
}

function globPattern(pattern: string): RegExp {
  const text = pattern.replace(/[.+^${}()|\\]/g, '\\$&').replace(/\[!/g, '[^').replace(/\?/g, '[^/]')
    // A pattern never finds what begins with a dot.
    .replace(/(\/?)\*/g, (_, slash: string) => (slash === '' ? '[^/]*' : '/(?!\\.)[^/]*'));
  return new RegExp(`^${text}$`);
}

/** The interfaces that ifupdown's files configure, but for the loopback; those of a file that isn't understood are left out. */
export function ifupdownNames(files: readonly ConfigFile[]): string[] {
  try {
    const names = readInterfaces(files).flatMap(({ stanzas }) => stanzas.flatMap((stanza) => (headKind(stanza) === 'iface' ? [stanza.head!.words[1]!] : [])));
    return [...new Set(names)].filter((name) => name !== 'lo');
  } catch (error) {
    if (!(error instanceof ConfigProblem)) throw error;
    // The planner says what is wrong; here it only matters who owns the NIC.
    const words = files.filter(({ path }) => path.startsWith('/etc/network/')).flatMap(({ content }) => [...(content ?? '').matchAll(/^\s*iface\s+(\S+)/gm)]);
    return [...new Set(words.map((match) => match[1]!))].filter((name) => name !== 'lo');
  }
}
