import type { Family } from '../../address';
import { iniLine, iniValue, setIni, withoutKeys } from '../ini';
import type { IniLine, IniSection } from '../ini';
import { cantLeave, notConfigured } from '../leave/leave-problem';
import { isLeftAddress, isLeftRoute, leavingOf } from '../leave/left-setting';
import type { Leaving } from '../leave/left-setting';

const isAddress = (key: string | null): boolean => /^address(es)?\d*$/.test(key ?? '');
const isRoute = (key: string | null): boolean => /^route(s)?\d+$/.test(key ?? '');
const isDns = (key: string): boolean => key === 'dns' || key === 'dns-search' || key === 'dns-options' || key === 'dns-priority';

/**
 * A profile's sections without what is to be left out; the method follows from what is left. Source: nm-settings-keyfile(5), nm-settings(5).
 * @throws ConfigProblem for what a profile can't say
 */
export function leaveOutOfProfile(path: string, sections: readonly IniSection[], words: readonly string[]): IniSection[] {
  const leaving = leavingOf(words);
  if (leaving.dhcp6 && !leaving.ra && iniValue(sections, 'ipv6', 'method') !== 'dhcp') {
    throw cantLeave('dhcp6', 'A profile of NetworkManager takes what routers advertise and the lease that they name together, or neither.');
  }
  let result = [...sections];
  for (const word of words) {
    const own = leavingOf([word]);
    if (own.addresses.length > 0) result = changed(result, word, path, (section) => withoutAddress(section, own));
    if (own.routes.length > 0) result = changed(result, word, path, (section) => withoutRoute(section, own));
  }
  if (leaving.dhcp4) {
    if (!['auto', undefined].includes(iniValue(result, 'ipv4', 'method'))) throw notConfigured('dhcp4', path);
    result = withMethod(result, 'ipv4');
  }
  if (leaving.ra || leaving.dhcp6) result = withMethod(result, 'ipv6');
  for (const family of ['ipv4', 'ipv6'] as const) {
    if (iniValue(result, family, 'method') === 'manual' && !hasAddress(result, family)) result = withMethod(result, family);
  }
  return leaving.dns ? withoutDns(result, path) : result;
}

const inFamily = (sections: readonly IniSection[], family: Family): IniLine[] => sections.filter(({ name }) => name === family).flatMap(({ lines }) => lines);
const hasAddress = (sections: readonly IniSection[], family: Family): boolean => inFamily(sections, family).some(({ key, value }) => isAddress(key) && value !== '');

/** Without a source of addresses the others' settings are refused: no method takes name servers or routes of a family that has none. */
function withMethod(sections: readonly IniSection[], family: Family): IniSection[] {
  if (hasAddress(sections, family)) return setIni(sections, family, 'method', 'manual');
  const emptied = sections.map((section) => (section.name === family ? withoutKeys(section, (key) => isDns(key) || isRoute(key) || /^route\d+_options$/.test(key) || /^(gateway|ignore-auto-|dhcp-|may-fail)/.test(key)) : section));
  return setIni(emptied, family, 'method', family === 'ipv4' ? 'disabled' : 'link-local');
}

function changed(sections: readonly IniSection[], word: string, path: string, change: (section: IniSection) => IniSection): IniSection[] {
  const result = sections.map((section) => (section.name === 'ipv4' || section.name === 'ipv6' ? change(section) : section));
  if (result.every((section, at) => section === sections[at])) throw notConfigured(word, path);
  return result;
}

/** `addressN=ADDRESS/PREFIX,GATEWAY`: a gateway that stands with an address counts for the whole profile, and stays. */
function withoutAddress(section: IniSection, leaving: Leaving): IniSection {
  const gone = section.lines.filter(({ key, value }) => isAddress(key) && isLeftAddress(leaving, value.split(',')[0]!));
  if (gone.length === 0) return section;
  const gateway = gone.map(({ value }) => value.split(',')[1]?.trim() ?? '').find((text) => text !== '');
  const isSaid = section.lines.some(({ key, value }) => key === 'gateway' || (isAddress(key) && value.includes(',') && !isLeftAddress(leaving, value.split(',')[0]!)));
  const added = gateway !== undefined && !isSaid ? [iniLine('gateway', gateway)] : [];
  return { ...section, lines: section.lines.flatMap((line) => (gone.includes(line) ? (line === gone[0] ? added : []) : [line])) };
}

/** `routeN=DESTINATION,GATEWAY,METRIC` and its `routeN_options`. */
function withoutRoute(section: IniSection, leaving: Leaving): IniSection {
  const gone = section.lines.flatMap(({ key, value }) => (isRoute(key) && isLeftRoute(leaving, value.split(',')[0]!) ? [key!] : []));
  return gone.length === 0 ? section : withoutKeys(section, (key) => gone.includes(key.replace(/_options$/, '')));
}

/** Name servers that DHCP and routers name are passed over as well. */
function withoutDns(sections: readonly IniSection[], path: string): IniSection[] {
  const learns = (['ipv4', 'ipv6'] as const).filter((family) => iniValue(sections, family, 'method') === 'auto');
  const isSaid = (['ipv4', 'ipv6'] as const).some((family) => inFamily(sections, family).some(({ key }) => key === 'dns' || key === 'dns-search'));
  if (!isSaid && !learns.includes('ipv4')) throw notConfigured('dns', path);
  const without = sections.map((section) => (section.name === 'ipv4' || section.name === 'ipv6' ? withoutKeys(section, isDns) : section));
  return learns.reduce((result, family) => setIni(result, family, 'ignore-auto-dns', 'true'), without);
}
