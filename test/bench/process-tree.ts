import { readFileSync, readdirSync } from 'node:fs';

/** A file of /proc; null when its process has ended meanwhile. */
export function readProc(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return null;
    throw error;
  }
}

/** Ids of a process and of everything below it. Source: proc(5), /proc/PID/stat (the name may hold blanks and brackets). */
export function processTree(rootId: number): number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    const stat = /^\d+$/.test(entry) ? readProc(`/proc/${entry}/stat`) : null;
    const parent = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
    if (parent !== undefined) parents.set(Number(entry), Number(parent));
  }
  const tree = [rootId];
  for (const id of tree) for (const [child, parent] of parents) if (parent === id) tree.push(child);
  return tree;
}

/** PSS in MiB of a process and all below it: memory shared by several counts in parts. Source: proc(5), smaps_rollup. */
export function treePssMib(rootId: number): number {
  let kib = 0;
  for (const id of processTree(rootId)) kib += Number(/^Pss:\s+(\d+) kB$/m.exec(readProc(`/proc/${id}/smaps_rollup`) ?? '')?.[1] ?? 0);
  return kib / 1024;
}

/** Seconds of processor time that a process and all below it have had so far. Source: proc(5), /proc/PID/stat, utime and stime. */
export function treeCpuSeconds(rootId: number): number {
  const ticksPerSecond = 100;
  let ticks = 0;
  for (const id of processTree(rootId)) {
    const stat = readProc(`/proc/${id}/stat`);
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
    ticks += Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  }
  return ticks / ticksPerSecond;
}
