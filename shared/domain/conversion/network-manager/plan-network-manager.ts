import { quoteArgv, quoteWord } from '../../shell-quote';
import { contentOf, hasMacInside } from '../facts';
import type { ConversionFacts, ConversionSpec, LinkFacts } from '../facts';
import { ConfigProblem } from '../finding';
import { formatIni, iniLine, iniValue, parseIni, setIni, withoutKeys } from '../ini';
import type { IniLine, IniSection } from '../ini';
import { addSwitch, changesOf, deleteBridge, deleteSwitch, portOf, refuseTakenPaths } from '../stack-plan';
import type { StackPlan } from '../stack-plan';
import type { TransactionFile, TransactionStep } from '../transaction';
import { leaveOutOfProfile } from './leave-profile';
import { profileId } from './profile-id';
import { addressSections, ownSettings } from './profile-sections';
import { metricOf } from './route-metric';

const trialFolder = '/run/NetworkManager/system-connections';
const commitFolder = '/etc/NetworkManager/system-connections';

/**
 * Two profiles beside the present one: the bridge with its addresses, and the NIC as the bridge's port. They are keyfiles in /run while on
 * trial, and in /etc afterwards, where they connect by themselves and the present profile no longer does. The names `master` and `slave-type`
 * are understood by every version; NetworkManager 1.46 only added others. Sources: NetworkManager.conf(5), nm-settings-keyfile(5), nmcli(1).
 * @throws ConfigProblem for what is not understood
 */
export function planNetworkManager(facts: ConversionFacts, spec: ConversionSpec): StackPlan {
  const port = portOf(facts, spec);
  const device = facts.networkManager[spec.nic];
  if (!device?.uuid) throw ConfigProblem.of('config.missing', `No profile is active on ${spec.nic}`, `NetworkManager names no connection profile for ${spec.nic}.`);
  const path = device.file;
  const content = path === null ? undefined : contentOf(facts, path);
  if (path === null || content === undefined) {
    throw ConfigProblem.of('config.unreadable', `The profile ${device.name ?? device.uuid} can't be read`, 'It stands in no file, so that what it says can\'t be carried over.',
      `Save it first: nmcli connection modify uuid ${device.uuid} connection.autoconnect yes`);
  }
  if (/\/ifcfg-[^/]*$/.test(path)) {
    throw ConfigProblem.of('config.ifcfg', `The profile of ${spec.nic} has the old ifcfg format`, `${path} is not a keyfile of NetworkManager.`,
      `Convert it first: nmcli connection migrate ${device.uuid}`);
  }
  const old = parseIni(path, content).filter(({ name }) => !name.startsWith('.'));
  refuseKinds(path, old, spec);
  if (spec.kind === 'ovs' && facts.networkManagerOvs) {
    throw ConfigProblem.of('ovs.plugin', 'NetworkManager looks after Open vSwitch itself here', 'Its plugin would take bridges that others make for strangers.',
      'Make a Linux bridge, or uninstall the plugin of NetworkManager for Open vSwitch.');
  }
  if (spec.kind === 'ovs' && !facts.ovs.kernel) {
    throw ConfigProblem.of('ovs.userspace', 'NetworkManager can\'t give addresses to an Open vSwitch bridge here', 'The kernel has no datapath of Open vSwitch, so that its bridges are tap devices, which no profile of NetworkManager fits.',
      'Make a Linux bridge, or load the kernel\'s module openvswitch and restart Open vSwitch.');
  }
  const ids = { bridge: profileId(device.uuid, spec.bridge, 'bridge'), port: profileId(device.uuid, spec.bridge, 'port') };
  const priority = firstPriority(facts);
  const isOvs = spec.kind === 'ovs';
  const made = [
    { id: spec.bridge, sections: bridgeProfile(leaveOutOfProfile(path, old, spec.leave ?? []), facts, spec, port, ids.bridge, priority) },
    { id: `${spec.bridge}-port-${spec.nic}`, sections: portProfile(old, spec, ids, priority) },
  ];
  const trials = made.map(({ id, sections }) => trialFile(id, isOvs ? sections : onlyWhenTold(sections)));
  const profiles = [...trials, ...made.map(({ id, sections }) => lastingFile(id, sections)), ...isOvs ? [managed(spec.bridge)] : []];
  refuseTakenPaths(facts, profiles);
  const files = [...profiles, ...path.startsWith('/etc/') ? [retired(path, old)] : []];
  const lasting = files.flatMap(({ commitPath }) => (commitPath?.endsWith('.nmconnection') ? [commitPath] : []));
  const reloadConf: TransactionStep[] = isOvs ? [{ says: `Have NetworkManager look after ${spec.bridge}`, command: 'nmcli general reload conf' }] : [];
  return {
    transaction: {
      stack: 'NetworkManager', kind: spec.kind, nic: spec.nic, bridge: spec.bridge, files,
      protects: files.flatMap(({ commitPath }) => commitPath ?? []),
      apply: [
        ...reloadConf,
        { says: 'Have NetworkManager read the two new profiles', command: quoteArgv(['nmcli', 'connection', 'load', ...trials.map(({ trialPath }) => trialPath)]) },
        ...isOvs ? [addSwitch(spec, port.mac)] : [],
        { says: `Connect ${spec.nic} as the port of ${spec.bridge}`, command: `nmcli --wait 30 connection up uuid ${ids.port}` },
        ...isOvs ? [{ says: `Give ${spec.bridge} its addresses`, command: `nmcli --wait 30 connection up uuid ${ids.bridge}` }] : [],
      ],
      commit: [
        ...reloadConf,
        { says: 'Have NetworkManager read the profiles where they stand for good', command: quoteArgv(['nmcli', 'connection', 'load', ...lasting]) },
      ],
      revert: [
        ...path.startsWith('/etc/') ? [{ says: 'Have NetworkManager read the former profile', command: `nmcli connection load ${quoteWord(path)}` }] : [],
        ...isOvs ? [...reloadConf, deleteSwitch(spec.bridge)] : [],
        { says: `Connect ${spec.nic} by its former profile`, command: `nmcli --wait 30 connection up uuid ${device.uuid}` },
        { says: 'Delete the two new profiles', command: `for id in ${ids.port} ${ids.bridge}; do ! nmcli connection show uuid $id >/dev/null 2>&1 || nmcli connection delete uuid $id; done` },
        ...isOvs ? [] : [deleteBridge(spec.bridge)],
      ],
      needsBootGuard: isOvs,
      expectedGap: isOvs ? 4 : 2,
    },
    changes: changesOf(facts, files),
    warnings: [],
  };
}

