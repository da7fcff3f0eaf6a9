import type { HistoryRow } from '../../../shared/domain/plan';

/** How a run ended, by sign and word. */
export interface OutcomeWord { sign: string; word: string; tone: 'good' | 'warning' | 'bad' }

export function outcomeWord(row: Pick<HistoryRow, 'outcome' | 'cancelled' | 'failedChecks'>): OutcomeWord {
  switch (row.outcome) {
    case 'applied':
      if (row.failedChecks === 0) return { sign: '●', word: 'done', tone: 'good' };
      return { sign: '▲', word: row.failedChecks === 1 ? 'done, 1 check failed' : `done, ${row.failedChecks} checks failed`, tone: 'warning' };
    case 'rolled-back': return { sign: '↺', word: row.cancelled ? 'cancelled' : 'failed, taken back', tone: 'warning' };
    case 'half-done':
    case null: return { sign: '✕', word: 'half done', tone: 'bad' };
  }
}

/** `20:14:02` today, `Mon 20:14` within the last week, else `3 Nov 2026, 20:14`; in the user's own time zone. */
export function describeWhen(iso: string, now: Date): string {
  const at = new Date(iso);
  const time = (withSeconds: boolean): string => at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', ...(withSeconds ? { second: '2-digit' } : {}) });
  if (at.toDateString() === now.toDateString()) return time(true);
  const days = (now.getTime() - at.getTime()) / 86_400_000;
  if (days >= 0 && days < 6) return `${at.toLocaleDateString('en-GB', { weekday: 'short' })} ${time(false)}`;
  return `${at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })}, ${time(false)}`;
}

/** Rows in which every word of `query` occurs: in the title, the host's name or the outcome. */
export function searchHistory(rows: readonly HistoryRow[], query: string): HistoryRow[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    const text = `${row.title} ${row.hostName} ${outcomeWord(row).word} ${row.undoneBy ? 'undone' : ''}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
