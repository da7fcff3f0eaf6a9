import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HistoryEntry } from '../../shared/domain/plan';
import { HistoryService } from '../services/history/history-service';
import { FileHistoryStore } from './history-store';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'netwright-history-')); });
afterEach(() => rm(folder, { recursive: true, force: true }));

function entry(id: string, startedAt: string, hostId = 'attic'): HistoryEntry {
  const state = { uuid: 'u', name: 'n', xml: null, active: false, autostart: false };
  return {
    id, hostId, hostName: hostId, undoneBy: null, undoes: null, before: [state], after: [{ ...state, xml: '<network/>' }],
    run: {
      id, phase: 'ended', steps: [], checks: [{ state: 'failed', detail: 'x' }], outcome: 'applied', cancelled: false, error: null, startedAt, endedAt: startedAt,
      plan: {
        hostId, intent: { kind: 'network.start', uuid: '00000000-0000-4000-8000-000000000001' }, title: `Start ${id}`, summary: '', steps: [], checks: [],
        changes: [], notices: [], digest: 'd',
      },
    },
  };
}

async function open(): Promise<{ history: HistoryService; setAside: string[] }> {
  const history = new HistoryService(new FileHistoryStore(join(folder, 'history')));
  return { history, setAside: await history.load() };
}

describe('history on disk', () => {
  it('survives a restart, newest first, and remembers who undid what', async () => {
    const { history } = await open();
    const changed: string[] = [];
    history.onChanged((event) => changed.push(event.hostId));
    await history.append(entry('a', '2026-01-01T10:00:00.000Z'));
    await history.append(entry('b', '2026-01-02T10:00:00.000Z'));
    await history.append(entry('c', '2026-01-01T11:00:00.000Z', 'cellar'));
    await history.markUndone('a', 'b');
    expect(changed).toEqual(['attic', 'attic', 'cellar', 'attic']);
    const again = (await open()).history;
    expect(again.list(null).map((row) => row.id)).toEqual(['b', 'c', 'a']);
    expect(again.list('attic')).toMatchObject([
      { id: 'b', failedChecks: 1, undoRefusal: null }, { id: 'a', undoneBy: 'b', undoRefusal: 'It has been undone already.' },
    ]);
    expect(again.get('c')).toEqual(entry('c', '2026-01-01T11:00:00.000Z', 'cellar'));
    expect(() => again.get('nobody')).toThrow(/No such entry/);
  });

  it.each(['{"id": "half', '{"id": 1}', ''])('sets a file aside that can\'t be understood (%j), and keeps the others', async (broken) => {
    const { history } = await open();
    await history.append(entry('a', '2026-01-01T10:00:00.000Z'));
    await history.append(entry('b', '2026-01-02T10:00:00.000Z'));
    const [first = ''] = await readdir(join(folder, 'history'));
    await writeFile(join(folder, 'history', first), broken);
    const again = await open();
    expect(again.setAside).toHaveLength(1);
    expect(await readFile(again.setAside[0] ?? '', 'utf8')).toBe(broken);
    expect(again.history.list(null).map((row) => row.id)).toEqual(['b']);
    expect((await open()).setAside).toEqual([]);
  });

  it('keeps ids from becoming paths', async () => {
    const { history } = await open();
    await history.append(entry('../../evil', '2026-01-01T10:00:00.000Z'));
    expect(await readdir(folder)).toEqual(['history']);
    expect((await open()).history.list(null)).toHaveLength(1);
  });
});
