import { AppError } from '../../../shared/errors/app-error';
import { describeCommand } from '../../../shared/domain/shell-quote';
import type { HostProblem, HostSystem } from '../../../shared/domain/snapshot';
import type { GatherSection } from '../../commands/command';
import { listForwardingArgv, parseForwarding } from '../../commands/ip/list-forwarding';
import { listAddressesArgv, parseAddresses } from '../../commands/ip/list-addresses';
import { listNeighboursArgv, parseNeighbours } from '../../commands/ip/list-neighbours';
import { listRoutesArgv, parseRoutes } from '../../commands/ip/list-routes';
import { explainOvs } from '../../commands/ovs/explain-ovs';
import { listSwitchesArgv, parseSwitches } from '../../commands/ovs/list-switches';
import { parseSwitchVersion, switchVersionArgv } from '../../commands/ovs/version';
import { findNetworkStacks, ifupdownStanzasArgv, netplanFilesArgv, serviceStatesArgv } from '../../commands/system/network-stacks';
import { kvmDeviceArgv, parseKvmDevice } from '../../commands/system/kvm';
import { osReleaseArgv, parseOsName } from '../../commands/system/os-release';
import { ipForwardKey, parseSysctls } from '../../commands/system/sysctls';
import { parseTools, toolNames } from '../../commands/system/tools';
import { parseUname, unameArgv } from '../../commands/system/uname';
import type { CommandResult } from '../../transport/command-runner';
import type { HostParts } from './host-parts';
import { forwardingKey, neighbourKey } from './host-parts';
import { problemOf } from './problems';

/** What of the host outside libvirt is read together. */
export type HostArea = 'system' | 'interfaces' | 'neighbours' | 'ovs';
export type GatherReply = ReadonlyMap<string, CommandResult>;

const argvSection = (name: string, argv: readonly string[]): GatherSection => ({ name, command: { kind: 'argv', argv } });

/** Only what a snapshot shows, and nothing slow: each section costs a process on the host. */
export const hostSections: Record<HostArea, readonly GatherSection[]> = {
  system: [
    argvSection('os-release', osReleaseArgv),
    argvSection('uname', unameArgv),
    { name: 'tools', command: { kind: 'tools', names: toolNames } },
    { name: 'sysctls', command: { kind: 'sysctls', keys: [ipForwardKey] } },
    argvSection('services', serviceStatesArgv),
    argvSection('netplan-files', netplanFilesArgv),
    argvSection('ifupdown-stanzas', ifupdownStanzasArgv),
    argvSection('ovs-version', switchVersionArgv),
    argvSection('kvm', kvmDeviceArgv),
  ],
  interfaces: [
    argvSection('addresses', listAddressesArgv),
    argvSection('routes-ipv4', listRoutesArgv('ipv4')),
    argvSection('routes-ipv6', listRoutesArgv('ipv6')),
  ],
  neighbours: [argvSection('neighbours', listNeighboursArgv), argvSection('forwarding', listForwardingArgv)],
  ovs: [argvSection('ovs', listSwitchesArgv)],
};

/** Puts a reply into the parts. An area that can't be read keeps what was known and gets a problem; never throws. */
export function applyHostReply(parts: HostParts, areas: ReadonlySet<HostArea>, reply: GatherReply): void {
  // The network stacks depend on the uplink, so interfaces come first.
  if (areas.has('interfaces')) attempt(parts, 'interfaces', 'interfaces', () => applyInterfaces(parts, reply));
  if (areas.has('neighbours')) attempt(parts, 'interfaces', 'neighbours', () => applyNeighbours(parts, reply));
  if (areas.has('ovs')) attempt(parts, 'ovs', 'ovs', () => applyOvs(parts, reply));
  if (areas.has('system')) attempt(parts, 'system', 'system', () => applySystem(parts, reply));
}

/** The same for a gather that failed as a whole. */
export function applyHostFailure(parts: HostParts, areas: ReadonlySet<HostArea>, error: unknown): void {
  for (const area of areas) parts.problems.set(area, problemOf(area === 'neighbours' ? 'interfaces' : area, error));
}

function attempt(parts: HostParts, area: HostProblem['area'], key: HostArea, apply: () => void): void {
  try {
    apply();
    parts.problems.delete(key);
  } catch (error) {
    parts.problems.set(key, problemOf(area, error));
  }
}

