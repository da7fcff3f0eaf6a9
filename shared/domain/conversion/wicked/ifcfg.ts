import { ConfigProblem } from '../finding';

/** A line of an ifcfg file, which is shell: an assignment, or a comment or an empty line (`key` null). */
export interface IfcfgLine {
  text: string;
  key: string | null;
  value: string;
  /** Counts from 1. */
  line: number;
}

/** Source: ifcfg(5) of wicked. @throws ConfigProblem for anything but plain assignments: what a shell would make of it is not known */
export function parseIfcfg(path: string, content: string): IfcfgLine[] {
  return content.replace(/\n$/, '').split('\n').map((text, at) => {
    const line = at + 1;
    if (/^\s*(#.*)?$/.test(text)) return { text, key: null, value: '', line };
    const [, key, single, double, bare] = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(?:'([^']*)'|"([^"$`\\]*)"|([^\s'"$`\\;&|<>()]*))\s*(?:#.*)?$/.exec(text) ?? [];
    if (key === undefined) throw ConfigProblem.at(path, line, `Neither a plain setting nor a comment: ${text.trim()}`);
    return { text, key, value: single ?? double ?? bare ?? '', line };
  });
}

export const ifcfgLine = (key: string, value: string): IfcfgLine => ({ text: `${key}='${value}'`, key, value, line: 0 });
export const formatIfcfg = (lines: readonly IfcfgLine[]): string => `${lines.map(({ text }) => text).join('\n')}\n`;
