import type { LastingFile } from '../../../shared/domain/conversion/release';
import type { HostTransaction } from '../../../shared/domain/conversion/host-transaction';
import type { FinishedTransaction } from '../../../shared/domain/conversion/undo';
import type { Command } from '../../../shared/domain/plan';
import { quoteWord } from '../../../shared/domain/shell-quote';
import type { GatheredFile } from '../gathered-files';
import { folderOfTransaction } from './engine-commands';

/** What an ended transaction has kept, as root: its lists, then checksums as they are now. Each line behind the name of what it is of. */
export function readKeptCommand(id: string): Command {
  const folder = quoteWord(`${folderOfTransaction(id)}/kept`);
  return {
    argv: ['/bin/sh', '-c', `cd ${folder} 2>/dev/null || exit 0
for list in paths written ipv4 defaults4 mtu; do sed "s/^/$list /" "$list" || exit 1; done
[ ! -e addresses ] || sed 's/^/address /' addresses
while IFS= read -r path; do
  case $path in /run/*) continue ;; esac
  [ ! -e "$path" ] || find "$path" -type f -exec sha256sum {} +
done <paths | sed 's/^/now /'
find files -type f -exec stat -c 'mode %a %n' {} +`],
  };
}

/** Patterns for all of its files. Configuration lies no deeper. */
export const keptGlobs = (id: string): string[] => [2, 3, 4, 5, 6, 7].map((depth) => `${folderOfTransaction(id)}/kept/files${'/*'.repeat(depth)}`);

/** `listed` is the output of `readKeptCommand`, `files` are those of `keptGlobs`. */
export function parseKept(transaction: HostTransaction, listed: string, files: readonly GatheredFile[]): FinishedTransaction {
  const lines = listed.split('\n');
  const of = (name: string): string[] => lines.flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []));
  const folder = `${folderOfTransaction(transaction.id)}/kept/files`;
  const contents = new Map(files.map(({ path, content }) => [path.slice(folder.length), content]));
  const modes = new Map(of('mode').flatMap((line): [string, number][] => {
    const [, mode, path] = /^([0-7]+) files(\/.+)$/.exec(line) ?? [];
    return mode && path ? [[path, Number.parseInt(mode, 8)]] : [];
  }));
  const [written, now] = [checksums(of('written')), checksums(of('now'))];
  const paths = [...new Set([...of('paths').filter((path) => !path.startsWith('/run/')), ...contents.keys()])];
  const isFile = (path: string): boolean => ![...contents.keys(), ...now.keys()].some((other) => other.startsWith(`${path}/`));
  return {
    transaction,
    files: paths.filter(isFile).map((path): LastingFile => ({ path, content: contents.get(path) ?? null, mode: modes.get(path) ?? 0o600 })),
    changed: [...new Set([...written.keys(), ...now.keys()])].filter((path) => written.get(path) !== now.get(path)).sort(),
    ipv4: of('ipv4'), leased: of('address').flatMap((line) => / inet ([0-9.]+)\/.* dynamic /.exec(line)?.[1] ?? [])[0] ?? null,
    fixed6: of('address').flatMap((line) => (/ scope global(?!.* (dynamic|temporary)\b)/.test(line) ? / inet6 (\S+)/.exec(line)?.[1] ?? [] : [])),
    gateway: of('defaults4').map((line) => line.split(' ')).find(([, device]) => device === (transaction.goal === 'unbridge' ? transaction.bridge : transaction.nic))?.[0] ?? null,
    mtu: of('mtu').map(Number)[0] ?? null,
  };
}

/** Source: sha256sum(1): a backslash in front where the name was escaped, which nobody's configuration needs. */
function checksums(lines: readonly string[]): ReadonlyMap<string, string> {
  return new Map(lines.flatMap((line): [string, string][] => {
    const [, sum, path] = /^([0-9a-f]{64}) [ *](\/.+)$/.exec(line) ?? [];
    return sum && path ? [[path, sum]] : [];
  }));
}
