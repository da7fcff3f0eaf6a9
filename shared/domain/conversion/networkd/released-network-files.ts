import { contentOf, linkOf } from '../facts';
import type { ConversionFacts, ConversionSpec } from '../facts';
import { ConfigProblem } from '../finding';
import { formatIni, iniLine, iniValue, parseIni, setIni, withoutKeys } from '../ini';
import type { IniSection } from '../ini';
import type { LastingFile } from '../release';
import { iaidOf } from './dhcp-identity';
import { dropInsOf } from './network-files';

const folder = '/etc/systemd/network/';
/** Settings of a port of a bridge, and of the bridge as a device. */
const memberKeys = /^(Bridge|LinkLocalAddressing|IPv6AcceptRA)$/;
const deviceSections = /^(Match|Link|Bridge|BridgeVLAN|BridgeFDB|BridgeMDB)$/;

/**
 * The .network file of the bridge becomes the NIC's, with what the NIC's own says about the link; the bridge's .netdev goes. A file of the
 * NIC that is about other interfaces, too, stays as it is and is no longer the first that matches. Source: systemd.network(5).
 */
export function releasedNetworkFiles(facts: ConversionFacts, spec: ConversionSpec): LastingFile[] {
  const own = readFile(facts, spec.nic);
  const bridge = readFile(facts, spec.bridge);
  const netdev = spec.kind === 'linux' ? netdevOf(facts, spec.bridge) : null;
  const isOnly = [`${spec.nic}`, linkOf(facts, spec.nic)?.permanentMac ?? ''].includes(iniValue(own.sections, 'Match', 'Name') ?? iniValue(own.sections, 'Match', 'PermanentMACAddress') ?? '-');
  const path = isOnly && own.path.startsWith(folder) ? own.path : `${folder}00-netwright-${spec.nic}.network`;
  if (path !== own.path && contentOf(facts, path) !== undefined) throw ConfigProblem.of('config.taken', `${path} is there already`, 'It would be replaced.', 'Move the file away first.');
  const mode = facts.files.find((file) => file.path === path)?.mode ?? 0o644;
  return [
    { path, mode, content: nicNetwork(facts, spec, own.sections, bridge.sections) },
    { path: bridge.path, mode: 0o644, content: null },
    ...netdev === null ? [] : [{ path: netdev, mode: 0o644, content: null }],
  ];
}

interface NetworkFile { path: string; sections: IniSection[] }

function readFile(facts: ConversionFacts, name: string): NetworkFile {
  const path = facts.networkd[name]?.file;
  if (!path) throw ConfigProblem.of('config.missing', `No file configures ${name}`, `systemd-networkd names no .network file for ${name}.`);
  const content = contentOf(facts, path);
  if (content === undefined) throw ConfigProblem.of('config.unreadable', `${path} can't be read`, 'What it says about the network would be lost.');
  const dropIn = dropInsOf(facts, path)[0];
  if (dropIn) throw ConfigProblem.of('config.drop-in', `${dropIn.path} adds to ${path}`, 'What is spread over several files can\'t be given back to the NIC.', `Write it into ${path} first.`);
  return { path, sections: parseIni(path, content).filter(({ name: section }) => section !== '') };
}

function netdevOf(facts: ConversionFacts, bridge: string): string {
  const found = facts.files.filter(({ path, content }) => path.endsWith('.netdev') && iniValue(parseIni(path, content ?? ''), 'NetDev', 'Name') === bridge);
  const [file] = found;
  if (!file || found.length > 1) throw ConfigProblem.of('config.missing', `No one .netdev file makes ${bridge}`, `${found.length} files of systemd-networkd make ${bridge}.`);
  if (!file.path.startsWith(folder)) throw ConfigProblem.of('config.volatile', `${file.path} is not below /etc`, 'Something makes it at each start, or it belongs to a package; the bridge would come back.');
  return file.path;
}

function nicNetwork(facts: ConversionFacts, spec: ConversionSpec, own: readonly IniSection[], bridge: readonly IniSection[]): string {
  const link = own.filter(({ name }) => name !== 'Match').map((section) => (section.name === 'Network' ? withoutKeys(section, (key) => memberKeys.test(key)) : section));
  const addresses = bridge.flatMap((section): IniSection[] => {
    if (section.name === 'Link') {
      const lines = section.lines.filter(({ key }) => key !== null && key !== 'MACAddress' && iniValue(own, 'Link', key) === undefined);
      return lines.length > 0 ? [{ ...section, lines }] : [];
    }
    return deviceSections.test(section.name) ? [] : [section];
  });
  let sections: IniSection[] = [...link.filter(hasSettings), ...addresses];
  const iaid = iaidOf(linkOf(facts, spec.bridge)?.dhcpClientId ?? null);
  // Made of the interface's name otherwise: the DHCP server would see a stranger with the same MAC.
  if (iaid !== null) for (const section of ['DHCPv4', 'DHCPv6']) if (iniValue(sections, section, 'IAID') === undefined) sections = setIni(sections, section, 'IAID', String(iaid));
  const match = own.filter(({ name }) => name === 'Match');
  const isOwn = match.some(({ lines }) => lines.some(({ key, value }) => key === 'Name' && value === spec.nic));
  const head = isOwn ? match : [{ name: 'Match', lines: [iniLine('Name', spec.nic), { text: '', key: null, value: '', line: 0 }] }];
  return `# Addresses and routes of ${spec.nic}, as bridge ${spec.bridge} had them. Made by Netwright.\n${formatIni([...head, ...sections])}`;
}

const hasSettings = ({ lines }: IniSection): boolean => lines.some(({ key }) => key !== null);