function trialFile(id: string, sections: readonly IniSection[]): TransactionFile & { trialPath: string } {
  return { name: `trial-${id}.nmconnection`, content: formatIni(sections), mode: 0o600, trialPath: `${trialFolder}/${id}.nmconnection`, commitPath: null };
}

function lastingFile(id: string, sections: readonly IniSection[]): TransactionFile {
  const name = `${id}.nmconnection`;
  return { name, content: formatIni(sections), mode: 0o600, trialPath: null, commitPath: `${commitFolder}/${name}` };
}

/**
 * A bridge that connects by itself, or brings its ports along, does so as soon as its profile is read, and the step that is told to connect
 * the port takes it out and puts it in once more. What asks for a neighbour in between asks again after a second only (arp(7), retrans_time_ms).
 */
function onlyWhenTold(sections: readonly IniSection[]): IniSection[] {
  return setIni(sections.map((section) => withoutKeys(section, (key) => key === 'autoconnect-slaves')), 'connection', 'autoconnect', 'false');
}

/** NetworkManager leaves Open vSwitch's own ports alone unless it is told not to. */
function managed(bridge: string): TransactionFile {
  const name = `90-netwright-${bridge}.conf`;
  return {
    name, content: `# ${bridge} is an Open vSwitch bridge with addresses from NetworkManager. Made by Netwright.\n[device-netwright-${bridge}]\nmatch-device=interface-name:${bridge}\nmanaged=1\n`,
    mode: 0o644, trialPath: `/run/NetworkManager/conf.d/${name}`, commitPath: `/etc/NetworkManager/conf.d/${name}`,
  };
}

function retired(path: string, old: readonly IniSection[]): TransactionFile {
  const name = `former${path.slice(path.lastIndexOf('/')).replace('/', '-')}`;
  return { name, content: formatIni(setIni(old, 'connection', 'autoconnect', 'false')), mode: 0o600, trialPath: null, commitPath: path };
}

function section(name: string, ...pairs: [string, string][]): IniSection {
  return { name, lines: [...pairs.map(([key, value]) => iniLine(key, value)), blank] };
}
const blank: IniLine = { text: '', key: null, value: '', line: 0 };

