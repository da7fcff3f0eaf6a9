/** Waits between attempts to reconnect; the last one repeats. */
const waitsMs = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 60_000];

/**
 * How long to wait before the next attempt. Up to a fifth more or less by chance, so that many hosts that were lost
 * together (a switch was restarted) are not all tried in the same instant, again and again.
 *
 * @param failures attempts that failed so far, 0 for the first wait
 * @param random from 0 to 1, as Math.random gives it
 * @returns milliseconds
 */
export function backOffMs(failures: number, random: number): number {
  const waitMs = waitsMs[Math.min(failures, waitsMs.length - 1)]!;
  return Math.round(waitMs * (0.8 + 0.4 * random));
}
