import { bridge } from './linux/bridge';
import { ifup } from './linux/ifup';
import { ip } from './linux/ip';
import { iptablesSave } from './linux/iptables-save';
import { ss } from './linux/sockets';
import { ovsVsctl } from './ovs/ovs-vsctl';
import { getent, gpasswd } from './system/accounts';
import { aptGet } from './system/apt-get';
import { detectVirt, df, find, install, readlink, rm, sed, stat, test } from './system/file-tools';
import { practice } from './conversion/practice-tool';
import { nft } from './system/router-images';
import { bash } from './probes/run-probes';
import { sh } from './system/sh';
import { systemCommands } from './system/system-commands';
import { systemctl } from './system/systemctl';
import { virsh } from './virsh/virsh';
import { fail, succeed } from './world';
import type { Tool, ToolResult, World } from './world';

/** Of coreutils and the like: on every host. */
const everywhere = ['env', 'timeout', 'which', 'getent', 'install', 'rm', 'stat', 'find', 'readlink', 'df', 'sed', 'test', '[', 'sh', 'bash', 'practice'];

const tools: Record<string, Tool> = {
  virsh, ip, bridge, ss, 'iptables-save': iptablesSave('inet'), 'ip6tables-save': iptablesSave('inet6'), 'ovs-vsctl': ovsVsctl, systemctl, which,
  'apt-get': aptGet, getent, gpasswd, install, rm, stat, find, readlink, df, sed, test, '[': test, sh, bash, ifup, practice, nft,
  'systemd-detect-virt': detectVirt,
  env: (world, args, stdin) => runPrefixed(world, args.filter((word, at) => !isAssignment(args, at) && word !== '-i'), stdin, (name) => fail(127, `env: ‘${name}’: No such file or directory\n`)),
  timeout: (world, args, stdin) => runPrefixed(world, args.slice(args.findIndex((word) => /^\d/.test(word)) + 1), stdin, (name) => fail(127, `timeout: failed to run command ‘${name}’: No such file or directory\n`)),
  ...systemCommands,
};

/** Runs one process on the practice host. A tool that is not installed gives exit code 127, as from a shell. */
export function runTool(world: World, argv: readonly string[], stdin: string): ToolResult {
  return runPrefixed(world, argv, stdin, (name) => fail(127, `sh: 1: ${name}: not found\n`));
}

function runPrefixed(world: World, argv: readonly string[], stdin: string, notFound: (name: string) => ToolResult): ToolResult {
  const [word = '', ...args] = argv;
  const name = word.slice(word.lastIndexOf('/') + 1);
  const tool = Object.hasOwn(tools, name) && isInstalled(world, name) ? tools[name] : undefined;
  return tool ? tool(world, args, stdin) : notFound(word);
}

/** coreutils are everywhere; the rest only where the host's list of tools says so. */
export function isInstalled({ state }: World, name: string): boolean {
  return Object.hasOwn(systemCommands, name) || everywhere.includes(name) || Object.hasOwn(state.tools, name);
}

function which({ state }: World, args: readonly string[]): ToolResult {
  const found = args.filter((word) => !word.startsWith('-')).map((name) => state.tools[name] ?? null);
  const stdout = found.flatMap((path) => (path === null ? [] : [`${path}\n`])).join('');
  return found.includes(null) ? fail(1, '', stdout) : succeed(stdout);
}

/** `env` takes `NAME=VALUE` words only in front of the command. */
function isAssignment(words: readonly string[], at: number): boolean {
  return words.slice(0, at + 1).every((word) => /^[A-Za-z_]\w*=/.test(word) || word === '-i');
}
