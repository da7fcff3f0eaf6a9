import type { ConfigFile, ConversionFacts, LinkFacts } from '../../../shared/domain/conversion/facts';
import type { GatherSection } from '../../commands/command';
import { parseGatheredFiles } from '../../commands/gathered-files';
import { listAddressesArgv, parseAddresses } from '../../commands/ip/list-addresses';
import { listRoutesArgv, parseRoutes } from '../../commands/ip/list-routes';
import { configGlobs, joinModes, modesArgv } from '../../commands/network-config/config-files';
import { acceptRaArgv, parseAcceptRa, parseLinkDetails, parseRadios, radiosArgv } from '../../commands/network-config/link-details';
import { devicesArgv, dhcpArgv, generalArgv, ovsPluginArgv, parseClientIds, parseDevices, parseGeneral, profilesArgv } from '../../commands/network-config/network-manager';
import { nameServerFiles, parseNameServers, parseSearchDomains } from '../../commands/network-config/name-servers';
import { linkStatesGlobs, parseLinkStates } from '../../commands/network-config/networkd';
import {
  activeZonesArgv, defaultZoneArgv, iscsiArgv, mountsArgv, parseMounts, parsePending, parseRules, parseSpace, parseSwitchPorts, parseSystemdVersion, parseZones, pendingArgv, pendingStateArgv, rulesArgv,
  sessionArgv, spaceArgv, switchDatapathArgv, switchNamesArgv, switchPortsArgv, systemdVersionArgv, words,
} from '../../commands/network-config/surroundings';
import { detectVirtArgv, parseDetectVirt } from '../../commands/system/kvm';
import { ostreeMarkArgv, parseOsIdentity, systemdMarkArgv } from '../../commands/system/os-identity';
import { osReleaseArgv, parseOsName } from '../../commands/system/os-release';
import { parseSshConnection } from '../../commands/system/ssh-connection';
import { parseSysctls } from '../../commands/system/sysctls';
import { parseTools } from '../../commands/system/tools';
import { parseUnits, showUnitsArgv } from '../../commands/system/units';
import type { CommandResult, CommandRunner } from '../../transport/command-runner';

const argvSection = (name: string, argv: readonly string[]): GatherSection => ({ name, command: { kind: 'argv', argv } });

const toolNames = ['arping', 'brctl', 'busctl', 'dhclient', 'dhcpcd', 'ifreload', 'ifup', 'ip', 'netplan', 'networkctl', 'nmcli', 'ovs-vsctl', 'resolvconf', 'systemd-run', 'wicked'];
const unitNames = [
  'NetworkManager.service', 'systemd-networkd.service', 'networking.service', 'wicked.service', 'openvswitch-switch.service', 'ovs-vswitchd.service',
  'docker.service', 'cloud-init.service', 'cloud-init-local.service', 'firewalld.service',
];
const bridgeNetfilterKey = 'net.bridge.bridge-nf-call-iptables';

/** One round trip, with root's rights: the files of most stacks are root's alone. */
const conversionSections: readonly GatherSection[] = [
  argvSection('addresses', listAddressesArgv),
  argvSection('routes-four', listRoutesArgv('ipv4')),
  argvSection('routes-six', listRoutesArgv('ipv6')),
  argvSection('rules-four', rulesArgv('ipv4')),
  argvSection('rules-six', rulesArgv('ipv6')),
  argvSection('accept-ra', acceptRaArgv),
  argvSection('radios', radiosArgv),
  argvSection('nm-general', generalArgv),
  argvSection('nm-devices', devicesArgv),
  argvSection('nm-profiles', profilesArgv),
  argvSection('nm-dhcp', dhcpArgv),
  argvSection('nm-ovs', ovsPluginArgv),
  { name: 'networkd', command: { kind: 'files', globs: linkStatesGlobs } },
  { name: 'ifstate', command: { kind: 'files', globs: ['/run/network/ifstate'] } },
  { name: 'files', command: { kind: 'files', globs: configGlobs } },
  { name: 'name-servers', command: { kind: 'files', globs: nameServerFiles } },
  argvSection('modes', modesArgv),
  argvSection('os-release', osReleaseArgv),
  argvSection('ostree', ostreeMarkArgv),
  argvSection('systemd', systemdMarkArgv),
  argvSection('systemd-version', systemdVersionArgv),
  { name: 'tools', command: { kind: 'tools', names: toolNames } },
  argvSection('units', showUnitsArgv(unitNames)),
  argvSection('switches', switchNamesArgv),
  argvSection('switch-ports', switchPortsArgv),
  argvSection('switch-datapath', switchDatapathArgv),
  argvSection('mounts', mountsArgv),
  argvSection('space', spaceArgv),
  argvSection('iscsi', iscsiArgv),
  { name: 'sysctls', command: { kind: 'sysctls', keys: [bridgeNetfilterKey] } },
  argvSection('pending', pendingArgv),
  argvSection('pending-state', pendingStateArgv),
  argvSection('virtualization', detectVirtArgv),
  argvSection('zones', activeZonesArgv),
  argvSection('default-zone', defaultZoneArgv),
];

