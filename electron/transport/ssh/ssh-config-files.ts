import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../shared/errors/app-error';
import { hostsFieldMatches, wildcardMatches } from './known-hosts-file';
import { parseConfigLines, type ConfigDirective, type ConfigMistake } from './ssh-config-lines';

/** ssh(1) stops there too (READCONF_MAX_DEPTH). */
const maxIncludeDepth = 16;

/**
 * Directives of an ssh_config(5) file and of those it includes, flat and in order. An `Include` applies where it stands:
 * also inside a section.
 */
export class ConfigFiles {
  readonly directives: ConfigDirective[] = [];
  readonly #mistakes: ConfigMistake[] = [];
  #unreadable: { file: string; reason: string } | null = null;

  private constructor(private readonly home: string) {}

  /** A missing file is an empty one. What is wrong with the others is the `problem`; what can be read is read. */
  static async read(file: string, home: string): Promise<ConfigFiles> {
    const files = new ConfigFiles(home);
    await files.#readFile(file, 0);
    return files;
  }

  /** `ssh.config-broken`, naming file and line, when the files could not be read in full. */
  get problem(): AppError | null {
    if (this.#unreadable) {
      return new AppError('ssh.config-broken', 'The SSH configuration can\'t be read', `${this.#unreadable.file}: ${this.#unreadable.reason}.`, {
        hint: 'Hosts can still be added by their address.',
      });
    }
    const first = this.#mistakes[0];
    if (!first) return null;
    const more = this.#mistakes.length - 1;
    const others = more > 0 ? ` ${more} more ${more === 1 ? 'line is' : 'lines are'} wrong.` : '';
    return new AppError('ssh.config-broken', 'The SSH configuration has a mistake', `${first.file}, line ${first.line}: ${first.reason}.${others}`, {
      hint: 'ssh itself refuses such a file. The hosts that could be read are listed.',
    });
  }

  async #readFile(file: string, depth: number): Promise<void> {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOENT') return;
      this.#unreadable ??= { file, reason: code === 'EACCES' ? 'permission denied' : code === 'EISDIR' ? 'it is a folder' : String(error instanceof Error ? error.message : error) };
      return;
    }
    const { directives, mistakes } = parseConfigLines(text, file);
    const ignored = directives.filter(({ keyword }) => keyword === 'ignoreunknown').flatMap(({ values }) => values);
    this.#mistakes.push(...mistakes.filter(({ line, reason }) => !(reason.endsWith('is no option of ssh')
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
        this.#mistakes.push({ file, line: directive.line, reason: 'files include each other too deeply' });
        continue;
      }
      for (const pattern of directive.values) {
        for (const included of await this.#expand(pattern)) {
          await this.#readFile(included, depth + 1);
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
      this.#unreadable ??= { file: folder, reason: 'it can\'t be listed' };
      return [];
    }
  }
}
