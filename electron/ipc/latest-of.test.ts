import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { latestOf } from './latest-of';

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

it('passes the first on at once, and of the rest only the last of each while', () => {
  const seen: number[] = [];
  const tell = latestOf<number>(50, (value) => seen.push(value));
  for (let value = 1; value <= 5; value += 1) tell(value);
  expect(seen).toEqual([1]);
  vi.advanceTimersByTime(50);
  expect(seen).toEqual([1, 5]);
  tell(6);
  expect(seen).toEqual([1, 5]);
  vi.advanceTimersByTime(50);
  expect(seen).toEqual([1, 5, 6]);
  vi.advanceTimersByTime(1000);
  tell(7);
  expect(seen).toEqual([1, 5, 6, 7]);
});
