/** How virsh reads the words after a command (vshCommandParse of libvirt 9.0). */

export interface CommandOptions {
  /** `--flag` */
  flags?: readonly string[];
  /** `--name VALUE` that is only given by name. */
  values?: readonly string[];
  /** Given by name or by place, in this order. */
  data?: readonly { name: string; required: boolean }[];
}

export interface ParsedOptions {
  has(flag: string): boolean;
  value(name: string): string | null;
}

/** The options, or the lines virsh puts on stderr. */
export function parseOptions(command: string, words: readonly string[], options: CommandOptions): ParsedOptions | string[] {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const data = options.data ?? [];
  const named = new Set([...(options.values ?? []), ...data.map(({ name }) => name)]);
  let literal = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!literal && word === '--') {
      literal = true;
      continue;
    }
    if (!literal && word.startsWith('--')) {
      const [name = '', inline] = splitOnce(word.slice(2));
      if (options.flags?.includes(name)) {
        if (inline !== null) return [`invalid '=' after option --${name}`];
        flags.add(name);
      } else if (named.has(name)) {
        const value = inline ?? words[++at];
        if (value === undefined) return [`expected syntax: --${name} <string>`];
        values.set(name, value);
      } else return [`command '${command}' doesn't support option --${name}`];
      continue;
    }
    const next = data.find(({ name }) => !values.has(name));
    if (!next) return [`unexpected data '${word}'`];
    values.set(next.name, word);
  }
  const missing = data.filter(({ name, required }) => required && !values.has(name));
  if (missing.length > 0) return missing.map(({ name }) => `command '${command}' requires <${name}> option`);
  return { has: (flag) => flags.has(flag), value: (name) => values.get(name) ?? null };
}

function splitOnce(text: string): [string, string | null] {
  const at = text.indexOf('=');
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}
