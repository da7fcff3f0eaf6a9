import { readFileOf } from '../files';
import type { NetworkState } from '../host-state';
import { defineNetwork, findNetwork } from '../libvirt/define-network';
import { formatNetworkDefinition } from '../libvirt/format-network';
import { currentLeases } from '../libvirt/leases';
import { LibvirtError } from '../libvirt/libvirt-error';
import { destroyNetwork, startNetwork, undefineNetwork } from '../libvirt/run-network';
import { updateNetwork, updateSections } from '../libvirt/update-network';
import type { World } from '../world';
import type { CommandOptions, ParsedOptions } from './options';
import { attempt, refused, reply, said, table } from './reply';
import type { VirshContext, VirshReply } from './reply';

export interface VirshCommand {
  options: CommandOptions;
  run(world: World, options: ParsedOptions, context: VirshContext): VirshReply;
}

type NetworkRun = (world: World, network: NetworkState, options: ParsedOptions, context: VirshContext) => VirshReply;

const network = [{ name: 'network', required: true }];

function onNetwork(run: NetworkRun, options: CommandOptions = {}, more: CommandOptions['data'] = []): VirshCommand {
  return {
    options: { ...options, data: [...network, ...more] },
    run(world, parsed, context) {
      const key = parsed.value('network') ?? '';
      if (key === '') return refused('Failed to get option \'network\': Option argument is empty');
      const found = findNetwork(world.state, key);
      if (!found) return refused(`failed to get network '${key}'`, `Network not found: no network with matching name '${key}'`);
      return run(world, found, parsed, context);
    },
  };
}

const define: VirshCommand = {
  options: { flags: ['validate'], data: [{ name: 'file', required: true }] },
  run(world, options, context) {
    const file = options.value('file') ?? '';
    const xml = file === '/dev/stdin' || file === '-' ? context.stdin : file === '/dev/null' ? '' : readFileOf(world, file);
    if (xml === null) return refused(`Failed to open file '${file}': No such file or directory`);
    return attempt(context, 'virNetworkDefineXML', `Failed to define network from ${file}`,
      () => said(`Network ${defineNetwork(world, xml).name} defined from ${file}\n`));
  },
};

const list: VirshCommand = {
  options: { flags: ['inactive', 'all', 'persistent', 'transient', 'autostart', 'no-autostart', 'uuid', 'name', 'table'] },
  run(world, options, { quiet }) {
    if (['uuid', 'name', 'table'].filter((flag) => options.has(flag)).length > 1) {
      return refused('Only one argument from --table, --name and --uuid may be specified.');
    }
    const shown = world.state.networks.filter((each) => {
      const active = each.running !== null;
      if (!options.has('all') && active === options.has('inactive')) return false;
      if (options.has('persistent') !== options.has('transient') && (each.persistent !== null) !== options.has('persistent')) return false;
      return options.has('autostart') === options.has('no-autostart') || each.autostart === options.has('autostart');
    }).sort((a, b) => compareNames(a.name, b.name));
    if (options.has('uuid')) return reply(shown.map((each) => `${each.uuid}\n`).join(''));
    if (options.has('name')) return reply(shown.map((each) => `${each.name}\n`).join(''));
    return reply(table(['Name', 'State', 'Autostart', 'Persistent'], shown.map((each) => [
      each.name, each.running ? 'active' : 'inactive', yesNo(each.autostart), yesNo(each.persistent !== null),
    ]), quiet));
  },
};

function leases(world: World, found: NetworkState, options: ParsedOptions, { quiet }: VirshContext): VirshReply {
  const mac = options.value('mac')?.toLowerCase() ?? null;
  const rows = currentLeases(world, found).filter((lease) => mac === null || lease.mac === mac).map((lease) => [
    new Date(lease.expiresAt * 1000).toISOString().slice(0, 19).replace('T', ' '),
    lease.mac, lease.family === 'inet' ? 'ipv4' : 'ipv6', `${lease.address}/${lease.prefix}`, lease.hostname ?? '-', lease.clientId,
  ]);
  return reply(table(['Expiry Time', 'MAC address', 'Protocol', 'IP address', 'Hostname', 'Client ID or DUID'], rows, quiet));
}

