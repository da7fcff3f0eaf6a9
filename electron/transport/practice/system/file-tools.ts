import { filesOf, isFolder, readFileOf } from '../files';
import { fail, succeed } from '../world';
import type { Tool, World } from '../world';
import { pendingTransaction } from '../conversion/transaction-state';

/** A file as a redirection makes it; below /proc/sys it is the kernel's setting. */
export function writeFileOf({ state }: World, path: string, text: string): void {
  if (path.startsWith('/proc/sys/')) state.sysctls[path.slice('/proc/sys/'.length).replaceAll('/', '.')] = text.trim();
  else state.files[path] = text;
}

/** `install [-D] [-m MODE] /dev/stdin PATH`: a new file from standard input. Source: install(1). */
export const install: Tool = ({ state }, args, stdin) => {
  const words = args.filter((word, at) => word !== '-D' && word !== '-m' && args[at - 1] !== '-m');
  const [source, target] = words;
  if (source !== '/dev/stdin' || target === undefined) return fail(1, `install: cannot stat '${source ?? ''}': No such file or directory\n`);
  state.files[target] = stdin;
  return succeed();
};

/** `rm [-f] PATH…` of files that are kept, not made. Source: rm(1). */
export const rm: Tool = ({ state }, args) => {
  let stderr = '';
  for (const path of args.filter((word) => !word.startsWith('-'))) {
    if (Object.hasOwn(state.files, path)) delete state.files[path];
    else if (!args.includes('-f')) stderr += `rm: cannot remove '${path}': No such file or directory\n`;
  }
  return stderr === '' ? succeed() : fail(1, stderr);
};

/** `stat -c '%a %G' PATH…`, of devices and files that are here. Source: stat(1). */
export const stat: Tool = (world, args) => {
  const paths = args.filter((word, at) => word !== '-c' && args[at - 1] !== '-c');
  const modes: Record<string, string> = { '/dev/kvm': '660 kvm' };
  const missing = paths.filter((path) => !Object.hasOwn(modes, path) && !filesOf(world).has(path));
  const stdout = paths.filter((path) => !missing.includes(path)).map((path) => `${modes[path] ?? '644 root'}\n`).join('');
  const stderr = missing.map((path) => `stat: cannot statx '${path}': No such file or directory\n`).join('');
  return stderr === '' ? succeed(stdout) : fail(1, stderr, stdout);
};

/** systemd-detect-virt(1): a machine of its own. */
export const detectVirt: Tool = () => fail(1, '', 'none\n');

/** `[ [!] -e|-f|-d PATH ]`. Source: test(1). */
export const test: Tool = (world, args) => {
  const words = args.at(-1) === ']' ? args.slice(0, -1) : [...args];
  const isNot = words[0] === '!';
  const [operator = '', path = ''] = isNot ? words.slice(1) : words;
  const isFile = readFileOf(world, path) !== null;
  const holds = operator === '-f' ? isFile : operator === '-d' ? isFolder(world, path) : isFile || isFolder(world, path);
  return holds === isNot ? fail(1, '') : succeed();
};

/** `sed -i '/PATTERN/d' PATH` takes lines out of a file; `sed 's/TEXT/TEXT/' PATH` shows it changed. Source: sed(1). */
export const sed: Tool = (world, args) => {
  const [script = '', path = ''] = args.filter((word) => !word.startsWith('-'));
  const text = readFileOf(world, path);
  if (text === null) return fail(2, `sed: can't read ${path}: No such file or directory\n`);
  const [, pattern] = /^\/(.*)\/d$/.exec(script) ?? [];
  const [, from, to] = /^s\/(.*)\/(.*)\/$/.exec(script) ?? [];
  if (pattern === undefined && from === undefined) return fail(1, `sed: -e expression #1, char 1: unknown command: \`${script.charAt(0)}'\n`);
  const lines = text.split('\n').filter((line) => pattern === undefined || !new RegExp(pattern).test(line)).map((line) => (from === undefined ? line : line.replace(new RegExp(from), to ?? '')));
  if (!args.includes('-i')) return succeed(lines.join('\n'));
  writeFileOf(world, path, lines.join('\n'));
  return succeed();
};

/** `find FOLDER… [-maxdepth N] [-type f] [-name NAME] [-exec stat -c '%a %n' {} +]`. Source: find(1). */
export const find: Tool = (world, args) => {
  const from = args.findIndex((word) => word.startsWith('-'));
  const folders = (from < 0 ? args : args.slice(0, from)).map((folder) => folder.replace(/(.)\/+$/, '$1'));
  const after = (option: string): string | null => (args.includes(option) ? args[args.indexOf(option) + 1] ?? '' : null);
  const name = after('-name');
  const most = Number(after('-maxdepth') ?? Number.POSITIVE_INFINITY);
  const paths = folders.flatMap((folder) => [...filesOf(world).keys()].filter((path) => path === folder
    || (path.startsWith(`${folder}/`) && path.slice(folder.length + 1).split('/').length <= most))).filter((path) => name === null || path.endsWith(`/${name}`)).sort();
  const missing = folders.filter((folder) => !isFolder(world, folder) && !filesOf(world).has(folder));
  const stdout = paths.map((path) => (args.includes('-exec') ? `644 ${path}\n` : `${path}\n`)).join('');
  return missing.length === 0 ? succeed(stdout) : fail(1, missing.map((folder) => `find: ‘${folder}’: No such file or directory\n`).join(''), stdout);
};

/** readlink(1): the one link there may be is the lock of a conversion. */
export const readlink: Tool = ({ state }, args) => {
  const pending = args.at(-1) === '/var/lib/netwright/pending' ? pendingTransaction(state) : null;
  return pending ? succeed(`tx/${pending.id}\n`) : fail(1, '');
};

/** `df -Pk PATH…`: one disk, and the volatile places in memory. Source: df(1). */
export const df: Tool = (_world, args) => {
  const rows = args.filter((word) => !word.startsWith('-')).map((path) => (path.startsWith('/run') ? 'tmpfs 1626940 1520 1625420 1% /run' : '/dev/sda1 102626232 31204560 66162408 33% /'));
  return succeed(['Filesystem 1024-blocks Used Available Capacity Mounted on', ...rows].map((row) => `${row}\n`).join(''));
};
