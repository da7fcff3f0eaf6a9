import { LibvirtError } from '../libvirt/libvirt-error';

/** What a virsh command says. `extra` is the kind of line that `-q` silences (vshPrintExtra). */
export interface VirshReply {
  ok: boolean;
  out: string;
  extra: string;
  /** Without `error: `. */
  errors: string[];
  /** The words were wrong: virsh never ran the command, and prints no empty line after it. */
  unparsed?: boolean;
}

/** How the command is run. */
export interface VirshContext {
  quiet: boolean;
  stdin: string;
  readOnly: boolean;
}

export const reply = (out: string): VirshReply => ({ ok: true, out, extra: '', errors: [] });
export const said = (extra: string): VirshReply => ({ ok: true, out: '', extra, errors: [] });
export const refused = (...errors: string[]): VirshReply => ({ ok: false, out: '', extra: '', errors });

/**
 * Runs a libvirt call that changes something; a LibvirtError becomes the two lines that virsh prints. `name` is
 * libvirt's own for the call: a read-only connection is refused it.
 */
export function attempt({ readOnly }: VirshContext, name: string, failure: string, call: () => VirshReply): VirshReply {
  try {
    if (readOnly) throw new LibvirtError(`operation forbidden: read only access prevents ${name}`);
    return call();
  } catch (error) {
    if (error instanceof LibvirtError) return refused(failure, error.message);
    throw error;
  }
}

/**
 * virsh's tables (vshTable): a blank in front, three between columns, a line of dashes below the header. With `quiet`
 * neither.
 */
export function table(header: readonly string[], rows: readonly (readonly string[])[], quiet: boolean): string {
  const all = quiet ? rows : [header, ...rows];
  const widths = header.map((_, at) => Math.max(0, ...all.map((row) => displayWidth(row[at] ?? ''))));
  const line = (row: readonly string[]) => ` ${row.map((cell, at) => (at === row.length - 1 ? cell : cell + ' '.repeat((widths[at] ?? 0) - displayWidth(cell) + 3))).join('')}\n`;
  if (quiet) return rows.map(line).join('');
  const dashes = widths.reduce((sum, width) => sum + width + 3, 0);
  return `${line(header)}${'-'.repeat(dashes)}\n${rows.map(line).join('')}`;
}

function displayWidth(text: string): number {
  return [...text].length;
}