/** As the user who logged in: sudo takes the variable away. */
const sessionSections: readonly GatherSection[] = [argvSection('session', sessionArgv)];

/**
 * Everything that a conversion is judged and planned from. `root`: the session may run commands as root. Rejects with what the runner
 * rejects with, and `reply.unreadable`.
 */
export async function readConversionFacts(runner: Pick<CommandRunner, 'gather'>, root: boolean): Promise<ConversionFacts> {
  const [host, login] = await Promise.all([runner.gather(conversionSections), runner.gather(sessionSections, { elevate: false })]);
  const result = (name: string, reply: ReadonlyMap<string, CommandResult> = host): CommandResult | undefined => reply.get(name);
  const text = (name: string): string => result(name)?.stdout ?? '';
  const states = parseLinkStates(parseGatheredFiles(text('networkd')));
  const links = readLinks(text, states);
  const files = joinModes(parseGatheredFiles(text('files')), text('modes'));
  const netfilter = parseSysctls(text('sysctls')).get(bridgeNetfilterKey);
  return {
    session: parseSshConnection(result('session', login)?.stdout ?? ''),
    links,
    routes: [...parseRoutes('ipv4', text('routes-four')), ...parseRoutes('ipv6', text('routes-six') || '[]')],
    rules: [...parseRules(text('rules-four')), ...parseRules(text('rules-six'))],
    networkManager: parseDevices(text('nm-devices'), text('nm-profiles')),
    networkd: Object.fromEntries(links.flatMap(({ name, index }) => {
      const state = states.get(index);
      return state ? [[name, { state: state.state, file: state.file && whereItStands(state.file, files) }]] : [];
    })),
    ifstate: parseGatheredFiles(text('ifstate')).flatMap(({ content }) => words(content ?? '').map((line) => line.split('=')[0]!)),
    files,
    os: { ...parseOsIdentity(text('os-release')), name: parseOsName(text('os-release')), ostree: result('ostree')?.exitCode === 0 },
    systemd: result('systemd')?.exitCode === 0 ? parseSystemdVersion(text('systemd-version')) : null,
    networkManagerVersion: parseGeneral(text('nm-general')),
    networkManagerOvs: text('nm-ovs').trim() !== '',
    tools: parseTools(text('tools')),
    units: Object.fromEntries(Object.entries(parseUnits(text('units'))).map(([name, { active }]) => [name, active])),
    ovs: {
      answers: result('switches')?.exitCode === 0, bridges: words(text('switches')), ports: parseSwitchPorts(text('switch-ports')), kernel: result('switch-datapath')?.exitCode === 0,
    },
    mounts: parseMounts(text('mounts')),
    freeKilobytes: parseSpace(text('space')),
    iscsi: text('iscsi').trim() !== '',
    bridgeNetfilter: netfilter === undefined ? null : netfilter === '1',
    pending: parsePending(text('pending'), text('pending-state')),
    inside: parseDetectVirt(text('virtualization')),
    nameServers: parseNameServers(parseGatheredFiles(text('name-servers'))),
    searchDomains: parseSearchDomains(parseGatheredFiles(text('name-servers'))),
    zones: parseZones(text('zones'), text('default-zone')),
    root,
  };
}

/** A file that was on trial in /run when networkd read it, and was moved to /etc since: networkd has no reason to look again. */
function whereItStands(path: string, files: readonly ConfigFile[]): string {
  const lasting = path.replace(/^\/run\//, '/etc/');
  return !files.some((file) => file.path === path) && files.some((file) => file.path === lasting) ? lasting : path;
}

function readLinks(text: (name: string) => string, states: ReturnType<typeof parseLinkStates>): LinkFacts[] {
  const details = parseLinkDetails(text('addresses'));
  const radios = parseRadios(text('radios'));
  const acceptRa = parseAcceptRa(text('accept-ra'));
  const ids = parseClientIds(text('nm-dhcp'));
  return parseAddresses(text('addresses')).map((link) => ({
    ...link,
    kind: radios.includes(link.name) ? 'wireless' : link.kind,
    permanentMac: details.get(link.name)?.permanentMac ?? null,
    addressGeneration: details.get(link.name)?.addressGeneration ?? null,
    temporary: details.get(link.name)?.temporary ?? [],
    dhcpClientId: ids[link.name] ?? states.get(link.index)?.clientId ?? null,
    acceptRa: acceptRa.get(link.name) ?? null,
  }));
}
