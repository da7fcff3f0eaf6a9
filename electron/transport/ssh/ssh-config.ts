import { readdir, readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { SshConfigEntry } from '../../../shared/domain/host';
import { AppError } from '../../../shared/errors/app-error';
import { hostsFieldMatches, wildcardMatches } from './known-hosts-file';
import { isPort, parseConfigLines, type ConfigDirective, type ConfigMistake } from './ssh-config-lines';

export interface SshConfigReading {
  path: string;
  /** Every `Host` name without wildcards, resolved, in the order of the file. */
  entries: SshConfigEntry[];
  /** `ssh.config-broken`, when the file could not be read in full; the entries are those that could. */
  problem: AppError | null;
}

export interface SshConfigOptions {
  /** Default `~/.ssh/config`. */
  file?: string;
  homeDirectory?: string;
}

/** ssh(1) stops there too (READCONF_MAX_DEPTH). */
const maxIncludeDepth = 16;

/**
 * The hosts of the user's ssh_config(5). A missing file is an empty list. What Netwright does not follow is named in each
 * entry's `unsupported`.
 */
export async function readSshConfig(options: SshConfigOptions = {}): Promise<SshConfigReading> {
  const { file, reader } = await read(options);
  const names = new Set(reader.directives.filter(({ keyword }) => keyword === 'host')
    .flatMap(({ values }) => values).filter((name) => !/[*?!]/.test(name)));
  return { path: file, entries: [...names].map((name) => resolve(reader.directives, name, options)), problem: explainMistakes(reader) };
}

/** One alias, read anew; null when no `Host` line names it. */
export async function resolveSshConfig(alias: string, options: SshConfigOptions = {}): Promise<SshConfigEntry | null> {
  const { entries } = await readSshConfig(options);
  return entries.find((entry) => entry.alias === alias) ?? null;
}

async function read(options: SshConfigOptions): Promise<{ file: string; reader: ConfigReader }> {
  const home = options.homeDirectory ?? os.homedir();
  const file = options.file ?? path.join(home, '.ssh', 'config');
  const reader = new ConfigReader(home);
  await reader.readFile(file, 0, true);
  return { file, reader };
}

/** Directives of a file and of those it includes, flat and in order. An `Include` applies where it stands: also inside a section. */
class ConfigReader {
  readonly directives: ConfigDirective[] = [];
  readonly mistakes: ConfigMistake[] = [];
  unreadable: { file: string; reason: string } | null = null;

  constructor(private readonly home: string) {}

  async readFile(file: string, depth: number, mayBeMissing: boolean): Promise<void> {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOENT' && mayBeMissing) return;
      this.unreadable ??= { file, reason: code === 'EACCES' ? 'permission denied' : code === 'EISDIR' ? 'it is a folder' : String(error instanceof Error ? error.message : error) };
      return;
    }
    const { directives, mistakes } = parseConfigLines(text, file);
    const ignored = directives.filter(({ keyword }) => keyword === 'ignoreunknown').flatMap(({ values }) => values);
    this.mistakes.push(...mistakes.filter(({ line, reason }) => !(reason.endsWith('is no option of ssh')
      && directives.some((directive) => directive.line === line && hostsFieldMatches(ignored.join(',').toLowerCase(), directive.keyword)))));
    // The section an include stands in goes on after it, whatever sections the included file opens.
    let section: ConfigDirective | null = null;
    for (const directive of directives) {
      if (directive.keyword === 'host' || directive.keyword === 'match') section = directive;
      if (directive.keyword !== 'include') {
        this.directives.push(directive);
        continue;
      }
      if (depth >= maxIncludeDepth) {
        this.mistakes.push({ file, line: directive.line, reason: 'files include each other too deeply' });
        continue;
      }
      for (const pattern of directive.values) {
        for (const included of await this.#expand(pattern)) {
          await this.readFile(included, depth + 1, true);
          this.directives.push(section ?? { file, line: directive.line, keyword: 'host', values: ['*'] });
        }
      }
    }
  }

  /** Relative names are below `~/.ssh`; `*` and `?` may stand in the last component, as is usual for `config.d/*`. */
  async #expand(pattern: string): Promise<string[]> {
    const base = pattern.startsWith('~/') ? path.join(this.home, pattern.slice(2)) : path.resolve(path.join(this.home, '.ssh'), pattern);
    const name = path.basename(base);
    if (!/[*?]/.test(name)) return [base];
    const folder = path.dirname(base);
    try {
      const names = await readdir(folder);
      return names.filter((entry) => (name.startsWith('.') || !entry.startsWith('.')) && wildcardMatches(name, entry.toLowerCase()))
        .sort().map((entry) => path.join(folder, entry));
    } catch (error) {
      // As in ssh(1), a pattern that names nothing is no mistake.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      this.unreadable ??= { file: folder, reason: 'it can\'t be listed' };
      return [];
    }
  }
}

