import { contentOf } from '../facts';
import type { ConversionFacts, ConversionSpec, LinkFacts } from '../facts';
import { ConfigProblem } from '../finding';
import { formatIni, iniLine, iniValue, parseIni, setIni, withoutKeys } from '../ini';
import type { IniSection } from '../ini';
import { addSwitch, changesOf, deleteBridge, deleteSwitch, portOf, refuseTakenPaths, switchOn } from '../stack-plan';
import type { StackPlan } from '../stack-plan';
import type { TransactionFile } from '../transaction';
import { iaidOf } from './dhcp-identity';
import { leaveOutOfNetwork } from './leave-networkd';
import { dropInsOf, networkFileNames } from './network-files';
import { reloadNetworkd } from './reload-networkd';

const trialFolder = '/run/systemd/network';
const commitFolder = '/etc/systemd/network';
/** Read before every other file of the host: the first file that matches an interface is the only one that counts. */
const prefix = '00-netwright-';

/** Settings of [Network] that make or name devices on top of the NIC: they are the NIC's, whoever has the addresses. */
const stackedDevices = new Set(['VLAN', 'MACVLAN', 'MACVTAP', 'IPVLAN', 'IPVTAP', 'VXLAN', 'Tunnel', 'MACsec', 'Xfrm', 'LLDP', 'EmitLLDP', 'BindCarrier']);
/** What makes the NIC a port of something already. */
const masters = ['Bridge', 'Bond', 'BatmanAdvanced', 'VRF'];
/** Settings of [Link] that say when the host counts as online: the bridge carries the addresses now. */
const online = /^(RequiredForOnline|RequiredFamilyForOnline)$/;
/** Sections about the NIC's own hardware and queues. */
const nicSections = /^(Match|Link|Bridge|BridgeVLAN|BridgeFDB|BridgeMDB|SR-IOV|CAN|IPoIB|LLDP|QDisc|NetworkEmulator|TokenBucketFilter|PIE|FlowQueuePIE|StochasticFair.*|BFIFO|PFIFO|PFIFOHeadDrop|PFIFOFast|CAKE|ControlledDelay|.*FairQueueing.*|Trivial.*|Hierarchy.*|HeavyHitterFilter|QuickFairQueueing.*|ClassfulMultiQueueing|BandMultiQueueing|EnhancedTransmissionSelection|DeficitRoundRobinScheduler.*|GenericRandomEarlyDetection)$/;

/**
 * The NIC's .network file, split: what is about the link stays with the NIC, everything else goes to the bridge. Both stand before the
 * present file, which stays as it is. Sources: systemd.network(5), systemd.netdev(5), networkctl(1).
 * @throws ConfigProblem for what is not understood
 */
export function planNetworkd(facts: ConversionFacts, spec: ConversionSpec): StackPlan {
  const port = portOf(facts, spec);
  const source = facts.networkd[spec.nic]?.file;
  if (!source) throw ConfigProblem.of('config.missing', `No file configures ${spec.nic}`, `systemd-networkd names no .network file for ${spec.nic}.`);
  refuseEarlierFiles(facts);
  const sections = [source, ...dropInsOf(facts, source).map(({ path }) => path)].flatMap((path) => {
    const content = contentOf(facts, path);
    if (content === undefined) throw ConfigProblem.of('config.unreadable', `${path} can't be read`, 'What it says about the network would be lost.');
    return parseIni(path, content).filter(({ name }) => name !== '');
  });
  refuseMasters(source, sections);
  const moved = leaveOutOfNetwork(source, sections, spec.leave ?? [], facts.systemd);
  const bridge = spec.kind === 'linux'
    ? [file(spec, 'netdev', netdev(spec, port.mac)), file(spec, 'network', bridgeNetwork(moved, spec, port, source))]
    : [file(spec, 'network', bridgeNetwork(moved, spec, port, source))];
  const files = [...bridge, file({ ...spec, bridge: spec.nic }, 'network', nicNetwork(sections, spec, source))];
  refuseTakenPaths(facts, files);
  const isLinux = spec.kind === 'linux';
  return {
    transaction: {
      stack: 'systemd-networkd', kind: spec.kind, nic: spec.nic, bridge: spec.bridge, files,
      protects: files.flatMap(({ commitPath }) => commitPath ?? []),
      apply: isLinux ? [reloadNetworkd] : [addSwitch(spec, port.mac), reloadNetworkd, switchOn(spec.bridge)],
      // What runs is what the files say already; the next start reads them in /etc.
      commit: [],
      revert: [isLinux ? deleteBridge(spec.bridge) : deleteSwitch(spec.bridge), reloadNetworkd],
      needsBootGuard: !isLinux,
      expectedGap: 1,
    },
    changes: changesOf(facts, files),
    warnings: [],
  };
}

