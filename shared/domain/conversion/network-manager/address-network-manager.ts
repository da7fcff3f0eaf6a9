import { quoteWord } from '../../shell-quote';
import { contentOf } from '../facts';
import type { ConversionFacts } from '../facts';
import { ConfigProblem } from '../finding';
import { formatIni, iniLine, iniValue, parseIni, setIni, withoutKeys } from '../ini';
import type { IniLine, IniSection } from '../ini';
import type { AddressChange } from '../readdress/address-request';
import type { AddressPlanner } from '../readdress/address-planner';
import { unknownOrigin } from '../readdress/unknown-origin';
import { releasePlan, removedFiles, writtenFiles } from '../release';
import type { LastingFile } from '../release';
import type { TransactionStep } from '../transaction';
import { leaveOutOfProfile } from './leave-profile';
import { withSix } from './six-network-manager';

const folder = '/etc/NetworkManager/system-connections/';

/**
 * The profile is changed where it stands: one beside it would take the device down and up again when it is confirmed. `reapply` changes
 * addresses and routes without that; it can't change the MTU. Sources: nmcli(1), nm-settings-keyfile(5).
 */
export const networkManagerAddress: AddressPlanner = {
  files: changedFiles,
  plan: (facts, device, files, wants) => {
    const profile = facts.networkManager[device];
    const path = files.find((file) => file.path.endsWith('.nmconnection'))?.path;
    if (!profile?.uuid || path === undefined) throw ConfigProblem.of('config.missing', `No profile is active on ${device}`, `NetworkManager names no connection profile for ${device}.`);
    const up = `nmcli --wait 30 connection up uuid ${profile.uuid} ifname ${quoteWord(device)}`;
    const take: TransactionStep[] = [
      { says: `Have NetworkManager read the profile of ${device}`, command: `nmcli connection load ${quoteWord(path)}` },
      { says: `Set ${device} up as it says`, command: wants.mtu === undefined ? `nmcli device reapply ${quoteWord(device)} || ${up}` : up },
    ];
    return releasePlan(facts, {
      stack: 'NetworkManager', kind: 'linux', goal: 'address', nic: device, bridge: device, wants,
      files: writtenFiles(files, (own) => (own === path ? own : null)), removes: removedFiles(facts, files, () => 'commit'),
      apply: take, commit: [], revert: take, needsBootGuard: true, expectedGap: wants.mtu === undefined ? 1 : 3,
    });
  },
};

function changedFiles(facts: ConversionFacts, change: AddressChange): LastingFile[] {
  const path = facts.networkManager[change.device]?.file ?? null;
  const content = path === null ? undefined : contentOf(facts, path);
  if (path === null || content === undefined) throw ConfigProblem.of('config.unreadable', `The profile of ${change.device} can't be read`, 'It stands in no file, so that it can\'t be changed for good.');
  if (!path.startsWith(folder)) throw ConfigProblem.of('config.volatile', `${path} is no keyfile below /etc`, 'A change of it would not last.', `Save it first: nmcli connection modify uuid ${facts.networkManager[change.device]?.uuid ?? ''} connection.autoconnect yes`);
  const sections = parseIni(path, content);
  const type = iniValue(sections, 'connection', 'type');
  if (change.mtu !== null && type === 'generic') throw ConfigProblem.of('mtu.generic', `NetworkManager doesn't set the MTU of ${change.device}`, 'Its profile is of type generic, as for ports of Open vSwitch.');
  return [{ path, content: formatIni(changed(path, sections, change)), mode: 0o600 }];
}

