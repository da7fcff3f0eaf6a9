import { LibvirtError } from '../libvirt/libvirt-error';
import { fail, succeed } from '../world';
import type { ToolResult, World } from '../world';
import { wakesLibvirt } from '../system/switch-units';
import { machineCommands } from './machine-commands';
import { networkCommands } from './network-commands';
import type { VirshCommand } from './network-commands';
import { parseOptions } from './options';
import { refused, reply } from './reply';
import { runTestDriver } from './test-driver';
import type { VirshContext, VirshReply } from './reply';

const version = '9.0.0';
const libvirtUri = 'qemu:///system';

/** What virsh says when neither libvirtd nor its socket is there. */
export const noSocket = 'Failed to connect socket to \'/var/run/libvirt/libvirt-sock\': No such file or directory';

const hostCommands: Record<string, VirshCommand> = {
  version: {
    options: { flags: ['daemon'] },
    run: (_world, options) => reply([
      `Compiled against library: libvirt ${version}`, `Using library: libvirt ${version}`, `Using API: QEMU ${version}`, 'Running hypervisor: QEMU 7.2.22',
      ...(options.has('daemon') ? [`Running against daemon: ${version}`] : []),
    ].map((line) => `${line}\n`).join('')),
  },
  hostname: { options: {}, run: (world) => reply(`${world.state.hostname}\n`) },
  uri: { options: {}, run: () => reply(`${libvirtUri}\n`) },
};

const commands = new Map<string, VirshCommand>([...Object.entries(networkCommands), ...Object.entries(machineCommands), ...Object.entries(hostCommands)]);

/** virsh(1) of libvirt 9.0 as a process: `-c`, `-q`, `-r`, one command. */
export function virsh(world: World, args: readonly string[], stdin: string): ToolResult {
  let quiet = false;
  let readOnly = false;
  let uri = libvirtUri;
  let at = 0;
  for (; args[at]?.startsWith('-'); at += 1) {
    const word = args[at] ?? '';
    if (word === '-q' || word === '--quiet') quiet = true;
    else if (word === '-r' || word === '--readonly') readOnly = true;
    else if (word === '-c' || word === '--connect') uri = args[++at] ?? '';
    else if (word.startsWith('--connect=')) uri = word.slice('--connect='.length);
    else if (word === '-v' || word === '--version') return succeed(`${version}\n`);
    else if (word === '-V' || word === '--version=long') return succeed(`Virsh command line tool of libvirt ${version}\nSee web site at https://libvirt.org/\n`);
    else return fail(1, `error: unsupported option '${word}'. See --help.\n`);
  }
  const words = args.slice(at);
  // libvirt's test driver is part of virsh's own library: no daemon is asked.
  const answer = uri === 'test:///default' && words.length === 1 ? runTestDriver(words[0] ?? '', stdin) : runVirshCommand(world, words, { quiet, readOnly, uri, stdin });
  const stderr = answer.errors.map((line) => `error: ${line}\n`).join('');
  const blank = quiet || answer.unparsed ? '' : '\n';
  return { exitCode: answer.ok ? 0 : 1, stdout: `${answer.out}${quiet ? '' : answer.extra}${blank}`, stderr };
}

interface Connection extends VirshContext { uri: string }

/** One command of virsh. Its words are read before libvirt is asked for a connection. */
function runVirshCommand(world: World, words: readonly string[], context: Connection): VirshReply {
  const [name = '', ...rest] = words;
  const command = commands.get(name);
  if (!command) return unparsed(`unknown command: '${name}'`);
  const options = parseOptions(name, rest, command.options);
  if (Array.isArray(options)) return unparsed(...options);
  if (context.uri !== libvirtUri) {
    return unparsed('failed to connect to the hypervisor', `no connection driver available for ${context.uri}`);
  }
  if (!wakesLibvirt(world)) return unparsed('failed to connect to the hypervisor', noSocket);
  try {
    return command.run(world, options, context);
  } catch (error) {
    if (error instanceof LibvirtError) return refused(error.message);
    throw error;
  }
}

function unparsed(...errors: string[]): VirshReply {
  return { ...refused(...errors), unparsed: true };
}
