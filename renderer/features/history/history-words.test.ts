import { describe, expect, it } from 'vitest';
import type { HistoryRow } from '../../../shared/domain/plan';
import { describeWhen, outcomeWord, searchHistory } from './history-words';

const row = (change: Partial<HistoryRow>): HistoryRow => ({
  id: 'h', hostId: 'attic', hostName: 'attic', title: 'Create NAT network lab-web', outcome: 'applied', cancelled: false, startedAt: '2026-11-23T20:14:02Z',
  durationMs: 320, stepCount: 3, failedChecks: 0, undoneBy: null, undoes: null, undoRefusal: null, ...change,
});

describe('history in words', () => {
  it('tells outcomes apart', () => {
    const words = [row({}), row({ failedChecks: 2 }), row({ outcome: 'rolled-back' }), row({ outcome: 'rolled-back', cancelled: true }), row({ outcome: 'half-done' })].map((each) => outcomeWord(each).word);
    expect(words).toEqual(['done', 'done, 2 checks failed', 'failed, taken back', 'cancelled', 'half done']);
  });

  it('is exact for today and short for long ago', () => {
    const now = new Date(2026, 10, 23, 21, 0, 0);
    expect(describeWhen(new Date(2026, 10, 23, 20, 14, 2).toISOString(), now)).toBe('20:14:02');
    expect(describeWhen(new Date(2026, 10, 21, 9, 5, 0).toISOString(), now)).toBe('Sat 09:05');
    expect(describeWhen(new Date(2025, 0, 3, 9, 5, 0).toISOString(), now)).toBe('3 Jan 2025, 09:05');
  });

  it('finds rows by any of their words', () => {
    const rows = [row({ id: 'a' }), row({ id: 'b', title: 'Delete network storage', outcome: 'rolled-back' }), row({ id: 'c', undoneBy: 'd' })];
    expect(searchHistory(rows, 'storage taken').map((each) => each.id)).toEqual(['b']);
    expect(searchHistory(rows, 'undone').map((each) => each.id)).toEqual(['c']);
    expect(searchHistory(rows, '  ').length).toBe(3);
  });
});
