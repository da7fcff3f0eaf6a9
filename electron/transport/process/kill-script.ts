/**
 * A script that ends a process and its group on the host: TERM, and KILL for what is still there two seconds later.
 * Process group and marks come from /proc (proc(5): stat field 5, environ).
 *
 * @param mark when given, the process is touched only if its environment or command line holds it: a pid that was kept
 * over a lost connection may long belong to another process.
 */
export function buildKillScript(pid: number, mark: string | null): string {
  if (!Number.isSafeInteger(pid) || pid <= 1) throw new Error(`Not the pid of a process: ${pid}`);
  // `kill -TERM -PGID` without `--` is the one form that dash, bash and busybox all take.
  return `
p=${pid}
s=$(cat /proc/$p/stat 2>/dev/null) || exit 0
${mark === null ? '' : `cat /proc/$p/environ /proc/$p/cmdline 2>/dev/null | grep -q ${mark} || exit 0`}
s=\${s##*) }
set -- $s
g=$3
case $g in ''|0|1|*[!0-9]*) g=$p ;; esac
to_group() { kill -"$1" "-$g" 2>/dev/null || kill -"$1" "$p" 2>/dev/null; }
to_group TERM
i=0
while kill -0 "$p" 2>/dev/null && [ "$i" -lt 20 ]; do sleep 0.1; i=$((i + 1)); done
kill -0 "$p" 2>/dev/null && to_group KILL
exit 0
`;
}
