import { describe, expect, it } from 'vitest';
import { fixtureActivity } from '../../testing/fixtures/records';
import { entryAsText, formatDuration, lineResult, lineText, passesFilter } from './activity-lines';

const entries = fixtureActivity();
const ids = (filter: Parameters<typeof passesFilter>[1]): number[] => entries.filter((entry) => passesFilter(entry, filter)).map((entry) => entry.id);

describe('activity lines', () => {
  it('filters by kind and by failure', () => {
    expect(ids('all')).toHaveLength(entries.length);
    expect(ids('commands')).toEqual([4, 5, 6, 7, 9, 10]);
    expect(ids('reads')).toEqual([2, 3, 11]);
    expect(ids('events')).toEqual([1, 8]);
    expect(ids('failures')).toEqual([9]);
  });

  it('quotes argv for sh, but leaves sentences alone', () => {
    expect(lineText(entries[9]!)).toContain('\'my lab\' add-last');
    expect(lineText(entries[7]!)).toBe('network “default” started (changed outside Netwright)');
  });

  it('says how it ended', () => {
    expect([lineResult(entries[8]!), lineResult(entries[10]!), lineResult(entries[4]!)]).toEqual(['exit 1 · 88 ms', 'running', '18 ms']);
    expect([formatDuration(1400), formatDuration(125_000)]).toEqual(['1.4 s', '2 min 5 s']);
  });

  it('copies command, document and output', () => {
    const text = entryAsText(entries[3]!);
    expect(text).toContain('$ virsh net-define /dev/stdin < lab-dmz.xml\n--- lab-dmz.xml\n<network>');
    expect(text).toContain('--- stdout\nNetwork lab-dmz defined');
  });
});
