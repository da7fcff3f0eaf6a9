import type { ActivityEntry } from '../../../shared/domain/activity';
import { quoteArgv } from '../../../shared/domain/shell-quote';
import type { MarkShape } from '../../ui/state-marks';

export const activityFilters = [
  { id: 'all', label: 'All' }, { id: 'commands', label: 'Commands' }, { id: 'reads', label: 'Reads' }, { id: 'events', label: 'Events' }, { id: 'failures', label: 'Failures' },
] as const;
export type ActivityFilter = (typeof activityFilters)[number]['id'];

/** Commands are what changes a host, with the checks after them; events are what a host or a session does by itself. */
export function passesFilter(entry: ActivityEntry, filter: ActivityFilter): boolean {
  switch (filter) {
    case 'all': return true;
    case 'commands': return entry.kind === 'command' || entry.kind === 'check';
    case 'reads': return entry.kind === 'read';
    case 'events': return entry.kind === 'event' || entry.kind === 'session';
    case 'failures': return entry.state === 'failed';
  }
}

const hasArgv = (entry: ActivityEntry): boolean => entry.kind === 'command' || entry.kind === 'read';

/** The line itself: argv as one would type it, or the sentence. */
export const lineText = (entry: ActivityEntry): string => (hasArgv(entry) ? quoteArgv(entry.argv) : entry.argv.join(' '));

export const lineShape: Record<ActivityEntry['state'], MarkShape> = { running: 'warn', ok: 'on', failed: 'bad', info: 'off' };
export const lineWord: Record<ActivityEntry['state'], string> = { running: 'running', ok: 'done', failed: 'failed', info: 'for information' };

/** "exit 1 · 88 ms", or what is known so far. */
export function lineResult(entry: ActivityEntry): string {
  if (entry.state === 'running') return 'running';
  const parts: string[] = [];
  if (entry.exitCode !== null && entry.exitCode !== 0) parts.push(`exit ${entry.exitCode}`);
  if (entry.durationMs !== null) parts.push(formatDuration(entry.durationMs));
  return parts.join(' · ');
}

/** "18 ms", "1.4 s", "2 min 5 s". */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`;
  if (durationMs < 60_000) return `${(durationMs / 1000).toFixed(1)} s`;
  return `${Math.floor(durationMs / 60_000)} min ${Math.round((durationMs % 60_000) / 1000)} s`;
}

export const hasDetails = (entry: ActivityEntry): boolean => Boolean(entry.stdin ?? (entry.stdout || entry.stderr));

/** Everything about an entry as text, for the clipboard. */
export function entryAsText(entry: ActivityEntry): string {
  const lines = [`${entry.at} ${hasArgv(entry) ? '$ ' : ''}${lineText(entry)}${entry.stdin ? ` < ${entry.stdin.name}` : ''}`];
  if (entry.stdin) lines.push(`--- ${entry.stdin.name}`, entry.stdin.text.trimEnd());
  if (entry.stdout) lines.push('--- stdout', entry.stdout.trimEnd());
  if (entry.stderr) lines.push('--- stderr', entry.stderr.trimEnd());
  if (lineResult(entry)) lines.push(`--- ${lineResult(entry)}`);
  return `${lines.join('\n')}\n`;
}

/** `20:14:02` in local time. */
export function clock(at: string): string {
  return new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}
