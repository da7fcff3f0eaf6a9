import { iniValue, setIni, withoutKeys } from '../ini';
import type { IniLine, IniSection } from '../ini';
import { cantLeave, notConfigured } from '../leave/leave-problem';
import { isLeftAddress, isLeftRoute, leavingOf } from '../leave/left-setting';

/** [IPv6AcceptRA] DHCPv6Client= came with it. */
const clientSettingSince = 246;

/**
 * A .network file's sections without what is to be left out. Source: systemd.network(5).
 * @throws ConfigProblem where the file doesn't say where something comes from
 */
export function leaveOutOfNetwork(source: string, sections: readonly IniSection[], words: readonly string[], systemd: number | null): IniSection[] {
  let result = [...sections];
  const leaving = leavingOf(words);
  const families = dhcpFamilies(iniValue(sections, 'Network', 'DHCP'));
  for (const word of words) {
    const own = leavingOf([word]);
    if (own.addresses.length > 0) result = changed(result, word, source, (section) => withoutAddress(section, ({ value }) => isLeftAddress(own, value)));
    if (own.routes.length > 0) result = changed(result, word, source, (section) => (section.name === 'Route' && isLeftRoute(own, valueIn(section, 'Destination')) ? null : section));
  }
  if (leaving.dhcp4) {
    if (!families.ipv4) throw notConfigured('dhcp4', source);
    result = setIni(result, 'Network', 'DHCP', families.ipv6 && !leaving.dhcp6 ? 'ipv6' : 'no');
  }
  if (leaving.dhcp6) {
    if (families.ipv6) result = setIni(result, 'Network', 'DHCP', families.ipv4 && !leaving.dhcp4 ? 'ipv4' : 'no');
    if (!leaving.ra) {
      if (systemd !== null && systemd < clientSettingSince) throw cantLeave('dhcp6', `systemd ${systemd} asks for a lease whenever a router says so; it can be told otherwise from ${clientSettingSince} on.`);
      result = setIni(result, 'IPv6AcceptRA', 'DHCPv6Client', 'no');
    }
  }
  if (leaving.ra) result = setIni(result, 'Network', 'IPv6AcceptRA', 'no');
  return leaving.dns ? withoutDns(result, source, { ipv4: families.ipv4 && !leaving.dhcp4, ipv6: !leaving.ra && iniValue(result, 'Network', 'IPv6AcceptRA') !== 'no' }) : result;
}

/** Both families where DHCP= is `yes`. */
function dhcpFamilies(value = ''): { ipv4: boolean; ipv6: boolean } {
  const both = /^(yes|true|on|1|both|y|t)$/i.test(value);
  return { ipv4: both || /^(ipv4|v4)$/i.test(value), ipv6: both || /^(ipv6|v6)$/i.test(value) };
}

const valueIn = ({ lines }: IniSection, key: string): string => lines.filter((line) => line.key === key).at(-1)?.value ?? '';

/** Null: the section goes. @throws ConfigProblem where nothing changes */
function changed(sections: readonly IniSection[], word: string, source: string, change: (section: IniSection) => IniSection | null): IniSection[] {
  const result = sections.map(change);
  if (result.every((section, at) => section === sections[at])) throw notConfigured(word, source);
  return result.filter((section) => section !== null);
}

function withoutAddress(section: IniSection, isLeft: (line: IniLine) => boolean): IniSection | null {
  if (section.name === 'Address') return section.lines.some((line) => line.key === 'Address' && isLeft(line)) ? null : section;
  if (section.name !== 'Network' || !section.lines.some((line) => line.key === 'Address' && isLeft(line))) return section;
  return { ...section, lines: section.lines.filter((line) => line.key !== 'Address' || !isLeft(line)) };
}

/** Name servers that DHCP and routers name are passed over as well. */
function withoutDns(sections: readonly IniSection[], source: string, learns: { ipv4: boolean; ipv6: boolean }): IniSection[] {
  const isDns = (key: string): boolean => key === 'DNS' || key === 'Domains';
  const isSaid = sections.some(({ name, lines }) => name === 'Network' && lines.some(({ key }) => key !== null && isDns(key)));
  if (!isSaid && !learns.ipv4) throw notConfigured('dns', source);
  let result = sections.map((section) => (section.name === 'Network' ? withoutKeys(section, isDns) : section));
  if (learns.ipv4) result = setIni(result, 'DHCPv4', 'UseDNS', 'no');
  if (learns.ipv6) for (const section of ['DHCPv6', 'IPv6AcceptRA']) result = setIni(result, section, 'UseDNS', 'no');
  return result;
}
