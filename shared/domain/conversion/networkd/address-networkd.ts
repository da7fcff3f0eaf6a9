import { contentOf, linkOf } from '../facts';
import type { ConversionFacts } from '../facts';
import { ConfigProblem } from '../finding';
import { formatIni, iniLine, iniValue, lastIndex, parseIni, setIni, withoutKeys } from '../ini';
import type { IniLine, IniSection } from '../ini';
import type { AddressChange } from '../readdress/address-request';
import type { AddressPlanner } from '../readdress/address-planner';
import { unknownOrigin } from '../readdress/unknown-origin';
import { releasePlan, removedFiles, writtenFiles } from '../release';
import type { LastingFile } from '../release';
import { leaveOutOfNetwork } from './leave-networkd';
import { dropInsOf } from './network-files';
import { reloadNetworkd } from './reload-networkd';
import { withSix } from './six-networkd';

const folder = '/etc/systemd/network/';

/** As for taking a bridge away, files below /etc change for the trial already. Sources: systemd.network(5), networkctl(1). */
export const networkdAddress: AddressPlanner = {
  files: changedFiles,
  plan: (facts, device, files, wants) => releasePlan(facts, {
    stack: 'systemd-networkd', kind: 'linux', goal: 'address', nic: device, bridge: device, wants,
    files: writtenFiles(files, (path) => (path.startsWith(folder) ? path : null)), removes: removedFiles(facts, files, () => 'commit'),
    apply: [reloadNetworkd], commit: [], revert: [reloadNetworkd], needsBootGuard: true, expectedGap: 1,
  }),
};

function changedFiles(facts: ConversionFacts, change: AddressChange): LastingFile[] {
  const path = facts.networkd[change.device]?.file;
  const content = path ? contentOf(facts, path) : undefined;
  if (!path || content === undefined) throw ConfigProblem.of('config.missing', `No file configures ${change.device}`, `systemd-networkd names no .network file for ${change.device} that can be read.`);
  if (!path.startsWith(folder)) throw ConfigProblem.of('config.volatile', `${path} is not below /etc`, 'Something makes it at each start, or it belongs to a package; a change would not last.', `Copy it to ${folder} first.`);
  const dropIn = dropInsOf(facts, path)[0];
  if (dropIn) throw ConfigProblem.of('config.drop-in', `${dropIn.path} adds to ${path}`, 'It is not clear which of them should have the new settings.', `Write it into ${path} first.`);
  const sections = parseIni(path, content);
  refuseShared(facts, path, sections, change.device);
  return [{ path, content: formatIni(changed(path, sections, change)), mode: facts.files.find((file) => file.path === path)!.mode }];
}

function refuseShared(facts: ConversionFacts, path: string, sections: readonly IniSection[], device: string): void {
  const others = facts.links.filter(({ name }) => name !== device && facts.networkd[name]?.file === path).map(({ name }) => name);
  const named = iniValue(sections, 'Match', 'Name');
  const mac = iniValue(sections, 'Match', 'PermanentMACAddress') ?? iniValue(sections, 'Match', 'MACAddress');
  const isOnly = named === device || (mac !== undefined && [linkOf(facts, device)?.mac, linkOf(facts, device)?.permanentMac].includes(mac.toLowerCase()));
  if (others.length === 0 && isOnly) return;
  throw ConfigProblem.of('config.shared', `${path} is about other interfaces, too`, `It matches ${named ?? 'more than one name'}${others.length > 0 ? `, and is in force on ${others.join(', ')}` : ''}.`, `Write a file for ${device} alone first.`);
}

function changed(path: string, sections: IniSection[], change: AddressChange): IniSection[] {
  let result = sections;
  if (change.dhcp) result = withLease(path, result, change);
  if (change.address !== null) result = withAddress(path, result, change, change.address);
  if (change.gateway !== null) result = withGateway(result, change, change.gateway);
  if (change.six !== null) result = withSix(path, result, change.six, change.device);
  if (change.dns !== null) result = withDns(result, change.dns);
  if (change.search !== null) result = withSearch(result, change.search);
  if (change.mtu !== null) result = setIni(result, 'Link', 'MTUBytes', String(change.mtu));
  return result;
}

