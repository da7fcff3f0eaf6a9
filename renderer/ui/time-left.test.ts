import { expect, it } from 'vitest';
import { timeLeft } from './time-left';

it.each([
  [null, 'no end'], [0, 'expired'], [-5, 'expired'], [1, '1 min left'], [41, '41 min left'], [99, '99 min left'], [120, '2 h left'], [60 * 72, '3 days left'],
])('%s minutes: %s', (minutes, words) => {
  const now = Date.UTC(2026, 0, 1);
  expect(timeLeft(minutes === null ? null : new Date(now + minutes * 60_000).toISOString(), now)).toBe(words);
});
