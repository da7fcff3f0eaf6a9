import { readFileOf } from '../files';
import type { MachineState } from '../host-state';
import { traffic } from '../linux/counters';
import { findInterface } from '../linux/link-state';
import { currentLeases } from '../libvirt/leases';
import { LibvirtError } from '../libvirt/libvirt-error';
import { attachNic, detachNic, setNicLink, updateNic } from '../libvirt/machine-devices';
import { readMetadata, setMetadata } from '../libvirt/machine-metadata';
import { formatMachine, parseMachine } from '../libvirt/machine-xml';
import { destroyMachine, findMachine, resumeMachine, shutdownMachine, startMachine, suspendMachine, undefineMachine } from '../libvirt/machines';
import type { World } from '../world';
import { compareNames } from './network-commands';
import type { VirshCommand } from './network-commands';
import type { CommandOptions, ParsedOptions } from './options';
import { attempt, refused, reply, said, table } from './reply';
import type { VirshContext, VirshReply } from './reply';

const domain = [{ name: 'domain', required: true }];

type MachineRun = (world: World, machine: MachineState, options: ParsedOptions, context: VirshContext) => VirshReply;

function onMachine(run: MachineRun, options: CommandOptions = {}): VirshCommand {
  return {
    options: { ...options, data: [...domain, ...(options.data ?? [])] },
    run(world, parsed, context) {
      const key = parsed.value('domain') ?? '';
      const found = findMachine(world.state, key);
      return found ? run(world, found, parsed, context) : refused(`failed to get domain '${key}'`);
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

function define(verb: 'define' | 'create'): VirshCommand {
  return {
    options: { flags: ['validate', 'console', 'paused', 'autodestroy'], data: [{ name: 'file', required: true }] },
    run(world, options, context) {
      const file = options.value('file') ?? '';
      const xml = file === '/dev/stdin' ? context.stdin : readFileOf(world, file);
      if (xml === null) return refused(`Failed to open file '${file}': No such file or directory`);
      return attempt(context, verb === 'define' ? 'virDomainDefineXML' : 'virDomainCreateXML', `Failed to ${verb} domain from ${file}`, () => {
        const name = verb === 'define' ? defineMachine(world, xml) : createMachine(world, xml);
        return said(`Domain '${name}' ${verb}d from ${file}\n`);
      });
    },
  };
}

function defineMachine(world: World, xml: string): string {
  const made = parseMachine(world, xml);
  const known = namesakeOf(world, made);
  if (known) Object.assign(known, { nics: made.nics, title: made.title, memoryKiB: made.memoryKiB, vcpus: made.vcpus, persistent: true, metadata: made.metadata });
  else world.state.machines.push(made);
  world.announce({ kind: 'machine', name: made.name, what: known ? 'Defined Updated' : 'Defined Added' });
  return made.name;
}

function createMachine(world: World, xml: string): string {
  const made = parseMachine(world, xml);
  const known = namesakeOf(world, made);
  if (known?.running) throw new LibvirtError(`Requested operation is not valid: domain is already active as '${made.name}'`);
  const machine = known ?? { ...made, persistent: false };
  startMachine(world, machine);
  if (!known) world.state.machines.push(machine);
  return made.name;
}

/** The machine that a definition means; LibvirtError when its name belongs to another. */
function namesakeOf(world: World, made: MachineState): MachineState | null {
  const known = world.state.machines.find(({ name, uuid }) => name === made.name || uuid === made.uuid) ?? null;
  if (known && (known.uuid !== made.uuid || known.name !== made.name)) {
    throw new LibvirtError(`operation failed: domain '${known.name}' already exists with uuid ${known.uuid}`);
  }
  return known;
}

function act(call: (world: World, machine: MachineState) => void, name: string, verb: string, doneWords: string, flags: readonly string[] = []): VirshCommand {
  return onMachine((world, machine, _options, context) => attempt(context, name, `Failed to ${verb} domain '${machine.name}'`, () => {
    call(world, machine);
    return said(`Domain '${machine.name}' ${doneWords}\n`);
  }), { flags });
}

const sideFlags = ['live', 'config', 'persistent', 'current'];

/** `attach-device` and its siblings: `--live` and `--config` may be given both, and then the definition goes first. */
function device(verb: 'attach' | 'detach' | 'update', call: (world: World, machine: MachineState, side: 'live' | 'config', xml: string) => void): VirshCommand {
  return onMachine((world, machine, options, context) => {
    const file = options.value('file') ?? '';
    const xml = file === '/dev/stdin' ? context.stdin : readFileOf(world, file);
    if (xml === null) return refused(`Failed to open file '${file}': No such file or directory`);
    const name = `virDomain${verb.charAt(0).toUpperCase()}${verb.slice(1)}DeviceFlags`;
    return attempt(context, name, `Failed to ${verb} device from ${file}`, () => {
      const config = options.has('config') || options.has('persistent');
      const live = options.has('live') || (!config && machine.running !== null) || (options.has('persistent') && machine.running !== null);
      if (options.has('live') && !machine.running) throw new LibvirtError('Requested operation is not valid: domain is not running');
      if (config || !live) call(world, machine, 'config', xml);
      if (live) call(world, machine, 'live', xml);
      return said(`Device ${verb}${verb.endsWith('e') ? 'd' : 'ed'} successfully\n`);
    });
  }, { flags: verb === 'update' ? [...sideFlags, 'force'] : sideFlags, data: [{ name: 'file', required: true }] });
}

const setLink: VirshCommand = onMachine((_world, machine, options, context) => {
  const [key, state] = [options.value('interface') ?? '', options.value('state') ?? ''];
  if (state !== 'up' && state !== 'down') return refused(`invalid link state '${state}'`);
  return attempt(context, 'virDomainUpdateDeviceFlags', 'Failed to update interface link state', () =>
    (setNicLink(machine, options.has('config'), key, state === 'up') ? said('Device updated successfully\n') : refused(`interface '${key}' not found`)));
}, { flags: ['config', 'print-xml'], data: [{ name: 'interface', required: true }, { name: 'state', required: true }] });

/** Shows, sets or takes out one element; without `--live` or `--config` of the machine as it is now. */
const metadata: VirshCommand = onMachine((world, machine, options, context) => {
  const [uri, key, xml] = [options.value('uri') ?? '', options.value('key'), options.value('set')];
  if (xml !== null && key === null) return refused('namespace key is required when modifying metadata');
  const asked = (['live', 'config'] as const).filter((side) => options.has(side));
  const sides = asked.length > 0 ? asked : [machine.running ? 'live' as const : 'config' as const];
  try {
    if (xml === null && !options.has('remove')) return reply(`${readMetadata((sides[0] === 'live' ? machine.running?.metadata : machine.metadata) ?? [], uri)}\n`);
    if (context.readOnly) throw new LibvirtError('operation forbidden: read only access prevents virDomainSetMetadata');
    setMetadata(machine, sides, uri, key ?? '', xml);
  } catch (error) {
    if (error instanceof LibvirtError) return refused(error.message);
    throw error;
  }
  world.announce({ kind: 'machine', name: machine.name, event: 'metadata-change', what: `type element, uri ${uri}` });
  return said(`Metadata ${xml === null ? 'removed' : 'modified'}\n`);
}, { flags: ['live', 'config', 'current', 'edit', 'remove'], values: ['key', 'set'], data: [{ name: 'uri', required: true }] });

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

function addresses(world: World, machine: MachineState, source: string): VirshReply {
  const failure = 'Failed to query for interfaces addresses';
  if (source === 'agent') {
    if (!machine.running) return refused(failure, 'Requested operation is not valid: domain is not running');
    if (!machine.hasAgent) return refused(failure, 'argument unsupported: QEMU guest agent is not configured');
    return reply(addressTable(agentRows(world, machine)));
  }
  if (!machine.running) return refused('Failed to query for interfaces addresses', 'Requested operation is not valid: domain is not running');
  return reply(addressTable(machine.running.nics.flatMap((nic) => leasesOf(world, nic.mac)
    .map((lease) => [nic.target, nic.mac, 'ipv4', `${lease.address}/${lease.prefix}`] as const))));
}

const leasesOf = (world: World, mac: string) => world.state.networks.flatMap((network) => currentLeases(world, network)).filter((lease) => lease.mac === mac);

/** What the guest itself knows: also where no DHCP server of this host has a say. */
function agentRows(world: World, machine: MachineState): AddressRow[] {
  return [['lo', '00:00:00:00:00:00', 'ipv4', '127.0.0.1/8'], ...(machine.running?.nics ?? []).flatMap((nic, at): AddressRow[] => {
    const name = `enp${nic.bus ?? at + 1}s0`;
    const pairs = nic.mac.split(':').map((pair) => Number.parseInt(pair, 16));
    const leased = leasesOf(world, nic.mac).map((lease): AddressRow => [name, nic.mac, 'ipv4', `${lease.address}/${lease.prefix}`]);
    const local = `fe80::${((pairs[0] ?? 0) ^ 2).toString(16)}${hexPair(pairs[1])}:${hexPair(pairs[2])}ff:fe${hexPair(pairs[3])}:${hexPair(pairs[4])}${hexPair(pairs[5])}/64`;
    return [...leased.length > 0 ? leased : [[name, nic.mac, 'ipv4', `192.168.1.${100 + ((pairs[5] ?? 0) % 100)}/24`] as AddressRow], [name, nic.mac, 'ipv6', local]];
  })];
}

const hexPair = (value = 0): string => value.toString(16).padStart(2, '0');

type AddressRow = readonly [name: string, mac: string, protocol: string, address: string];

function addressTable(rows: readonly AddressRow[]): string {
  const lines = rows.map(([name, mac, protocol, address]) => ` ${name.padEnd(10)} ${mac.padEnd(20)} ${protocol.padEnd(12)} ${address}\n`);
  return ` Name       MAC address          Protocol     Address\n${'-'.repeat(79)}\n${lines.join('')}`;
}

export const machineCommands: Record<string, VirshCommand> = {
  list,
  'define': define('define'),
  'create': define('create'),
  'start': onMachine((world, machine, _options, context) => {
    if (machine.running) return refused('Domain is already active');
    return attempt(context, 'virDomainCreate', `Failed to start domain '${machine.name}'`, () => {
      startMachine(world, machine);
      return said(`Domain '${machine.name}' started\n`);
    });
  }, { flags: ['console', 'paused'] }),
  'shutdown': act(shutdownMachine, 'virDomainShutdown', 'shutdown', 'is being shutdown'),
  'destroy': act(destroyMachine, 'virDomainDestroy', 'destroy', 'destroyed', ['graceful']),
  'suspend': act(suspendMachine, 'virDomainSuspend', 'suspend', 'suspended'),
  'resume': act(resumeMachine, 'virDomainResume', 'resume', 'resumed'),
  'attach-device': device('attach', attachNic),
  'detach-device': device('detach', detachNic),
  'update-device': device('update', updateNic),
  'domif-setlink': setLink,
  metadata,
  'undefine': act(undefineMachine, 'virDomainUndefine', 'undefine', 'has been undefined'),
  'autostart': onMachine((_world, machine, options, context) => attempt(context, 'virDomainSetAutostart', `Failed to mark domain '${machine.name}' as autostarted`, () => {
    machine.autostart = !options.has('disable');
    return said(`Domain '${machine.name}' ${machine.autostart ? 'marked' : 'unmarked'} as autostarted\n`);
  }), { flags: ['disable'] }),
  'dumpxml': onMachine((world, machine, options) => reply(formatMachine(world.state, machine, options.has('inactive'))), { flags: ['inactive', 'security-info', 'update-cpu', 'migratable'] }),
  'domiflist': onMachine((_world, machine, options, { quiet }) => interfaces(machine, options.has('inactive'), quiet), { flags: ['inactive'] }),
  'domifaddr': onMachine((world, machine, options) => addresses(world, machine, options.value('source') ?? 'lease'), { flags: ['full'], values: ['source'], data: [{ name: 'interface', required: false }] }),
  'domstate': onMachine((_world, machine, options) => reply(`${stateOf(machine)}${options.has('reason') ? ` (${machine.running ? 'booted' : 'shutdown'})` : ''}\n`), { flags: ['reason'] }),
  'domuuid': onMachine((_world, machine) => reply(`${machine.uuid}\n`)),
  'domid': onMachine((_world, machine) => reply(`${machine.running?.id ?? '-'}\n`)),
  'domstats': {
    options: { flags: ['interface', 'state', 'list-active', 'list-running', 'raw', 'nowait'] },
    run: (world, options) => stats(world, world.state.machines.filter((machine) => machine.running || !(options.has('list-active') || options.has('list-running')))),
  },
};