function withAddress(path: string, sections: readonly IniSection[], { replaced, wasLeased, device }: AddressChange, address: string): IniSection[] {
  const isReplaced = ({ key, value }: IniLine): boolean => key === 'Address' && replaced.includes(value.split('/')[0]!);
  const written = sections.some(({ lines }) => lines.some(isReplaced));
  if (wasLeased) {
    const dhcp = iniValue(sections, 'Network', 'DHCP')?.toLowerCase();
    return setIni(setIni(sections, 'Network', 'DHCP', dhcp === 'ipv4' ? 'no' : 'ipv6'), 'Network', 'Address', address);
  }
  if (!written) {
    if (replaced.length > 0) throw unknownOrigin(`${path} doesn't say`, replaced[0], device);
    return setIni(sections, 'Network', 'Address', address);
  }
  return sections.map((section) => ({ ...section, lines: section.lines.map((line) => (isReplaced(line) ? iniLine('Address', address) : line)) }));
}

/** The default route keeps its metric: another NIC might win it otherwise. */
function withLease(path: string, sections: readonly IniSection[], { replaced, metric, device }: AddressChange): IniSection[] {
  if (!sections.some(({ lines }) => lines.some(({ key, value }) => key === 'Address' && replaced.includes(value.split('/')[0]!)))) throw unknownOrigin(`${path} doesn't say`, replaced[0], device);
  const isDefault = ({ name, lines }: IniSection): boolean => name === 'Route' && lines.some(isGateway) && lines.every(({ key, value }) => key !== 'Destination' || value === '0.0.0.0/0');
  let result = leaveOutOfNetwork(path, sections, replaced, null).filter((section) => !isDefault(section));
  result = result.map((section) => (section.name === 'Network' ? { ...section, lines: section.lines.filter((line) => !isGateway(line)) } : section));
  const dhcp = iniValue(result, 'Network', 'DHCP')?.toLowerCase() ?? 'no';
  result = setIni(result, 'Network', 'DHCP', ['ipv6', 'v6', 'yes', 'true', 'on', '1'].includes(dhcp) ? 'yes' : 'ipv4');
  return metric === null || metric === 1024 ? result : setIni(result, 'DHCPv4', 'RouteMetric', String(metric));
}

const isGateway = ({ key, value }: IniLine): boolean => key === 'Gateway' && /^\d+\./.test(value);

function withGateway(sections: readonly IniSection[], { metric }: AddressChange, gateway: string): IniSection[] {
  const isDefault = ({ name, lines }: IniSection): boolean => name === 'Route' && lines.every(({ key, value }) => key !== 'Destination' || value === '0.0.0.0/0');
  const holds = (section: IniSection): boolean => (section.name === 'Network' || isDefault(section)) && section.lines.some(isGateway);
  if (sections.some(holds)) {
    return sections.map((section) => (holds(section) ? { ...section, lines: section.lines.map((line) => (isGateway(line) ? iniLine('Gateway', gateway) : line)) } : section));
  }
  const blank: IniLine = { text: '', key: null, value: '', line: 0 };
  return [...sections, { name: '', lines: [blank] }, { name: 'Route', lines: [iniLine('Gateway', gateway), ...metric === null || metric === 0 ? [] : [iniLine('Metric', String(metric))]] }];
}

/** `~lan` says whom to ask about names, and is no domain to look in. */
function withSearch(sections: readonly IniSection[], search: readonly string[]): IniSection[] {
  const routing = sections.filter(({ name }) => name === 'Network').flatMap(({ lines }) => lines).flatMap(({ key, value }) => (key === 'Domains' ? value.split(/\s+/).filter((word) => word.startsWith('~')) : []));
  const without = sections.map((section) => (section.name === 'Network' ? withoutKeys(section, (key) => key === 'Domains') : section));
  const domains = [...search, ...routing];
  return domains.length === 0 ? without : setIni(without, 'Network', 'Domains', domains.join(' '));
}

function withDns(sections: readonly IniSection[], dns: readonly string[]): IniSection[] {
  let result = sections.map((section) => (section.name === 'Network' ? withoutKeys(section, (key) => key === 'DNS') : section));
  const at = result.findIndex(({ name }) => name === 'Network');
  const added = dns.map((address) => iniLine('DNS', address));
  if (at < 0) return [...result, { name: 'Network', lines: added }];
  const behind = lastIndex(result[at]!.lines, ({ key }) => key !== null) + 1;
  result = result.map((section, index) => (index === at ? { ...section, lines: [...section.lines.slice(0, behind), ...added, ...section.lines.slice(behind)] } : section));
  if (dns.length === 0) return result.map((section) => (section.name === 'DHCPv4' ? withoutKeys(section, (key) => key === 'UseDNS') : section));
  return /^(yes|true|1|on|ipv4)$/i.test(iniValue(result, 'Network', 'DHCP') ?? '') ? setIni(result, 'DHCPv4', 'UseDNS', 'no') : result;
}
