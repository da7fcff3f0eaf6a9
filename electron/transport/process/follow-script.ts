import { quoteArgv } from '../../../shared/domain/shell-quote';
import type { EventSource } from '../../commands/command';
import type { EventLine } from '../command-runner';

/** The host ends the stream when it hears nothing for so long; we write a line every third of it. */
export const heartbeatMs = 15_000;
const heartbeatLimitSeconds = 45;
/** Lines of several processes share one pipe: only writes up to PIPE_BUF (4096 bytes, pipe(7)) stay whole. */
const maxLineCharacters = 900;

/**
 * Several event streams in one. Every line is `NAME TEXT`; `NAME!` says that a source ended (it is started again, at
 * first after one second, then less and less often up to 30 s). The script ends with its stdin, with a heartbeat that
 * stays away (dropped packets never close a channel), or with any signal, and takes its whole process group along: no
 * orphan stays on the host. A source whose tool the host doesn't have is left out.
 */
export function buildFollowScript(sources: readonly EventSource[]): string {
  const starts = sources.map(({ name, argv }) => {
    if (!/^[a-z]+$/.test(name)) throw new Error(`Not a usable name of an event source: ${name}`);
    return `source_of ${name} ${quoteArgv(argv)} &`;
  });
  return `
exec 3<&0 </dev/null
tagged() { while IFS= read -r l; do printf '%s %.${maxLineCharacters}s\\n' "$1" "$l" || exit; done; }
source_of() {
  n=$1; shift
  command -v "$1" >/dev/null 2>&1 || return 0
  wait_s=1
  while :; do
    began=$(date +%s)
    "$@" 2>/dev/null | tagged "$n"
    printf '%s!\\n' "$n" || exit
    [ $(($(date +%s) - began)) -gt 60 ] && wait_s=1
    sleep "$wait_s"
    wait_s=$((wait_s * 2)); [ "$wait_s" -gt 30 ] && wait_s=30
  done
}
${starts.join('\n')}
if command -v timeout >/dev/null 2>&1; then
  while timeout ${heartbeatLimitSeconds} /bin/sh -c 'read -r x' <&3; do :; done
else
  while read -r x <&3; do :; done
fi
trap '' TERM
kill -TERM 0
`;
}

/** One line of the merged stream; null for what is none (it is passed over). */
export function parseFollowLine(line: string): EventLine | null {
  const match = /^([a-z]+)(!$| )([\s\S]*)$/.exec(line);
  if (!match) return null;
  const [, source = '', sign, text = ''] = match;
  return { source, text: sign === '!' ? null : text };
}
