import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { readProc } from './process-tree';

const lookEveryMs = 5;
/** Until a process that was forked has surely become what it is meant to be. */
const youngMs = 500;

/** Below ssh sessions systemd keeps processes in these; a lab host's own path precedes it. Source: pam_systemd(8), sshd(8). */
const ofSession = /\/(?:session-[^/]+\.scope|ssh\.service)/;

/**
 * Command lines of the processes that start in SSH sessions of a lab host during the time, each as often as it started.
 * The host's processes are seen from outside, by the control group that its name is in; one that lives shorter than a
 * few milliseconds may be missed.
 */
export async function processesStarted(labHost: string, forMs: number): Promise<string[]> {
  const known = new Set(readdirSync('/proc'));
  const started: { id: string; line: string; seenAt: number }[] = [];
  for (const end = performance.now() + forMs; performance.now() < end; await delay(lookEveryMs)) {
    const now = performance.now();
    // A process that was just forked still has its parent's command line.
    for (const young of started.filter((each) => now - each.seenAt < youngMs)) young.line = commandLine(young.id) || young.line;
    for (const entry of readdirSync('/proc')) {
      if (known.has(entry)) continue;
      known.add(entry);
      const groups = /^\d+$/.test(entry) ? readProc(`/proc/${entry}/cgroup`) : null;
      if (groups === null || !groups.includes(`/lab-${labHost}/`) || !ofSession.test(groups)) continue;
      started.push({ id: entry, line: commandLine(entry), seenAt: now });
    }
  }
  return started.map(({ line }) => line);
}

const commandLine = (id: string): string => (readProc(`/proc/${id}/cmdline`) ?? '').replaceAll('\0', ' ').trim();