function info(found: NetworkState): VirshReply {
  const definition = found.running ?? found.persistent;
  const lines = [
    ['Name:', found.name], ['UUID:', found.uuid], ['Active:', yesNo(found.running !== null)],
    ['Persistent:', yesNo(found.persistent !== null)], ['Autostart:', yesNo(found.autostart)],
    ...(definition?.bridge?.name ? [['Bridge:', definition.bridge.name]] : []),
  ];
  return reply(lines.map(([label = '', value = '']) => `${label.padEnd(15)} ${value}\n`).join(''));
}

function dump(found: NetworkState, inactive: boolean): VirshReply {
  const definition = inactive ? found.persistent ?? found.running : found.running ?? found.persistent;
  return reply(definition ? formatNetworkDefinition(definition) : '');
}

/** A command that does one thing to a network and says so. */
function act(call: (world: World, network: NetworkState) => void, name: string, verb: string, doneWords: string): VirshCommand {
  return onNetwork((world, found, _options, context) => attempt(context, name, `Failed to ${verb} network ${found.name}`, () => {
    call(world, found);
    return said(`Network ${found.name} ${doneWords}\n`);
  }));
}

function autostart(_world: World, found: NetworkState, options: ParsedOptions, context: VirshContext): VirshReply {
  const disable = options.has('disable');
  return attempt(context, 'virNetworkSetAutostart', `failed to ${disable ? 'unmark' : 'mark'} network ${found.name} as autostarted`, () => {
    if (!found.persistent) throw new LibvirtError('Requested operation is not valid: cannot set autostart for transient network');
    found.autostart = !disable;
    return said(`Network ${found.name} ${disable ? 'unmarked' : 'marked'} as autostarted\n`);
  });
}

const update = onNetwork((world, found, options, context) => {
  const command = options.value('command') ?? '';
  const section = options.value('section') ?? '';
  const action = ({ add: 'add', 'add-last': 'add', 'add-first': 'add-first', delete: 'delete', modify: 'modify' } as const)[command];
  if (options.has('current') && (options.has('live') || options.has('config'))) {
    const other = options.has('live') ? 'live' : 'config';
    return refused(`Options --current and --${other} are mutually exclusive`);
  }
  if (!action) return refused(`unrecognized command name '${command}'`);
  if (!updateSections.includes(section)) return refused(`unrecognized section name '${section}'`);
  const given = options.value('xml') ?? '';
  const xml = given.startsWith('<') ? given : readFileOf(world, given);
  if (xml === null) return refused(`Failed to open file '${given}': No such file or directory`);
  const active = found.running !== null;
  const live = options.has('live') || (!options.has('config') && active);
  const config = options.has('config') || (!options.has('live') && !active);
  const parentIndex = Number(options.value('parent-index') ?? -1);
  return attempt(context, 'virNetworkUpdate', `Failed to update network ${found.name}`, () => {
    updateNetwork(found, { action, section, xml, parentIndex }, { live, config });
    // Without a line break of its own: virsh ends with one.
    return said(`Updated network ${found.name} ${[...config ? ['persistent config'] : [], ...live ? ['live state'] : []].join(' and ')}`);
  });
}, { flags: ['live', 'config', 'current'], values: ['parent-index'] }, [
  { name: 'command', required: true }, { name: 'section', required: true }, { name: 'xml', required: true },
]);

export const networkCommands: Record<string, VirshCommand> = {
  'net-define': define,
  'net-list': list,
  'net-start': act(startNetwork, 'virNetworkCreate', 'start', 'started'),
  'net-destroy': act(destroyNetwork, 'virNetworkDestroy', 'destroy', 'destroyed'),
  'net-undefine': act(undefineNetwork, 'virNetworkUndefine', 'undefine', 'has been undefined'),
  'net-autostart': onNetwork(autostart, { flags: ['disable'] }),
  'net-update': update,
  'net-dumpxml': onNetwork((_world, found, options) => dump(found, options.has('inactive')), { flags: ['inactive'] }),
  'net-info': onNetwork((_world, found) => info(found)),
  'net-uuid': onNetwork((_world, found) => reply(`${found.uuid}\n`)),
  'net-name': onNetwork((_world, found) => reply(`${found.name}\n`)),
  'net-dhcp-leases': onNetwork(leases, { values: ['mac'] }),
};

export function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

/** vshStrcasecmp */
export function compareNames(a: string, b: string): number {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}
