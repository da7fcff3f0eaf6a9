import { describe, expect, it, vi } from 'vitest';
import { ConnectTurns } from './connect-turns';

const never = new AbortController().signal;
const hangs = (): Promise<void> => new Promise(() => undefined);

describe('ConnectTurns', () => {
  it('lets four connect at a time', async () => {
    const turns = new ConnectTurns();
    let running = 0;
    let most = 0;
    await Promise.all(Array.from({ length: 20 }, () => turns.take(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => { setImmediate(resolve); });
      running -= 1;
    }, false, never)));
    expect(most).toBe(4);
  });

  it('gives the turn of a host that does not answer to the next after a second', async () => {
    vi.useFakeTimers();
    try {
      const turns = new ConnectTurns();
      const started: number[] = [];
      for (let at = 0; at < 9; at += 1) void turns.take(() => { started.push(at); return hangs(); }, false, never);
      expect(started).toEqual([0, 1, 2, 3]);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(started).toHaveLength(8);
    } finally {
      vi.useRealTimers();
    }
  });

  it('takes first what the user asked for', async () => {
    vi.useFakeTimers();
    try {
      const turns = new ConnectTurns();
      const started: string[] = [];
      const start = (name: string, asked: boolean): void => { void turns.take(() => { started.push(name); return hangs(); }, asked, never); };
      for (const name of ['1', '2', '3', '4', '5', '6']) start(name, false);
      start('asked', true);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(started.slice(4, 5)).toEqual(['asked']);
    } finally {
      vi.useRealTimers();
    }
  });

  it('passes on what the work gives, and never starts what was given up', async () => {
    const turns = new ConnectTurns();
    await expect(turns.take(async () => 7, false, never)).resolves.toBe(7);
    await expect(turns.take(() => Promise.reject(new Error('no')), false, never)).rejects.toThrow('no');
    const gone = new AbortController();
    gone.abort();
    await expect(turns.take(async () => { throw new Error('started'); }, false, gone.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });
});
