import { ConfigProblem } from './finding';

/**
 * The files of systemd.syntax(7) and of NetworkManager's keyfiles as lines: sections, keys, comments. What is not changed is
 * written again byte for byte.
 */
export interface IniSection {
  /** Without the brackets; empty for what stands before the first header. */
  name: string;
  lines: IniLine[];
}

export interface IniLine {
  /** As it stands, continuation lines included, without the last line feed. */
  text: string;
  /** Null: a comment or an empty line. */
  key: string | null;
  value: string;
  /** Counts from 1. */
  line: number;
}

/** @throws ConfigProblem for a line that is no header, assignment or comment */
export function parseIni(path: string, content: string): IniSection[] {
  const sections: IniSection[] = [{ name: '', lines: [] }];
  const physical = content.split('\n');
  if (physical.at(-1) === '') physical.pop();
  for (let at = 0; at < physical.length; at += 1) {
    const line = at + 1;
    let text = physical[at]!;
    const trimmed = text.trim();
    const comment = trimmed === '' || /^[#;]/.test(trimmed);
    const header = comment ? null : /^\[([^\][]+)\]$/.exec(trimmed);
    const last = sections.at(-1)!;
    if (comment) {
      last.lines.push({ text, key: null, value: '', line });
    } else if (header) {
      sections.push({ name: header[1]!, lines: [] });
    } else {
      while (/\\$/.test(text) && at + 1 < physical.length) text += `\n${physical[at += 1]!}`;
      const pair = /^\s*([^=\s][^=]*?)\s*=\s*([\s\S]*?)\s*$/.exec(text);
      if (!pair) throw ConfigProblem.at(path, line, `Neither a section, a setting nor a comment: ${trimmed}`);
      if (last.name === '') throw ConfigProblem.at(path, line, 'A setting stands before the first section.');
      last.lines.push({ text, key: pair[1]!, value: pair[2]!.replace(/\\\n\s*/g, ' '), line });
    }
  }
  return sections;
}

/** Empty sections without a name vanish; the others are kept even when empty. */
export function formatIni(sections: readonly IniSection[]): string {
  const lines = sections.flatMap(({ name, lines: own }) => [...name === '' ? [] : [`[${name}]`], ...own.map(({ text }) => text)]);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

export function iniLine(key: string, value: string): IniLine {
  return { text: `${key}=${value}`, key, value, line: 0 };
}

/** The last value of a key over all sections of that name; undefined: it isn't set. */
export function iniValue(sections: readonly IniSection[], section: string, key: string): string | undefined {
  return sections.filter(({ name }) => name === section).flatMap(({ lines }) => lines).filter((line) => line.key === key).at(-1)?.value;
}

/** Sets a key in place, or behind the last setting of the section, or in a new section at the end. Returns new sections. */
export function setIni(sections: readonly IniSection[], section: string, key: string, value: string): IniSection[] {
  const added = iniLine(key, value);
  const holder = lastIndex(sections, ({ name, lines }) => name === section && lines.some((line) => line.key === key));
  const index = holder >= 0 ? holder : lastIndex(sections, ({ name }) => name === section);
  if (index < 0) return [...withSpaceAtEnd(sections), { name: section, lines: [added] }];
  return sections.map((entry, at) => {
    if (at !== index) return entry;
    const present = lastIndex(entry.lines, (line) => line.key === key);
    if (present >= 0) return { ...entry, lines: entry.lines.map((line, place) => (place === present ? added : line)) };
    const behind = lastIndex(entry.lines, (line) => line.key !== null) + 1;
    return { ...entry, lines: [...entry.lines.slice(0, behind), added, ...entry.lines.slice(behind)] };
  });
}

export function withoutKeys(section: IniSection, drop: (key: string) => boolean): IniSection {
  return { ...section, lines: section.lines.filter((line) => line.key === null || !drop(line.key)) };
}

function withSpaceAtEnd(sections: readonly IniSection[]): IniSection[] {
  const last = sections.at(-1);
  if (!last || (last.name === '' && last.lines.length === 0) || last.lines.at(-1)?.text === '') return [...sections];
  return [...sections.slice(0, -1), { ...last, lines: [...last.lines, { text: '', key: null, value: '', line: 0 }] }];
}

export function lastIndex<T>(items: readonly T[], matches: (item: T) => boolean): number {
  return items.reduce((found, item, at) => (matches(item) ? at : found), -1);
}
