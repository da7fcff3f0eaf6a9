import { filesOf, isFolder, namesIn, readFileOf } from '../files';
import { dateText } from '../linux/iptables-save';
import { fail, succeed } from '../world';
import type { Tool, ToolResult, World } from '../world';

/** Small tools of coreutils, grep and procps, as far as the app asks them. */
export const systemCommands: Record<string, Tool> = { cat, ls, grep, uname, date, id, hostname, sysctl, printenv, true: () => succeed(), false: () => fail(1, '') };

function cat(world: World, args: readonly string[], stdin: string): ToolResult {
  const paths = args.filter((word) => word !== '--');
  if (paths.length === 0) return succeed(stdin);
  let stdout = '';
  let stderr = '';
  for (const path of paths) {
    const text = path === '/dev/stdin' || path === '-' ? stdin : readFileOf(world, path);
    if (text !== null) stdout += text;
    else stderr += `cat: ${path}: ${isFolder(world, path) ? 'Is a directory' : 'No such file or directory'}\n`;
  }
  return { exitCode: stderr === '' ? 0 : 1, stdout, stderr };
}

function ls(world: World, args: readonly string[]): ToolResult {
  const paths = args.filter((word) => !word.startsWith('-'));
  let stdout = '';
  let stderr = '';
  for (const path of paths.length > 0 ? paths : ['.']) {
    const alone = args.some((word) => /^-[^-]*d/.test(word)) || filesOf(world).has(path);
    if (!filesOf(world).has(path) && !isFolder(world, path)) stderr += `ls: cannot access '${path}': No such file or directory\n`;
    else stdout += (alone ? [path] : namesIn(world, path)).map((name) => `${name}\n`).join('');
  }
  return { exitCode: stderr === '' ? 0 : 2, stdout, stderr };
}

/** `grep -rhsE PATTERN PATH…`: options -r, -h, -H, -s, -E, -i, -l in any grouping, -mCOUNT, and --include=GLOB. */
function grep(world: World, args: readonly string[]): ToolResult {
  const letters = args.filter((word) => /^-[A-Za-z]+$/.test(word)).join('');
  const most = Number(args.find((word) => /^-m\d+$/.test(word))?.slice(2) ?? Number.POSITIVE_INFINITY);
  const glob = args.find((word) => word.startsWith('--include='))?.slice('--include='.length) ?? '*';
  const included = new RegExp(`(^|/)${glob.replace(/[.+^${}()|\\]/g, '\\$&').replaceAll('*', '[^/]*')}$`);
  const [pattern = '', ...paths] = args.filter((word) => !/^-(?:[A-Za-z]+|m\d+|-|-include=.*)$/.test(word));
  const wanted = new RegExp(pattern.replaceAll('[[:space:]]', '\\s').replaceAll('[[:digit:]]', '\\d'), letters.includes('i') ? 'i' : '');
  const files = paths.flatMap((path) => [...filesOf(world)].filter(([file]) => file === path || (letters.includes('r') && file.startsWith(`${path}/`))))
    .filter(([file]) => included.test(file));
  const named = !letters.includes('h') && (files.length > 1 || /[rH]/.test(letters));
  const missing = paths.filter((path) => readFileOf(world, path) === null && !isFolder(world, path));
  const stderr = letters.includes('s') ? '' : missing.map((path) => `grep: ${path}: No such file or directory\n`).join('');
  const lines = files.flatMap(([path, read]) => {
    const found = read().split('\n').filter((line, at, all) => (at < all.length - 1 || line !== '') && wanted.test(line)).slice(0, most);
    if (letters.includes('l')) return found.length > 0 ? [path] : [];
    return found.map((line) => (named ? `${path}:${line}` : line));
  });
  const exitCode = missing.length > 0 ? 2 : lines.length > 0 ? 0 : 1;
  return { exitCode, stdout: lines.map((line) => `${line}\n`).join(''), stderr };
}

function uname({ state }: World, args: readonly string[]): ToolResult {
  const letters = new Set(args.filter((word) => word.startsWith('-')).join('').replaceAll('-', ''));
  if (letters.size === 0) letters.add('s');
  const parts: [string, string][] = [
    ['s', 'Linux'], ['n', state.hostname], ['r', state.kernel], ['v', state.kernelBuild], ['m', 'x86_64'], ['o', 'GNU/Linux'],
  ];
  const unknown = [...letters].find((letter) => letter !== 'a' && !parts.some(([known]) => known === letter));
  if (unknown !== undefined) return fail(1, `uname: invalid option -- '${unknown}'\nTry 'uname --help' for more information.\n`);
  return succeed(`${parts.filter(([letter]) => letters.has('a') || letters.has(letter)).map(([, text]) => text).join(' ')}\n`);
}

/** The host keeps UTC. */
function date(world: World, args: readonly string[]): ToolResult {
  const format = args.find((word) => word.startsWith('+'));
  const now = new Date(world.now());
  const iso = now.toISOString();
  if (args.includes('-Iseconds')) return succeed(`${iso.slice(0, 19)}+00:00\n`);
  if (format === undefined) return succeed(`${dateText(world.now()).replace(/ (\d{4})$/, ' UTC $1')}\n`);
  const fields: Record<string, string> = {
    's': String(Math.floor(now.getTime() / 1000)), 'z': '+0000', 'Z': 'UTC', 'Y': iso.slice(0, 4), 'm': iso.slice(5, 7), 'd': iso.slice(8, 10),
    'H': iso.slice(11, 13), 'M': iso.slice(14, 16), 'S': iso.slice(17, 19), 'F': iso.slice(0, 10), 'T': iso.slice(11, 19), '%': '%',
    'N': `${iso.slice(20, 23)}000000`,
  };
  return succeed(`${format.slice(1).replace(/%([a-zA-Z%])/g, (whole, letter: string) => fields[letter] ?? whole)}\n`);
}

function id(_world: World, args: readonly string[]): ToolResult {
  const letters = args.join('').replaceAll('-', '');
  if (letters === '') return succeed('uid=0(root) gid=0(root) groups=0(root)\n');
  return succeed(letters.includes('n') ? 'root\n' : '0\n');
}

function hostname({ state }: World): ToolResult {
  return succeed(`${state.hostname}\n`);
}

/** What sshd(8) says of the session; there is nothing else in the environment. */
function printenv({ state }: World, [name]: readonly string[]): ToolResult {
  const { lan } = state;
  return name === 'SSH_CONNECTION' && lan ? succeed(`${lan.client} 50000 ${lan.login} 22\n`) : fail(1, '');
}

function sysctl({ state }: World, args: readonly string[]): ToolResult {
  const [option, assignment = ''] = args;
  if (option === '-w') {
    const [key = '', value = ''] = assignment.split('=');
    if (state.sysctls[key] === undefined) return fail(255, `sysctl: cannot stat /proc/sys/${key.replaceAll('.', '/')}: No such file or directory\n`);
    state.sysctls[key] = value;
    return succeed(`${key} = ${value}\n`);
  }
  const bare = args.includes('-n');
  let stdout = '';
  let stderr = '';
  for (const key of args.filter((word) => !word.startsWith('-'))) {
    const value = state.sysctls[key];
    if (value === undefined) stderr += `sysctl: cannot stat /proc/sys/${key.replaceAll('.', '/')}: No such file or directory\n`;
    else stdout += bare ? `${value}\n` : `${key} = ${value}\n`;
  }
  return { exitCode: stderr === '' ? 0 : 1, stdout, stderr };
}
