import { sameAddress } from '../../subnet';
import { ConfigProblem } from '../finding';
import { iniLine, iniValue, setIni, withoutKeys } from '../ini';
import type { IniLine, IniSection } from '../ini';
import type { SixChange } from '../readdress/six-change';
import { unknownOrigin } from '../readdress/unknown-origin';

const isAddress = (key: string | null): boolean => /^address(es)?\d+$/.test(key ?? '');
const inSix = (sections: readonly IniSection[], change: (lines: IniLine[]) => IniLine[]): IniSection[] => sections.map((section) => (section.name === 'ipv6' ? { ...section, lines: change(section.lines) } : section));
const sixLines = (sections: readonly IniSection[]): IniLine[] => sections.filter(({ name }) => name === 'ipv6').flatMap(({ lines }) => lines);

/** Fixed IPv6 of a profile; its method follows only where it allowed none, or has none left. Source: nm-settings-keyfile(5). @throws ConfigProblem */
export function withSix(path: string, sections: readonly IniSection[], { gone, come, gateway }: SixChange, device: string): IniSection[] {
  let result = [...sections];
  for (const [at, old] of gone.entries()) {
    const holds = ({ key, value }: IniLine): boolean => isAddress(key) && sameSix(value, old);
    if (!sixLines(result).some(holds)) throw unknownOrigin(`${path} doesn't say`, old, device);
    // A gateway that stands with an address counts for the whole profile.
    const own = sixLines(result).find(holds)!.value.split(',')[1]?.trim();
    const next = come[at];
    result = inSix(result, (lines) => lines.flatMap((line) => (holds(line) ? (next === undefined ? [] : [iniLine(line.key!, [next, ...own === undefined ? [] : [own]].join(','))]) : [line])));
    if (next === undefined && own !== undefined && iniValue(result, 'ipv6', 'gateway') === undefined) result = setIni(result, 'ipv6', 'gateway', own);
  }
  for (const added of come.slice(gone.length)) {
    const taken = sixLines(result).flatMap(({ key }) => (isAddress(key) ? [Number(/\d+$/.exec(key!)![0])] : []));
    if (iniValue(result, 'ipv6', 'method') === undefined) result = setIni(result, 'ipv6', 'method', 'auto');
    result = setIni(result, 'ipv6', `address${Math.max(0, ...taken) + 1}`, added);
  }
  if (gateway !== undefined) {
    result = inSix(result, (lines) => lines.map((line) => (isAddress(line.key) && line.value.includes(',') ? iniLine(line.key!, line.value.split(',')[0]!) : line)));
    result = gateway === null ? result.map((section) => (section.name === 'ipv6' ? withoutKeys(section, (key) => key === 'gateway') : section)) : setIni(result, 'ipv6', 'gateway', gateway);
  }
  return withMethod(result, device);
}

function withMethod(sections: readonly IniSection[], device: string): IniSection[] {
  const method = iniValue(sections, 'ipv6', 'method') ?? 'auto';
  const hasAddress = sixLines(sections).some(({ key }) => isAddress(key));
  if (hasAddress) return ['auto', 'dhcp', 'manual'].includes(method) ? [...sections] : setIni(sections, 'ipv6', 'method', 'manual');
  if (iniValue(sections, 'ipv6', 'gateway') !== undefined) {
    throw ConfigProblem.of('gateway6.no-address', 'NetworkManager takes a gateway of IPv6 with a fixed address only', `${device} would have none.`, 'Fix an address as well, or take the gateway away with the last one.');
  }
  return method === 'manual' ? setIni(sections, 'ipv6', 'method', 'link-local') : [...sections];
}

/** `ADDRESS/PREFIX,GATEWAY` */
function sameSix(value: string, address: string): boolean {
  const own = value.split(/[,/]/)[0]!.trim();
  return own.includes(':') && sameAddress(own, address);
}