/** Options that decide where or how a connection goes, and that are not followed. `none` switches each of them off. */
const notFollowed: Record<string, string> = {
  proxyjump: 'ProxyJump', proxycommand: 'ProxyCommand', hostkeyalias: 'HostKeyAlias', userknownhostsfile: 'UserKnownHostsFile',
  identityagent: 'IdentityAgent', certificatefile: 'CertificateFile', pkcs11provider: 'PKCS11Provider',
  securitykeyprovider: 'SecurityKeyProvider', bindaddress: 'BindAddress', bindinterface: 'BindInterface',
  addressfamily: 'AddressFamily', knownhostscommand: 'KnownHostsCommand', canonicalizehostname: 'CanonicalizeHostname',
};

function resolve(directives: readonly ConfigDirective[], alias: string, options: SshConfigOptions): SshConfigEntry {
  const chosen = new Map<string, string>();
  const unsupported = new Set<string>();
  let active = true;
  for (const { keyword, values } of directives) {
    if (keyword === 'host') {
      active = hostsFieldMatches(values.join(','), alias.toLowerCase());
    } else if (keyword === 'match') {
      const verdict = matches(values, alias, chosen);
      active = verdict === true;
      if (verdict === 'unknown') unsupported.add(`Match ${values[0]}`);
    } else if (active && values[0] !== undefined && !chosen.has(keyword)) {
      // The first value of an option wins.
      chosen.set(keyword, values[0]);
    }
  }
  for (const [keyword, name] of Object.entries(notFollowed)) {
    const value = chosen.get(keyword)?.toLowerCase();
    if (value !== undefined && !['none', 'no', 'any', 'ssh_auth_sock'].includes(value)) unsupported.add(name);
  }
  const home = options.homeDirectory ?? os.homedir();
  const address = expandHostName(chosen.get('hostname'), alias);
  const port = chosen.get('port');
  const user = chosen.get('user') ?? null;
  const key = chosen.get('identityfile');
  const tokens: Record<string, string> = { '%': '%', d: home, h: address, n: alias, r: user ?? '', u: os.userInfo().username };
  return {
    alias, address, port: port !== undefined && isPort(port) ? Number(port) : 22, user,
    keyPath: key === undefined || key.toLowerCase() === 'none' ? null : key.replace(/%([%dhnru])/g, (_all, token: string) => tokens[token] ?? ''),
    proxyJump: chosen.get('proxyjump') ?? null, unsupported: [...unsupported],
  };
}

/** ssh_config(5), "TOKENS": HostName takes `%%` and `%h`. */
function expandHostName(value: string | undefined, alias: string): string {
  return value?.replace(/%([%h])/g, (_all, token: string) => (token === 'h' ? alias : '%')) ?? alias;
}

/** `Match` criteria that need nothing but names are followed; those that run commands or look at the network are not. */
function matches(words: readonly string[], alias: string, chosen: ReadonlyMap<string, string>): boolean | 'unknown' {
  let all = true;
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!.toLowerCase();
    const negated = word.startsWith('!');
    const criterion = negated ? word.slice(1) : word;
    if (criterion === 'all') continue;
    const subject = criterion === 'host' ? expandHostName(chosen.get('hostname'), alias)
      : criterion === 'originalhost' ? alias
        : criterion === 'user' ? chosen.get('user') ?? os.userInfo().username
          : criterion === 'localuser' ? os.userInfo().username : null;
    if (subject === null) return 'unknown';
    if (hostsFieldMatches(words[++index] ?? '', subject.toLowerCase()) === negated) all = false;
  }
  return all;
}

function explainMistakes({ mistakes, unreadable }: ConfigReader): AppError | null {
  if (unreadable) {
    return new AppError('ssh.config-broken', 'The SSH configuration can\'t be read', `${unreadable.file}: ${unreadable.reason}.`, {
      hint: 'Hosts can still be added by their address.',
    });
  }
  const first = mistakes[0];
  if (!first) return null;
  const more = mistakes.length > 1 ? ` ${mistakes.length - 1} more ${mistakes.length === 2 ? 'line is' : 'lines are'} wrong.` : '';
  return new AppError('ssh.config-broken', 'The SSH configuration has a mistake', `${first.file}, line ${first.line}: ${first.reason}.${more}`, {
    hint: 'ssh itself refuses such a file. The hosts that could be read are listed.',
  });
}
