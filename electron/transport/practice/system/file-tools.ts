import { filesOf } from '../files';
import { fail, succeed } from '../world';
import type { Tool } from '../world';

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
