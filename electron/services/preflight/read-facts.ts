import type { PreflightFacts } from '../../../shared/domain/preflight/facts';
import { watchedUnits } from '../../../shared/domain/preflight/libvirt-daemons';
import type { HostSnapshot } from '../../../shared/domain/snapshot';
import { AppError } from '../../../shared/errors/app-error';
import type { GatherSection } from '../../commands/command';
import { listeningSocketsArgv, parseDnsSockets } from '../../commands/system/dns-sockets';
import { bridgesFileArgv, dnsmasqFolderArgv, readsFolder } from '../../commands/system/dnsmasq-service';
import { allEmulatorNames, emulatorNames, hiddenEmulatorArgv, parseHiddenEmulator } from '../../commands/system/emulators';
import { filterTableArgv, parseForwardPolicy } from '../../commands/system/forward-policy';
import { iprouteVersionArgv, parseIprouteVersion } from '../../commands/system/iproute-version';
import { cpuFlagsArgv, detectVirtArgv, kvmDeviceArgv, parseCpuVirtualization, parseDetectVirt, parseKvmDevice } from '../../commands/system/kvm';
import { hasLibvirtZone, libvirtZoneArgv } from '../../commands/system/libvirt-zone';
import { groupArgv, parseGroupMembers, parseGroups, parseUserName, sessionGroupsArgv, userNameArgv } from '../../commands/system/login';
import { ostreeMarkArgv, parseOsIdentity, systemdMarkArgv } from '../../commands/system/os-identity';
import { osReleaseArgv, parseOsName } from '../../commands/system/os-release';
import { ipForwardKey, parseSysctls } from '../../commands/system/sysctls';
import { parseTools } from '../../commands/system/tools';
import { parseUname, unameArgv } from '../../commands/system/uname';
import { parseUnits, showUnitsArgv } from '../../commands/system/units';
import type { CommandResult, CommandRunner } from '../../transport/command-runner';

const argvSection = (name: string, argv: readonly string[]): GatherSection => ({ name, command: { kind: 'argv', argv } });

const toolNames = [
  'apt-get', 'apk', 'dnf', 'pacman', 'rpm-ostree', 'zypper', 'dnsmasq', 'gpasswd', 'ip', 'iptables', 'nft', 'ovs-vsctl', 'ss', 'virsh', ...allEmulatorNames,
];

/** One round trip, with root's rights where the session has them. */
export const preflightSections: readonly GatherSection[] = [
  argvSection('os-release', osReleaseArgv),
  argvSection('uname', unameArgv),
  argvSection('ostree', ostreeMarkArgv),
  argvSection('systemd', systemdMarkArgv),
  { name: 'tools', command: { kind: 'tools', names: toolNames } },
  { name: 'sysctls', command: { kind: 'sysctls', keys: [ipForwardKey] } },
  argvSection('units', showUnitsArgv(watchedUnits)),
  argvSection('hidden-emulator', hiddenEmulatorArgv),
  argvSection('kvm', kvmDeviceArgv),
  argvSection('cpu', cpuFlagsArgv),
  argvSection('virtualization', detectVirtArgv),
  argvSection('sockets', listeningSocketsArgv),
  argvSection('libvirt-group', groupArgv('libvirt')),
  argvSection('dnsmasq-folder', dnsmasqFolderArgv),
  argvSection('bridges-file', bridgesFileArgv),
  argvSection('libvirt-zone', libvirtZoneArgv),
  argvSection('filter-table', filterTableArgv),
  argvSection('iproute', iprouteVersionArgv),
];

/** As the user who logged in: sudo would answer for root. */
export const loginSections: readonly GatherSection[] = [argvSection('user', userNameArgv), argvSection('groups', sessionGroupsArgv)];

/** What the rules of preflight need of a connected host. Rejects with what the runner rejects with, and `reply.unreadable`. */
export async function readFacts(runner: CommandRunner, snapshot: HostSnapshot): Promise<PreflightFacts> {
  const [host, login] = await Promise.all([runner.gather(preflightSections), runner.gather(loginSections, { elevate: false })]);
  const text = (name: string, reply: ReadonlyMap<string, CommandResult> = host): string => reply.get(name)?.stdout ?? '';
  const architecture = parseUname(text('uname'))?.architecture ?? snapshot.system.architecture;
  const tools = parseTools(text('tools'));
  const user = parseUserName(text('user', login));
  if (user === null) throw new AppError('reply.unreadable', 'The host does not say who is logged in', 'id did not answer as expected.');
  const own = snapshot.networks.filter((network) => ['nat', 'routed', 'open', 'isolated'].includes(network.kind));
  const forward = parseSysctls(text('sysctls')).get(ipForwardKey);
  return {
    os: { ...parseOsIdentity(text('os-release')), name: parseOsName(text('os-release')), ostree: host.get('ostree')?.exitCode === 0 },
    architecture,
    systemd: host.get('systemd')?.exitCode === 0,
    tools,
    emulators: [...emulatorNames(architecture).filter((name) => tools.includes(name)), ...parseHiddenEmulator(text('hidden-emulator'))],
    units: parseUnits(text('units')),
    user,
    sessionGroups: parseGroups(text('groups', login)),
    libvirtMembers: parseGroupMembers(text('libvirt-group')),
    privilege: snapshot.privilege,
    kvm: { device: parseKvmDevice(text('kvm')), cpu: parseCpuVirtualization(text('cpu')), inside: parseDetectVirt(text('virtualization')) },
    dnsSockets: parseDnsSockets(text('sockets')),
    ipForward: forward === undefined ? null : forward === '1',
    dnsmasq: { readsFolder: readsFolder(text('dnsmasq-folder')), bridgesFile: host.get('bridges-file')?.exitCode === 0 ? text('bridges-file') : null },
    libvirtZone: hasLibvirtZone(text('libvirt-zone')),
    forwardPolicy: parseForwardPolicy(text('filter-table')),
    versions: { libvirt: snapshot.system.libvirtVersion, iproute: parseIprouteVersion(text('iproute')) },
    routedNetworks: own.filter((network) => network.active && network.kind !== 'isolated').map((network) => network.name),
    bridges: own.flatMap((network) => (network.bridge ? [network.bridge.name] : [])).sort(),
    problems: snapshot.problems.map(({ area, code, title, detail }) => ({ area, code, title, detail })),
  };
}
