import { sameAddress } from '../../subnet';
import { iniLine, lastIndex, setIni } from '../ini';
import type { IniLine, IniSection } from '../ini';
import type { SixChange } from '../readdress/six-change';
import { unknownOrigin } from '../readdress/unknown-origin';

/** Fixed IPv6 of a .network file: [Network] or sections of their own. Source: systemd.network(5). @throws ConfigProblem for an address it doesn't name */
export function withSix(path: string, sections: readonly IniSection[], { gone, come, gateway }: SixChange, device: string): IniSection[] {
  let result = [...sections];
  for (const [at, old] of gone.entries()) {
    const holds = ({ key, value }: IniLine): boolean => key === 'Address' && value.includes(':') && sameAddress(value.split('/')[0]!, old);
    if (!result.some(({ lines }) => lines.some(holds))) throw unknownOrigin(`${path} doesn't say`, old, device);
    const next = come[at];
    result = result.flatMap((section) => {
      if (!section.lines.some(holds)) return [section];
      if (next === undefined && section.name === 'Address') return [];
      return [{ ...section, lines: section.lines.flatMap((line) => (holds(line) ? (next === undefined ? [] : [iniLine('Address', next)]) : [line])) }];
    });
  }
  for (const added of come.slice(gone.length)) result = withAddress(result, added);
  return gateway === undefined ? result : withGateway(result, gateway);
}

/** Behind the last one of [Network]. */
function withAddress(sections: readonly IniSection[], address: string): IniSection[] {
  const at = lastIndex(sections, ({ name, lines }) => name === 'Network' && lines.some(({ key }) => key === 'Address'));
  if (at < 0) return setIni(sections, 'Network', 'Address', address);
  const { lines } = sections[at]!;
  const behind = lastIndex(lines, ({ key }) => key === 'Address') + 1;
  return sections.map((section, index) => (index === at ? { ...section, lines: [...lines.slice(0, behind), iniLine('Address', address), ...lines.slice(behind)] } : section));
}

const isGateway = ({ key, value }: IniLine): boolean => key === 'Gateway' && value.includes(':');
const isDefault = ({ name, lines }: IniSection): boolean => name === 'Route' && lines.some(isGateway) && lines.every(({ key, value }) => key !== 'Destination' || value === '::/0');

function withGateway(sections: readonly IniSection[], gateway: string | null): IniSection[] {
  const holds = (section: IniSection): boolean => isDefault(section) || (section.name === 'Network' && section.lines.some(isGateway));
  if (gateway === null) {
    return sections.filter((section) => !isDefault(section)).map((section) => (holds(section) ? { ...section, lines: section.lines.filter((line) => !isGateway(line)) } : section));
  }
  if (sections.some(holds)) {
    return sections.map((section) => (holds(section) ? { ...section, lines: section.lines.map((line) => (isGateway(line) ? iniLine('Gateway', gateway) : line)) } : section));
  }
  const blank: IniLine = { text: '', key: null, value: '', line: 0 };
  return [...sections, { name: '', lines: [blank] }, { name: 'Route', lines: [iniLine('Gateway', gateway)] }];
}
