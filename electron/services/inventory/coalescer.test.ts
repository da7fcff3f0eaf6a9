import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Coalescer } from './coalescer';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

function setUp() {
  const runs: string[][] = [];
  const ends: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const errors: unknown[] = [];
  const lane = new Coalescer<string>(25, (items) => {
    runs.push([...items]);
    return new Promise((resolve, reject) => { ends.push({ resolve, reject }); });
  }, (error) => errors.push(error));
  return { lane, runs, ends, errors };
}
const turn = (): Promise<void> => vi.advanceTimersByTimeAsync(0).then(() => undefined);

describe('Coalescer', () => {
  it('reads together what is asked for within the window, each once', async () => {
    const { lane, runs } = setUp();
    for (let round = 0; round < 100; round += 1) lane.request('a', 'b');
    await vi.advanceTimersByTimeAsync(24);
    expect(runs).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(runs).toEqual([['a', 'b']]);
  });

  it('leaves a host that changes all the time as much rest as reading took', async () => {
    const { lane, runs, ends } = setUp();
    lane.request('a');
    await vi.advanceTimersByTimeAsync(25 + 60);
    ends[0]!.resolve();
    await turn();
    lane.request('b');
    await vi.advanceTimersByTimeAsync(59);
    expect(runs).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(runs).toEqual([['a'], ['b']]);
    ends[1]!.resolve();
    await vi.advanceTimersByTimeAsync(100);
    lane.request('c');
    await vi.advanceTimersByTimeAsync(25);
    expect(runs).toHaveLength(3);
  });

  it('has at most one read in flight and loses no request made meanwhile', async () => {
    const { lane, runs, ends } = setUp();
    lane.request('a');
    await vi.advanceTimersByTimeAsync(25);
    lane.request('a');
    lane.request('b');
    await vi.advanceTimersByTimeAsync(1000);
    expect(runs).toEqual([['a']]);
    expect(lane.busy).toBe(true);
    ends[0]!.resolve();
    await vi.advanceTimersByTimeAsync(200);
    expect(runs).toEqual([['a'], ['a', 'b']]);
  });

  it('answers those who wait only after a read that began later', async () => {
    const { lane, runs, ends } = setUp();
    lane.request('a');
    await vi.advanceTimersByTimeAsync(25);
    const done = vi.fn();
    void lane.requestAndWait('a').then(done);
    ends[0]!.resolve();
    await turn();
    expect(done).not.toHaveBeenCalled();
    expect(runs).toHaveLength(2);
    ends[1]!.resolve();
    await turn();
    expect(done).toHaveBeenCalledOnce();
    expect(lane.busy).toBe(false);
  });

  it('tells errors to those who wait and to the owner, and goes on', async () => {
    const { lane, runs, ends, errors } = setUp();
    const done = lane.requestAndWait('a');
    const failure = expect(done).rejects.toThrow('no');
    await turn();
    ends[0]!.reject(new Error('no'));
    await failure;
    expect(errors).toHaveLength(1);
    lane.request('b');
    await vi.advanceTimersByTimeAsync(25);
    expect(runs).toEqual([['a'], ['b']]);
  });

  it('does nothing after it was closed', async () => {
    const { lane, runs } = setUp();
    lane.request('a');
    const waiting = setUp();
    const done = expect(waiting.lane.requestAndWait('x')).rejects.toThrow('over');
    lane.close(new Error('over'));
    waiting.lane.close(new Error('over'));
    await done;
    lane.request('b');
    await expect(lane.requestAndWait('c')).rejects.toThrow('over');
    await vi.advanceTimersByTimeAsync(100);
    expect(runs).toEqual([]);
  });
});