function stdoutOf(reply: GatherReply, section: string, argv: readonly string[]): string {
  const result = reply.get(section);
  const command = describeCommand({ argv: [...argv] });
  if (!result) throw new AppError('reply.unreadable', 'The host\'s answer can\'t be read', `The reply lacks the section “${section}”.`, { command });
  if (result.exitCode === 0) return result.stdout;
  if (result.exitCode === 127) {
    throw new AppError('command.not-found', `${argv[0]} is not installed`, `This host has no ${argv[0]} command.`, { command });
  }
  throw new AppError('command.failed', `${argv[0]} failed`, result.stderr.trim().slice(0, 400) || `${command} ended with exit code ${result.exitCode ?? 'none'}.`, {
    command, stderr: result.stderr,
  });
}

function applyInterfaces(parts: HostParts, reply: GatherReply): void {
  const interfaces = parseAddresses(stdoutOf(reply, 'addresses', listAddressesArgv));
  const routes = (['ipv4', 'ipv6'] as const).flatMap((family) => {
    const result = reply.get(`routes-${family}`);
    // A host without IPv6 in its kernel says so by an error, and has no such routes.
    if (family === 'ipv6' && result && result.exitCode !== 0 && result.exitCode !== 127) return [];
    return parseRoutes(family, stdoutOf(reply, `routes-${family}`, listRoutesArgv(family)));
  });
  parts.interfaces = interfaces.sort((a, b) => a.index - b.index);
  parts.routes = routes;
}

function applyNeighbours(parts: HostParts, reply: GatherReply): void {
  const neighbours = parseNeighbours(stdoutOf(reply, 'neighbours', listNeighboursArgv));
  parts.neighbours = new Map(neighbours.map((neighbour) => [neighbourKey(neighbour.device, neighbour.address), neighbour]));
  // A host without bridge(8) has its machines seen by other ways.
  const forwarding = reply.get('forwarding');
  parts.forwarding = new Map((forwarding?.exitCode === 0 ? parseForwarding(forwarding.stdout) : []).map((entry) => [forwardingKey(entry), entry]));
}

function applyOvs(parts: HostParts, reply: GatherReply): void {
  const result = reply.get('ovs');
  const failure = result ? explainOvs(result, { argv: [...listSwitchesArgv] }) : null;
  if (failure) {
    if (failure.code === 'ovs.missing') parts.ovsBridges = [];
    throw failure;
  }
  parts.ovsBridges = parseSwitches(stdoutOf(reply, 'ovs', listSwitchesArgv));
}

function applySystem(parts: HostParts, reply: GatherReply): void {
  const text = (section: string): string => reply.get(section)?.stdout ?? '';
  const tools = parseTools(text('tools'));
  const uname = parseUname(text('uname'));
  const forwarding = parseSysctls(text('sysctls')).get(ipForwardKey);
  const system: HostSystem = {
    hostname: uname?.hostname ?? '',
    osName: parseOsName(text('os-release')),
    kernel: uname?.kernel ?? '',
    architecture: uname?.architecture ?? '',
    libvirtVersion: parts.system.libvirtVersion,
    ovsVersion: parseSwitchVersion(text('ovs-version')),
    networkStacks: findNetworkStacks({
      serviceStates: text('services'), netplanFiles: text('netplan-files'), ifupdownStanzas: text('ifupdown-stanzas'), tools, uplink: uplinkOf(parts),
    }),
    tools,
    ipv4Forwarding: forwarding === undefined ? null : forwarding === '1',
    kvm: parseKvmDevice(text('kvm')) !== null,
  };
  parts.system = system;
  if (!uname) {
    throw new AppError('reply.unreadable', 'The host does not say what it is', 'uname did not answer as expected, so name, kernel and architecture are unknown.');
  }
}

/** The device of the default route that is preferred, IPv4 before IPv6. */
function uplinkOf(parts: HostParts): string | null {
  const defaults = parts.routes.filter((route) => route.destination === 'default' && route.table === 'main' && route.device !== null);
  const rank = (family: string, metric: number | null): number => (family === 'ipv4' ? 0 : 2 ** 33) + (metric ?? 0);
  return defaults.sort((a, b) => rank(a.family, a.metric) - rank(b.family, b.metric))[0]?.device ?? null;
}