function file({ bridge }: ConversionSpec, kind: 'netdev' | 'network', content: string): TransactionFile {
  const name = `${prefix}${bridge}.${kind}`;
  return { name, content, mode: 0o644, trialPath: `${trialFolder}/${name}`, commitPath: `${commitFolder}/${name}` };
}

function netdev({ bridge, nic }: ConversionSpec, mac: string): string {
  return `# Bridge with port ${nic}, made by Netwright.
[NetDev]
Name=${bridge}
Kind=bridge
MACAddress=${mac}

[Bridge]
STP=no
ForwardDelaySec=0
`;
}

function bridgeNetwork(sections: readonly IniSection[], spec: ConversionSpec, port: LinkFacts, source: string): string {
  let kept = sections.flatMap((section): IniSection[] => {
    if (section.name === 'Network') return [withoutKeys(section, (key) => stackedDevices.has(key))];
    if (section.name === 'Link') {
      const lines = section.lines.filter(({ key }) => key !== null && online.test(key));
      return lines.length > 0 ? [{ ...section, lines }] : [];
    }
    return nicSections.test(section.name) ? [] : [section];
  });
  if (takesAdvertisements(sections)) kept = setIni(kept, 'Network', 'IPv6AcceptRA', 'yes');
  const iaid = iaidOf(port.dhcpClientId);
  if (iaid !== null) {
    // Made of the interface's name otherwise: the DHCP server would see a stranger with the same MAC.
    for (const section of ['DHCPv4', 'DHCPv6']) if (iniValue(kept, section, 'IAID') === undefined) kept = setIni(kept, section, 'IAID', String(iaid));
  }
  return `# Addresses and routes of bridge ${spec.bridge}, as ${source} gives them to ${spec.nic}. Made by Netwright.
[Match]
Name=${spec.bridge}

${formatIni(kept)}`;
}

function nicNetwork(sections: readonly IniSection[], spec: ConversionSpec, source: string): string {
  const own = sections.flatMap((section): IniSection[] => {
    if (section.name === 'Match') return [];
    if (section.name === 'Link') return [withoutKeys(section, (key) => online.test(key))];
    if (section.name === 'Network') {
      const lines = section.lines.filter(({ key }) => key !== null && stackedDevices.has(key));
      return lines.length > 0 ? [{ ...section, lines }] : [];
    }
    return nicSections.test(section.name) ? [section] : [];
  });
  const member = spec.kind === 'linux'
    ? [iniLine('Bridge', spec.bridge)]
    : [iniLine('LinkLocalAddressing', 'no'), iniLine('IPv6AcceptRA', 'no')];
  return `# ${spec.nic} is a port of ${spec.bridge}; what is left here of ${source} is about the link itself. Made by Netwright.
[Match]
Name=${spec.nic}

[Network]
${formatIni([{ name: '', lines: member }])}
${formatIni(own)}`.replace(/\n+$/, '\n');
}

/** On a bridge they are off unless it is said; on a NIC they are on unless one of these says otherwise. Source: systemd.network(5), IPv6AcceptRA=. */
function takesAdvertisements(sections: readonly IniSection[]): boolean {
  const value = (key: string): string => iniValue(sections, 'Network', key)?.toLowerCase() ?? '';
  if (value('IPv6AcceptRA') !== '') return false;
  const forwards = [value('IPForward'), value('IPv6Forwarding')].some((entry) => /^(yes|true|on|1|ipv6)$/.test(entry));
  const sends = /^(yes|true|on|1|static|prefix.*)$/.test(value('IPv6SendRA'));
  const linkLocal = value('LinkLocalAddressing');
  return !forwards && !sends && (linkLocal === '' || /^(yes|true|on|1|ipv6)$/.test(linkLocal));
}

function refuseMasters(source: string, sections: readonly IniSection[]): void {
  for (const { name, lines } of sections) {
    const line = name === 'Network' ? lines.find(({ key, value }) => key !== null && masters.includes(key) && value !== '') : undefined;
    if (line) throw ConfigProblem.at(source, line.line, `It makes the NIC a part of ${line.value} already (${line.key}).`);
  }
}

/** A file that sorts before ours would win. */
function refuseEarlierFiles(facts: ConversionFacts): void {
  const first = networkFileNames(facts).find((name) => name < prefix);
  if (first !== undefined) {
    throw ConfigProblem.of('config.order', `${first} is read before every file that could be added`,
      'systemd-networkd uses the first file that matches an interface, in the order of their names.', `Rename ${first} so that its name begins with 05- or more.`);
  }
}
