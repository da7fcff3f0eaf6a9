import { readFileOf } from '../files';
import type { MachineState } from '../host-state';
import { traffic } from '../linux/counters';
import { findInterface } from '../linux/link-state';
import { currentLeases } from '../libvirt/leases';
import { formatMachine, parseMachine } from '../libvirt/machine-xml';
import { destroyMachine, findMachine, resumeMachine, shutdownMachine, startMachine, suspendMachine, undefineMachine } from '../libvirt/machines';
import type { World } from '../world';
import { compareNames } from './network-commands';
import type { VirshCommand } from './network-commands';
import type { CommandOptions, ParsedOptions } from './options';
import { attempt, refused, reply, said, table } from './reply';
import type { VirshReply } from './reply';

const domain = [{ name: 'domain', required: true }];

function onMachine(run: (world: World, machine: MachineState, options: ParsedOptions, quiet: boolean) => VirshReply, options: CommandOptions = {}, writes?: string): VirshCommand {
  return {
    options: { ...options, data: [...domain, ...(options.data ?? [])] },
    writes,
    run(world, parsed, { quiet }) {
      const key = parsed.value('domain') ?? '';
      const found = findMachine(world.state, key);
      return found ? run(world, found, parsed, quiet) : refused(`failed to get domain '${key}'`);
    },
  };
}

const stateOf = (machine: MachineState): string => machine.running?.state ?? 'shut off';

const list: VirshCommand = {
  options: {
    flags: ['inactive', 'all', 'transient', 'persistent', 'autostart', 'no-autostart', 'state-running', 'state-paused', 'state-shutoff', 'state-other',
      'uuid', 'name', 'id', 'table', 'title', 'with-snapshot', 'without-snapshot', 'managed-save'],
  },
  run(world, options, { quiet }) {
    const states = ['running', 'paused', 'shutoff', 'other'].filter((state) => options.has(`state-${state}`));
    const shown = world.state.machines.filter((machine) => {
      const active = machine.running !== null;
      if (states.length > 0) {
        const state = { 'running': 'running', 'paused': 'paused', 'shut off': 'shutoff' }[stateOf(machine)] ?? 'other';
        if (!states.includes(state)) return false;
      } else if (!options.has('all') && active === options.has('inactive')) return false;
      if (options.has('persistent') !== options.has('transient') && machine.persistent !== options.has('persistent')) return false;
      return options.has('autostart') === options.has('no-autostart') || machine.autostart === options.has('autostart');
    }).sort((a, b) => (a.running?.id ?? Infinity) - (b.running?.id ?? Infinity) || compareNames(a.name, b.name));
    const columns = (['id', 'uuid', 'name'] as const).filter((column) => options.has(column));
    if (columns.length > 0) {
      const cell = { id: (m: MachineState) => String(m.running?.id ?? '-'), uuid: (m: MachineState) => m.uuid, name: (m: MachineState) => m.name };
      return reply(shown.map((machine) => `${columns.map((column) => cell[column](machine)).join(' ')}\n`).join(''));
    }
    const titled = options.has('title');
    return reply(table(['Id', 'Name', 'State', ...(titled ? ['Title'] : [])], shown.map((machine) => [
      String(machine.running?.id ?? '-'), machine.name, stateOf(machine), ...(titled ? [machine.title ?? ''] : []),
    ]), quiet));
  },
};

function define(verb: 'defined' | 'created'): VirshCommand {
  return {
    options: { flags: ['validate', 'console', 'paused', 'autodestroy'], data: [{ name: 'file', required: true }] },
    writes: 'virDomainDefineXML',
    run(world, options, { stdin }) {
      const file = options.value('file') ?? '';
      const xml = file === '/dev/stdin' ? stdin : readFileOf(world, file);
      if (xml === null) return refused(`Failed to open file '${file}': No such file or directory`);
      return attempt(() => {
        const made = parseMachine(world, xml);
        const namesake = findMachine(world.state, made.name);
        if (namesake && namesake.uuid !== made.uuid) return refused(`Failed to ${verb === 'defined' ? 'define' : 'create'} domain from ${file}`, `operation failed: domain '${made.name}' already exists with uuid ${namesake.uuid}`);
        const machine = namesake ? Object.assign(namesake, { nics: made.nics, title: made.title, memoryKiB: made.memoryKiB, vcpus: made.vcpus }) : made;
        if (verb === 'created') {
          made.persistent = false;
          startMachine(world, machine);
        }
        if (!namesake) world.state.machines.push(machine);
        if (verb === 'defined') world.announce({ kind: 'machine', name: machine.name, what: namesake ? 'Defined Updated' : 'Defined Added' });
        return said(`Domain '${machine.name}' ${verb} from ${file}\n`);
      }, `Failed to ${verb === 'defined' ? 'define' : 'create'} domain from ${file}`);
    },
  };
}

function act(call: (world: World, machine: MachineState) => void, verb: string, done: string, writes: string): VirshCommand {
  return onMachine((world, machine) => attempt(() => {
    call(world, machine);
    return said(`Domain '${machine.name}' ${done}\n`);
  }, `Failed to ${verb} domain '${machine.name}'`), { flags: verb === 'destroy' ? ['graceful'] : [] }, writes);
}

