import { describe, expect, it } from 'vitest';
import { DrawingPace, paceLimits } from './drawing-pace';

/** `pace` after a window that draws so many bytes a millisecond has done so for a second, 16 KB at a time. */
function drawn(bytesPerMs: number, pace = new DrawingPace()): DrawingPace {
  const piece = 16 * 1024;
  pace.begin(0);
  for (let now = 0; now < 1000;) {
    now += piece / bytesPerMs;
    pace.drew(piece, now);
  }
  return pace;
}

describe('DrawingPace', () => {
  it('lets as much be on its way as is drawn in 60 ms', () => {
    expect(drawn(4096).backlogBytes).toBeCloseTo(4096 * paceLimits.backlogMs, 0);
    expect(drawn(8192).backlogBytes).toBeCloseTo(8192 * paceLimits.backlogMs, 0);
  });

  it('keeps within bounds, and between them before it knows', () => {
    expect(new DrawingPace().backlogBytes).toBe(paceLimits.firstBytes);
    expect(drawn(100).backlogBytes).toBe(paceLimits.leastBytes);
    expect(drawn(1_000_000).backlogBytes).toBe(paceLimits.mostBytes);
  });

  it('follows when the output changes', () => {
    const pace = drawn(8192);
    expect(drawn(2048, pace).backlogBytes).toBeCloseTo(2048 * paceLimits.backlogMs, -2);
  });

  it('counts no time in which there was nothing to draw', () => {
    const pace = drawn(4096);
    pace.begin(60_000);
    pace.drew(4096 * 20, 60_020);
    expect(pace.backlogBytes).toBeCloseTo(4096 * paceLimits.backlogMs, 0);
  });
});
