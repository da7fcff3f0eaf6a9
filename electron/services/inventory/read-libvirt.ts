import type { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error';
import { machineSchema } from '../../../shared/domain/machine';
import { isOn } from '../../../shared/domain/machine-state';
import { joinNics, nicsOfDefinition } from '../../../shared/domain/machine-xml/join-nics';
import { parseMachine } from '../../../shared/domain/machine-xml/parse-machine';
import { networkSchema } from '../../../shared/domain/network';
import { parseNetwork } from '../../../shared/domain/network-xml/parse-network';
import { dumpMachineArgv } from '../../commands/virsh/dump-machine';
import { definitionsDiffer, dumpNetworkArgv } from '../../commands/virsh/dump-network';
import { clientVersionArgv, parseClientVersion } from '../../commands/virsh/client-version';
import { daemonVersionArgv, parseDaemonVersion } from '../../commands/virsh/daemon-version';
import { listMachinesArgvs, machineStateArgv, parseMachineLists, parseMachineState } from '../../commands/virsh/list-machines';
import type { MachineLists } from '../../commands/virsh/list-machines';
import { listNetworksArgvs, parseNetworkLists } from '../../commands/virsh/list-networks';
import type { NetworkLists } from '../../commands/virsh/list-networks';
import type { CommandRunner } from '../../transport/command-runner';
import type { HostParts, MachineRecord } from './host-parts';
import { endsSession, problemOf } from './problems';
import { VirshBatch } from './virsh-batch';
import type { VirshRead } from './virsh-batch';

/** What to reread of one sort of object: the lists always; XML of these, and of what turns out to be new or changed. */
export type Wanted = 'none' | 'all' | ReadonlySet<string>;

const networkDefinitionSchema = networkSchema.omit({ active: true, autostart: true, persistent: true, leases: true, pendingRestart: true });
const machineDefinitionSchema = machineSchema.pick({ uuid: true, name: true, title: true, agent: true, labRoles: true, labRouter: true, nics: true });

type Reads = Map<string, VirshRead>;

/**
 * Reads lists, and in the same round trip the XML of what is wanted and known; a second trip only for what the lists
 * showed to be new. XML that is the same as last time isn't parsed again. What can't be read becomes a problem; rejects
 * only when the session ended.
 */
export async function readLibvirt(runner: CommandRunner, parts: HostParts, networks: Wanted, machines: Wanted): Promise<void> {
  if (networks === 'none' && machines === 'none') return;
  try {
    const first = new VirshBatch<string>();
    if (parts.system.libvirtVersion === null) first.add('version', daemonVersionArgv);
    if (networks !== 'none') {
      listNetworksArgvs.forEach((argv, index) => first.add(`net-list ${index}`, argv));
      for (const uuid of networks === 'all' ? parts.networks.keys() : networks) addNetworkDump(first, uuid, parts.networks.get(uuid)?.active ?? true);
    }
    if (machines !== 'none') {
      listMachinesArgvs.forEach((argv, index) => first.add(`list ${index}`, argv));
      for (const uuid of machines === 'all' ? parts.machines.keys() : machines) addMachineDump(first, uuid, { hasNext: hadNext(parts.machines.get(uuid)), withState: false });
    }
    const reads = await first.run(runner);
    const version = reads.get('version');
    if (version?.error === null) parts.system = { ...parts.system, libvirtVersion: parseDaemonVersion(version.stdout) };

    const networkLists = networks === 'none' ? null : readLists(parts, 'networks', reads, 'net-list', listNetworksArgvs.length, parseNetworkLists);
    const machineLists = machines === 'none' ? null : readLists(parts, 'machines', reads, 'list', listMachinesArgvs.length, parseMachineLists);
    const second = new VirshBatch<string>();
    for (const uuid of networkLists?.all ?? []) {
      const known = parts.networks.get(uuid);
      const active = networkLists!.active.has(uuid);
      const changed = !known || known.active !== active || known.persistent !== networkLists!.persistent.has(uuid);
      const complete = reads.has(`network ${uuid}`) && (!active || reads.has(`next ${uuid}`));
      if (changed && !complete) addNetworkDump(second, uuid, active);
    }
    for (const uuid of machineLists?.all ?? []) {
      const state = stateOf(machineLists!, uuid);
      const known = parts.machines.get(uuid);
      const changed = known?.state !== state || state === null || known.persistent !== machineLists!.persistent.has(uuid);
      const hasNext = machineLists!.persistent.has(uuid) && (state === null || isOn({ state }));
      const complete = reads.has(`machine ${uuid}`) && (!hasNext || reads.has(`next machine ${uuid}`));
      if (changed && !complete) addMachineDump(second, uuid, { hasNext, withState: state === null });
      else if (state === null) second.add(`state ${uuid}`, machineStateArgv(uuid));
    }
    for (const [key, read] of await second.run(runner)) reads.set(key, read);
    if (networkLists) applyNetworks(parts, networkLists, reads);
    if (machineLists) applyMachines(parts, machineLists, reads);
    if ((networks === 'none' || !networkLists) && (machines === 'none' || !machineLists)) joinProblems(parts);
    else parts.problems.delete('libvirt');
  } catch (error) {
    if (endsSession(error)) throw error;
    parts.problems.set('libvirt', problemOf('libvirt', error));
    parts.problems.delete('networks');
    parts.problems.delete('machines');
  }
}

function addNetworkDump(batch: VirshBatch<string>, uuid: string, active: boolean): void {
  batch.add(`network ${uuid}`, dumpNetworkArgv(uuid, { inactive: false }));
  // An inactive network has only the one definition.
  if (active) batch.add(`next ${uuid}`, dumpNetworkArgv(uuid, { inactive: true }));
}

/** Only one that is on and has a definition, too, differs from its next boot; of one that is not known yet nobody knows. */
const hadNext = (known: MachineRecord | undefined): boolean => known === undefined || (known.persistent && isOn(known));

function addMachineDump(batch: VirshBatch<string>, uuid: string, { hasNext, withState }: { hasNext: boolean; withState: boolean }): void {
  batch.add(`machine ${uuid}`, dumpMachineArgv(uuid, { inactive: false }));
  if (hasNext) batch.add(`next machine ${uuid}`, dumpMachineArgv(uuid, { inactive: true }));
  if (withState) batch.add(`state ${uuid}`, machineStateArgv(uuid));
}

/** Networks and machines may be served by daemons of their own: lists that fail are a problem of that sort alone. */
function readLists<L>(parts: HostParts, key: 'networks' | 'machines', reads: Reads, name: string, count: number, parse: (stdouts: string[]) => L): L | null {
  try {
    const lists = parse(Array.from({ length: count }, (_, index) => reads.get(`${name} ${index}`)!.stdout));
    parts.problems.delete(key);
    return lists;
  } catch (error) {
    const problem = problemOf('libvirt', error);
    parts.problems.set(key, { ...problem, title: `${problem.title} (${key})` });
    return null;
  }
}

/** When nothing at all could be listed, it is one problem: libvirt's. */
function joinProblems(parts: HostParts): void {
  const problem = parts.problems.get('networks') ?? parts.problems.get('machines');
  if (problem) parts.problems.set('libvirt', { ...problem, title: problem.title.replace(/ \((?:networks|machines)\)$/, '') });
  parts.problems.delete('networks');
  parts.problems.delete('machines');
}

function applyNetworks(parts: HostParts, lists: NetworkLists, reads: Reads): void {
  const gone = new Set(parts.networks.keys());
  for (const uuid of lists.all) {
    gone.delete(uuid);
    const known = parts.networks.get(uuid);
    const flags = { active: lists.active.has(uuid), autostart: lists.autostart.has(uuid), persistent: lists.persistent.has(uuid) };
    const dump = reads.get(`network ${uuid}`);
    if (!dump) {
      if (known) parts.networks.set(uuid, { ...known, ...flags });
      continue;
    }
    readObject(parts, `network ${uuid}`, 'network', uuid, () => {
      const xml = dump.stdout;
      const next = reads.get(`next ${uuid}`);
      const nextXml = flags.active && flags.persistent && next?.error === null ? next.stdout : null;
      const unchanged = known?.xml === xml ? known.definition : null;
      const definition = unchanged ?? checked(networkDefinitionSchema, parseNetwork(xml));
      const pendingRestart = nextXml !== null && definitionsDiffer(xml, nextXml);
      parts.networks.set(uuid, { ...flags, xml, nextXml, definition, pendingRestart });
    }, () => parts.networks.delete(uuid));
  }
  for (const uuid of gone) {
    parts.networks.delete(uuid);
    parts.leases.delete(uuid);
    parts.problems.delete(`network ${uuid}`);
  }
}

function applyMachines(parts: HostParts, lists: MachineLists, reads: Reads): void {
  const gone = new Set(parts.machines.keys());
  for (const uuid of lists.all) {
    gone.delete(uuid);
    const known = parts.machines.get(uuid);
    const said = reads.get(`state ${uuid}`);
    const state = stateOf(lists, uuid) ?? (said?.error === null ? parseMachineState(said.stdout) : 'unknown');
    const flags = { state, autostart: lists.autostart.has(uuid), persistent: lists.persistent.has(uuid) };
    const dump = reads.get(`machine ${uuid}`);
    if (!dump) {
      if (known) parts.machines.set(uuid, { ...known, ...flags });
      continue;
    }
    readObject(parts, `machine ${uuid}`, 'machine', uuid, () => {
      const xml = dump.stdout;
      const next = reads.get(`next machine ${uuid}`);
      const nextXml = isOn({ state }) && flags.persistent && next?.error === null ? next.stdout : null;
      const unchanged = known?.xml === xml && known.nextXml === nextXml && isOn(known) === isOn({ state });
      const definition = unchanged ? known.definition : checked(machineDefinitionSchema, definitionOf(xml, nextXml));
      const record: MachineRecord = { ...flags, xml, nextXml, definition };
      parts.machines.set(uuid, record);
    }, () => parts.machines.delete(uuid));
  }
  for (const uuid of gone) {
    parts.machines.delete(uuid);
    parts.problems.delete(`machine ${uuid}`);
  }
}

function definitionOf(xml: string, nextXml: string | null): MachineRecord['definition'] {
  const machine = parseMachine(xml);
  if (nextXml === null) return { ...machine, nics: nicsOfDefinition(machine.nics) };
  const next = parseMachine(nextXml);
  // What is in the definition stays.
  return { ...machine, labRoles: next.labRoles, nics: joinNics(machine.nics, next.nics) };
}

/** Null: only `domstate` knows. */
function stateOf(lists: MachineLists, uuid: string): MachineRecord['state'] | null {
  if (lists.running.has(uuid)) return 'running';
  if (lists.paused.has(uuid)) return 'paused';
  return lists.shutOff.has(uuid) ? 'shut-off' : null;
}

/** One object that can't be read must not hide the others: it becomes a problem. One that is gone meanwhile does not. */
function readObject(parts: HostParts, key: string, what: string, uuid: string, read: () => void, drop: () => void): void {
  try {
    read();
    parts.problems.delete(key);
  } catch (error) {
    drop();
    const problem = problemOf('libvirt', error);
    if (problem.code === 'libvirt.not-found') parts.problems.delete(key);
    else parts.problems.set(key, { ...problem, title: `A ${what} can't be read`, detail: `The ${what} ${uuid} is left out. ${problem.detail}` });
  }
}

/** The window parses snapshots by the same schemas: what doesn't fit must not get as far. */
function checked<S extends z.ZodType>(schema: S, value: z.infer<S>): z.infer<S> {
  const result = schema.safeParse(value);
  if (result.success) return value;
  const issue = result.error.issues[0];
  throw new AppError('reply.unreadable', 'The host\'s answer can\'t be read', `Its XML has an impossible value (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}).`);
}

/** Where the daemon doesn't answer, the tool's own version; its absence says that libvirt is not there at all. */
export async function readClientVersion(runner: CommandRunner, parts: HostParts): Promise<void> {
  if (!parts.system.tools.includes('virsh')) return;
  try {
    const result = await runner.run({ argv: [...clientVersionArgv] }, { elevate: false });
    if (result.exitCode === 0) parts.system = { ...parts.system, libvirtVersion: parseClientVersion(result.stdout) };
  } catch (error) {
    if (endsSession(error)) throw error;
    parts.problems.set('libvirt version', problemOf('libvirt', error));
  }
}