function bridgeProfile(
  old: readonly IniSection[], facts: ConversionFacts, spec: ConversionSpec, port: LinkFacts & { mac: string }, uuid: string, priority: number,
): IniSection[] {
  const kept = old.filter(({ name }) => name === 'connection').flatMap(({ lines }) => lines).filter(({ key }) => key !== null && !ownSettings.test(key));
  const zone = facts.zones[spec.nic];
  const zoneLines = zone !== undefined && !kept.some(({ key }) => key === 'zone') ? [iniLine('zone', zone)] : [];
  const isOvs = spec.kind === 'ovs';
  const connection = section('connection', ['id', spec.bridge], ['uuid', uuid], ['type', isOvs ? 'generic' : 'bridge'], ['interface-name', spec.bridge],
    ['autoconnect-priority', String(priority)], ...isOvs ? [] : [['autoconnect-slaves', '1'] as [string, string]]);
  connection.lines.splice(-1, 0, ...kept, ...zoneLines);
  const mtu = iniValue(old, 'ethernet', 'mtu') ?? iniValue(old, '802-3-ethernet', 'mtu');
  let sections: IniSection[] = [
    connection,
    ...isOvs ? [section('generic')] : [
      section('ethernet', ['cloned-mac-address', port.mac], ...mtu === undefined ? [] : [['mtu', mtu] as [string, string]]),
      // Without STP a port forwards at once; NetworkManager then sets no delay.
      section('bridge', ['stp', 'false'], ['multicast-snooping', 'false']),
    ],
    ...old.filter(({ name }) => addressSections.test(name)),
  ];
  for (const family of ['ipv4', 'ipv6'] as const) {
    if (iniValue(sections, family, 'method') === undefined) sections = setIni(sections, family, 'method', 'auto');
    // A bridge's own default is worse than a NIC's: another NIC would take the default route.
    const metric = iniValue(sections, family, 'route-metric');
    if (metric === undefined || metric === '-1') sections = setIni(sections, family, 'route-metric', String(metricOf(facts, spec.nic, family)));
  }
  const clientId = port.dhcpClientId;
  if (clientId !== null && clientId !== `01:${port.mac}` && iniValue(sections, 'ipv4', 'dhcp-client-id') === undefined) {
    sections = setIni(sections, 'ipv4', 'dhcp-client-id', clientId);
  }
  if (iniValue(sections, 'ipv6', 'addr-gen-mode') === undefined && port.addresses.some(({ address }) => hasMacInside(address, port.mac))) {
    sections = setIni(sections, 'ipv6', 'addr-gen-mode', 'eui64');
  }
  return sections;
}

function portProfile(old: readonly IniSection[], spec: ConversionSpec, ids: { bridge: string; port: string }, priority: number): IniSection[] {
  const type = iniValue(old, 'connection', 'type') ?? 'ethernet';
  const isOvs = spec.kind === 'ovs';
  return [
    section('connection', ['id', `${spec.bridge}-port-${spec.nic}`], ['uuid', ids.port], ['type', type], ['interface-name', spec.nic],
      ['autoconnect-priority', String(priority)], ...isOvs ? [] : [['master', ids.bridge], ['slave-type', 'bridge']] as [string, string][]),
    ...old.filter(({ name }) => name !== '' && name !== 'connection' && !addressSections.test(name)),
    ...isOvs ? [section('ipv4', ['method', 'disabled']), section('ipv6', ['method', 'disabled'])] : [],
  ];
}

/** Before every other profile that could take the NIC at boot. */
function firstPriority(facts: ConversionFacts): number {
  const others = facts.files.filter(({ path }) => path.endsWith('.nmconnection')).flatMap(({ content }) => [...(content ?? '').matchAll(/^autoconnect-priority=(-?\d+)\s*$/gm)]);
  return Math.min(999, Math.max(100, ...others.map((match) => Number(match[1]) + 1)));
}

function refuseKinds(path: string, old: readonly IniSection[], spec: ConversionSpec): void {
  const type = iniValue(old, 'connection', 'type');
  const line = (key: string): number => old.flatMap(({ lines }) => lines).find((entry) => entry.key === key)?.line ?? 1;
  if (type !== undefined && !['ethernet', '802-3-ethernet', 'vlan'].includes(type)) {
    throw ConfigProblem.at(path, line('type'), `A profile of type ${type} can't be made a bridge's port here.`, type === 'bond' ? 'Bridge a NIC that is in no bond, or use another network stack for the bond.' : null);
  }
  for (const key of ['master', 'controller']) {
    const master = iniValue(old, 'connection', key);
    if (master !== undefined) throw ConfigProblem.at(path, line(key), `${spec.nic} is a part of ${master} already.`);
  }
  if (old.some(({ name }) => name === '802-1x')) {
    throw ConfigProblem.of('nic.802-1x', `${spec.nic} logs in to its switch by 802.1X`, 'The switch knows this port by its login; guests behind a bridge would not pass.', 'Use a NAT network.');
  }
}
