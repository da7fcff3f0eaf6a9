import { quoteArgv, quoteWord } from '../../../shared/domain/shell-quote';
import { AppError } from '../../../shared/errors/app-error';
import type { GatherSection } from '../../commands/command';

/**
 * The gather script: many read-only commands, all at once, in one trip. Each section writes to files of its own; then
 * come the frames, in order: `@TOKEN NAME RC OUTBYTES ERRBYTES\n`, the bytes of stdout, the bytes of stderr. Contents
 * are counted, never searched, so nothing a host prints can be taken for a frame. The section `end` proves that all of it
 * arrived.
 */
export function buildGatherScript(sections: readonly GatherSection[], token: string): string {
  const names = new Set<string>();
  for (const { name } of sections) {
    if (!/^[a-z0-9-]+$/.test(name) || name === 'end' || names.has(name)) throw new Error(`Not a usable section name: ${name}`);
    names.add(name);
  }
  const starts = sections.map(({ command }, index) => `{ ${commandText(command)}
} >"$d/${index}.o" 2>"$d/${index}.e" </dev/null && echo 0 >"$d/${index}.r" || echo $? >"$d/${index}.r" &`);
  const frames = sections.map(({ name }, index) => `frame ${name} ${index}`);
  return `umask 077
d=$(mktemp -d 2>/dev/null) || { d=\${TMPDIR:-/tmp}/netwright.$$; mkdir "$d" || exit 1; }
trap 'rm -rf "$d"' EXIT
trap 'exit 1' HUP INT TERM PIPE
files() {
  k=$1; shift
  for f in "$@"; do
    [ -f "$f" ] || continue
    if cat "$f" >"$d/$k.f" 2>/dev/null; then u=0; else u=1; : >"$d/$k.f"; fi
    printf 'F %s %s %s\\n' "$u" "$(($(wc -c <"$d/$k.f")))" "$f"
    cat "$d/$k.f"
  done
}
tools() { for t in "$@"; do printf '%s\\t%s\\n' "$t" "$(command -v "$t")"; done; }
sysctl_value() { if [ -r "$2" ]; then printf '%s=%s\\n' "$1" "$(cat "$2")"; fi; }
frame() {
  read -r r <"$d/$2.r"
  eval "o=\\$o$2 e=\\$e$2"
  printf '@${token} %s %s %s %s\\n' "$1" "$r" "$o" "$e"
  cat "$d/$2.o" "$d/$2.e"
}
${starts.join('\n')}
wait
cd "$d" || exit 1
${sections.length === 0 ? '' : `wc -c *.o *.e >sizes
while read -r n f; do case $f in *.o) eval "o\${f%.o}=$n" ;; *.e) eval "e\${f%.e}=$n" ;; esac; done <sizes`}
${frames.join('\n')}
printf '@${token} end 0 0 0\\n'
cd /
`;
}

function commandText(command: GatherSection['command']): string {
  switch (command.kind) {
    case 'argv': return quoteArgv(command.argv);
    // `k` names the scratch file: sections run side by side.
    case 'files': return `files "f$$-${scratchName(command.globs)}" ${command.globs.map(quoteGlob).join(' ')}`;
    case 'tools': return `tools ${command.names.map(quoteWord).join(' ')}`;
    case 'sysctls': return `${command.keys.map((key) => `sysctl_value ${quoteWord(key)} ${quoteWord(sysctlPath(key))}`).join('; ')}${command.keys.length ? '; ' : ''}true`;
  }
}

/** A word for sh in which only `*`, `?` and `[…]` stay special. */
export function quoteGlob(pattern: string): string {
  return pattern.split(/([*?[\]]+)/).map((part, index) => (index % 2 === 1 || part === '' ? part : quoteWord(part))).join('');
}

/** sysctl(8): dots stand for slashes; a slash in the key (an interface such as `eth0.5`) stands for a dot. */
function sysctlPath(key: string): string {
  return `/proc/sys/${key.replace(/[./]/g, (character) => (character === '.' ? '/' : '.'))}`;
}

function scratchName(globs: readonly string[]): string {
  let sum = 0;
  for (const character of globs.join('\n')) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 2_147_483_647;
  return sum.toString(36);
}

export interface GatherReply {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/**
 * The sections of a reply by name. What a login shell printed before the first frame is passed over.
 * @throws AppError `reply.unreadable` when a frame is broken or missing.
 */
export function parseGatherReply(bytes: Buffer, token: string): Map<string, GatherReply> {
  const head = Buffer.from(`@${token} `, 'latin1');
  const replies = new Map<string, GatherReply>();
  let position = bytes.indexOf(head);
  if (position < 0) throw unreadable('it holds no section');
  while (position < bytes.length) {
    if (!bytes.subarray(position, position + head.length).equals(head)) throw unreadable(`a section starts wrongly at byte ${position}`);
    const lineEnd = bytes.indexOf(10, position);
    const line = lineEnd < 0 ? '' : bytes.toString('latin1', position + head.length, lineEnd);
    const match = /^([a-z0-9-]+) (\d{1,3}) (\d{1,10}) (\d{1,10})$/.exec(line);
    if (!match) throw unreadable(`a section is cut off at byte ${position}`);
    const [, name = '', exitCode, outBytes, errBytes] = match;
    const outStart = lineEnd + 1;
    const errStart = outStart + Number(outBytes);
    const next = errStart + Number(errBytes);
    if (next > bytes.length) throw unreadable(`section ${name} is cut off`);
    if (name === 'end') {
      if (next !== bytes.length) throw unreadable('something follows its end');
      return replies;
    }
    if (replies.has(name)) throw unreadable(`section ${name} comes twice`);
    replies.set(name, {
      exitCode: Number(exitCode), stdout: bytes.toString('utf8', outStart, errStart), stderr: bytes.toString('utf8', errStart, next),
    });
    position = next;
  }
  throw unreadable('its end is missing');
}

function unreadable(reason: string): AppError {
  return new AppError('reply.unreadable', 'The host\'s answer is incomplete', `The reply of the gather script can't be read: ${reason}.`, {
    hint: 'Try again. A full /tmp on the host is a common cause.',
  });
}
