import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PausableTimer } from './pausable-timer';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('expires after its time', () => {
  const expired = vi.fn();
  new PausableTimer(1000).start(expired);
  vi.advanceTimersByTime(999);
  expect(expired).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(expired).toHaveBeenCalledOnce();
});

it('stands still while someone is being asked, also twice at a time, then goes on where it stopped', async () => {
  const expired = vi.fn();
  const timer = new PausableTimer(1000);
  timer.start(expired);
  vi.advanceTimersByTime(600);
  let answer: () => void = () => undefined;
  const inner = timer.pauseDuring(() => timer.pauseDuring(() => new Promise<void>((resolve) => {
    answer = resolve;
  })));
  vi.advanceTimersByTime(60_000);
  answer();
  await inner;
  vi.advanceTimersByTime(399);
  expect(expired).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(expired).toHaveBeenCalledOnce();
});

it('stays silent once stopped, also when stopped during a question', async () => {
  const expired = vi.fn();
  const timer = new PausableTimer(1000);
  timer.start(expired);
  await timer.pauseDuring(async () => timer.stop());
  vi.advanceTimersByTime(5000);
  expect(expired).not.toHaveBeenCalled();
});