function changed(path: string, sections: IniSection[], change: AddressChange): IniSection[] {
  let result = sections;
  if (change.dhcp) {
    if (!result.some(({ name, lines }) => name === 'ipv4' && lines.some(({ key, value }) => isAddress(key) && isOneOf(change.replaced, value)))) throw unknownOrigin(`${path} doesn't say`, change.replaced[0], change.device);
    const left = leaveOutOfProfile(path, setIni(result, 'ipv4', 'method', 'auto'), change.replaced);
    result = inIpv4(left, (section) => withoutKeys({ ...section, lines: section.lines.map(withoutGateway) }, (key) => key === 'gateway'));
  }
  if (change.address !== null) result = withAddress(path, result, change, change.address);
  if (change.gateway !== null) {
    result = inIpv4(result, (section) => ({ ...section, lines: section.lines.map(withoutGateway) }));
    result = setIni(result, 'ipv4', 'gateway', change.gateway);
  }
  if (change.six !== null) result = withSix(path, result, change.six, change.device);
  if (change.dns !== null) {
    for (const family of ['ipv4', 'ipv6'] as const) {
      const own = change.dns.filter((address) => address.includes(':') === (family === 'ipv6'));
      result = result.map((section) => (section.name === family ? withoutKeys(section, (key) => key === 'dns' || key === 'ignore-auto-dns') : section));
      if (own.length > 0) result = setIni(result, family, 'dns', `${own.join(';')};`);
      if (change.dns.length > 0 && iniValue(result, family, 'method') === 'auto') result = setIni(result, family, 'ignore-auto-dns', 'true');
    }
  }
  if (change.search !== null) result = withSearch(result, change.search);
  if (change.mtu !== null) result = setIni(result, result.some(({ name }) => name === '802-3-ethernet') ? '802-3-ethernet' : 'ethernet', 'mtu', String(change.mtu));
  return result;
}

const isAddress = (key: string | null): boolean => /^address(es)?\d+$/.test(key ?? '');
/** `ADDRESS/PREFIX,GATEWAY` */
const isOneOf = (addresses: readonly string[], value: string): boolean => addresses.includes(value.split(/[,/]/)[0]!.trim());
const withoutGateway = (line: IniLine): IniLine => (isAddress(line.key) && line.value.includes(',') ? iniLine(line.key!, line.value.split(',')[0]!) : line);
const inIpv4 = (sections: readonly IniSection[], change: (section: IniSection) => IniSection): IniSection[] => sections.map((section) => (section.name === 'ipv4' ? change(section) : section));

/** In the family that has name servers. `~lan` says whom to ask about names, and is no domain to look in. */
function withSearch(sections: readonly IniSection[], search: readonly string[]): IniSection[] {
  const holder = iniValue(sections, 'ipv4', 'method') === 'disabled' ? 'ipv6' : 'ipv4';
  let result = [...sections];
  for (const family of ['ipv4', 'ipv6']) {
    const domains = (iniValue(result, family, 'dns-search') ?? '').split(';').filter((word) => word.startsWith('~'));
    if (family === holder) domains.unshift(...search);
    result = result.map((section) => (section.name === family ? withoutKeys(section, (key) => key === 'dns-search') : section));
    if (domains.length > 0) result = setIni(result, family, 'dns-search', `${domains.join(';')};`);
  }
  return result;
}

function withAddress(path: string, sections: readonly IniSection[], { replaced, wasLeased, device }: AddressChange, address: string): IniSection[] {
  let found = false;
  const changedInPlace = inIpv4(sections, (section) => ({
    ...section, lines: section.lines.map((line) => {
      const [, gateway] = line.value.split(',');
      if (!isAddress(line.key) || !isOneOf(replaced, line.value)) return line;
      found = true;
      return iniLine(line.key!, [address, ...gateway === undefined ? [] : [gateway]].join(','));
    }),
  }));
  if (found) return changedInPlace;
  if (!wasLeased && replaced.length > 0) throw unknownOrigin(`${path} doesn't say`, replaced[0], device);
  const taken = sections.filter(({ name }) => name === 'ipv4').flatMap(({ lines }) => lines).flatMap(({ key }) => (isAddress(key) ? [Number(/\d+$/.exec(key!)![0])] : []));
  return setIni(setIni(sections, 'ipv4', 'method', 'manual'), 'ipv4', `address${Math.max(0, ...taken) + 1}`, address);
}