function interfaces(machine: MachineState, inactive: boolean, quiet: boolean): VirshReply {
  const rows = (inactive || !machine.running ? machine.nics.map((nic) => ({ ...nic, target: '-' })) : machine.running.nics)
    .map((nic) => [nic.target, nic.type, nic.source, nic.model, nic.mac]);
  return reply(table(['Interface', 'Type', 'Source', 'Model', 'MAC'], rows, quiet));
}

function stats(world: World, machines: readonly MachineState[]): VirshReply {
  return reply(machines.map((machine) => {
    const nics = machine.running?.nics ?? [];
    const rows = nics.flatMap((nic, at) => {
      const link = findInterface(world.state, nic.target);
      const { rxBytes, rxPackets, txBytes, txPackets } = link ? traffic(link, machine.running?.startedAt ?? 0, world.now()) : { rxBytes: 0, rxPackets: 0, txBytes: 0, txPackets: 0 };
      return [
        `net.${at}.name=${nic.target}`, `net.${at}.rx.bytes=${rxBytes}`, `net.${at}.rx.pkts=${rxPackets}`, `net.${at}.rx.errs=0`, `net.${at}.rx.drop=0`,
        `net.${at}.tx.bytes=${txBytes}`, `net.${at}.tx.pkts=${txPackets}`, `net.${at}.tx.errs=0`, `net.${at}.tx.drop=0`,
      ];
    });
    const state = { 'running': 1, 'paused': 3, 'in shutdown': 4, 'shut off': 5 }[stateOf(machine)] ?? 0;
    return [`Domain: '${machine.name}'`, `  state.state=${state}`, '  state.reason=1', `  net.count=${nics.length}`, ...rows.map((row) => `  ${row}`), ''].map((row) => `${row}\n`).join('');
  }).join(''));
}

function addresses(world: World, machine: MachineState): VirshReply {
  if (!machine.running) return refused('Failed to query for interfaces addresses', 'Requested operation is not valid: domain is not running');
  const rows = machine.running.nics.flatMap((nic) => world.state.networks.flatMap((network) => currentLeases(world, network))
    .filter((lease) => lease.mac === nic.mac)
    .map((lease) => ` ${nic.target.padEnd(10)} ${nic.mac.padEnd(20)} ${'ipv4'.padEnd(12)} ${lease.address}/${lease.prefix}\n`));
  return reply(` Name       MAC address          Protocol     Address\n${'-'.repeat(79)}\n${rows.join('')}`);
}

export const machineCommands: Record<string, VirshCommand> = {
  'list': list,
  'define': define('defined'),
  'create': define('created'),
  'start': onMachine((world, machine) => {
    if (machine.running) return refused('Domain is already active');
    return attempt(() => {
      startMachine(world, machine);
      return said(`Domain '${machine.name}' started\n`);
    }, `Failed to start domain '${machine.name}'`);
  }, { flags: ['console', 'paused'] }, 'virDomainCreate'),
  'shutdown': act(shutdownMachine, 'shutdown', 'is being shutdown', 'virDomainShutdown'),
  'destroy': act(destroyMachine, 'destroy', 'destroyed', 'virDomainDestroy'),
  'suspend': act(suspendMachine, 'suspend', 'suspended', 'virDomainSuspend'),
  'resume': act(resumeMachine, 'resume', 'resumed', 'virDomainResume'),
  'undefine': act(undefineMachine, 'undefine', 'has been undefined', 'virDomainUndefine'),
  'autostart': onMachine((_world, machine, options) => {
    machine.autostart = !options.has('disable');
    return said(`Domain '${machine.name}' ${machine.autostart ? 'marked' : 'unmarked'} as autostarted\n`);
  }, { flags: ['disable'] }, 'virDomainSetAutostart'),
  'dumpxml': onMachine((world, machine, options) => reply(formatMachine(world.state, machine, options.has('inactive'))), { flags: ['inactive', 'security-info', 'update-cpu', 'migratable'] }),
  'domiflist': onMachine((_world, machine, options, quiet) => interfaces(machine, options.has('inactive'), quiet), { flags: ['inactive'] }),
  'domifaddr': onMachine((world, machine) => addresses(world, machine), { flags: ['full'], values: ['source'], data: [{ name: 'interface', required: false }] }),
  'domstate': onMachine((_world, machine, options) => reply(`${stateOf(machine)}${options.has('reason') ? ` (${machine.running ? 'booted' : 'shutdown'})` : ''}\n`), { flags: ['reason'] }),
  'domuuid': onMachine((_world, machine) => reply(`${machine.uuid}\n`)),
  'domid': onMachine((_world, machine) => reply(`${machine.running?.id ?? '-'}\n`)),
  'domstats': {
    options: { flags: ['interface', 'state', 'list-active', 'list-running', 'raw', 'nowait'] },
    run: (world, options) => stats(world, world.state.machines.filter((machine) => machine.running || !(options.has('list-active') || options.has('list-running')))),
  },
};
