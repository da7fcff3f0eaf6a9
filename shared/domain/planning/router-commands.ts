import type { Command } from '../plan';
import { filesOfRouter } from '../router/router-xml';
import type { Observation } from './command-effect';
import { routerStateOf, sameRouter } from '../router/router-state';
import { routerImageCommand } from '../router/router-image';
import { parseMachine } from '../machine-xml/parse-machine';

/** The commands that plans for routers are made of, beside those for any machine. Source: virsh(1), DOMAIN COMMANDS; nft(8). */

const virsh = (...words: string[]): string[] => ['virsh', '-c', 'qemu:///system', ...words];

export const defineRouter = (name: string, xml: string): Command => ({
  argv: virsh('define', '/dev/stdin'), stdin: { name: `${name.replace(/[^\p{L}\p{N}._-]+/gu, '_')}.xml`, text: xml },
});
export const undefineRouter = (uuid: string): Command => ({ argv: virsh('undefine', uuid) });
export const setRouterAutostart = (uuid: string, enabled: boolean): Command => ({ argv: virsh('autostart', uuid, ...enabled ? [] : ['--disable']) });

/** Has this host's nft read the rules that a router will load, without loading them here. */
export const readRules = (xml: string): Command => ({ argv: ['nft', '--check', '--file', '/dev/stdin'], stdin: { name: 'rules.nft', text: `${filesOfRouter(xml).rules ?? ''}\n` } });

/** Whether a command of this file, once it has answered with a failure, has changed nothing for certain. */
export function failsWithoutTrace(command: Command): boolean {
  return command.argv[0] === 'nft' || ['make', 'make-host-key'].includes(routerImageCommand(command) ?? '');
}

/**
 * Whether the host is as this command would leave it; null for any other. Nobody sees the image, nor a host key: their commands may be given again at any
 * time, so that one whose answer was lost counts as done where that has it taken back.
 */
export function routerEffectHolds(command: Command, observed: Observation, extent: 'all' | 'any'): boolean | null {
  const { argv, stdin } = command;
  if (argv[0] === 'nft') return false;
  if (routerImageCommand(command) !== null) return extent === 'any';
  if (argv[0] !== 'virsh') return null;
  const [verb, uuid = ''] = argv.slice(3);
  switch (verb) {
    case 'define': {
      const xml = stdin?.text ?? '';
      return sameRouter(routerStateOf(parseMachine(xml).uuid, observed)?.xml ?? null, xml);
    }
    case 'undefine': return routerStateOf(uuid, observed) === null;
    case 'autostart': return routerStateOf(uuid, observed)?.autostart === !argv.includes('--disable');
    default: return null;
  }
}

/** Whether `routerEffectHolds` needs nothing of the system's facts for it. */
export function isRouterCommand(command: Command): boolean {
  return command.argv[0] === 'nft' || routerImageCommand(command) !== null;
}
