import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { paceLimits } from './drawing-pace';
import { flowLimits, OutputFlow, type OutputChunk } from './output-flow';

function setUp() {
  const sent: OutputChunk[] = [];
  let hasWindow = true;
  const flow = new OutputFlow((chunk) => { sent.push(chunk); return hasWindow; });
  const source = { paused: false, pause() { this.paused = true; }, resume() { this.paused = false; } };
  flow.connect(source);
  return { flow, sent, source, closeWindow: () => { hasWindow = false; }, text: () => sent.map(({ data }) => Buffer.from(data).toString()) };
}
const kilobytes = (count: number): Uint8Array => new Uint8Array(count * 1024).fill(0x61);

describe('OutputFlow', () => {
  beforeEach(() => { vi.useFakeTimers(); });
  afterEach(() => { vi.useRealTimers(); });

  it('sends the first bytes after a silence at once and gathers what follows', () => {
    const { flow, text } = setUp();
    flow.push(Buffer.from('a'));
    expect(text()).toEqual(['a']);
    flow.push(Buffer.from('b'));
    flow.push(Buffer.from('c'));
    expect(text()).toEqual(['a']);
    vi.advanceTimersByTime(flowLimits.eventDelayMs);
    expect(text()).toEqual(['a', 'bc']);
    vi.advanceTimersByTime(flowLimits.eventDelayMs);
    flow.push(Buffer.from('d'));
    expect(text()).toEqual(['a', 'bc', 'd']);
  });

  it('sends at most 64 KB an event, each in memory of its own, with its position', () => {
    const { flow, sent } = setUp();
    flow.push(Buffer.from('x'));
    flow.push(kilobytes(150));
    expect(sent.map(({ position, data }) => [position, data.length])).toEqual([[0, 1], [1, 65536], [65537, 65536], [131073, 150 * 1024 - 131072]]);
    for (const { data } of sent) expect(data.buffer.byteLength).toBe(data.byteLength);
  });

  it('stops the process above what may be on its way, and lets it go on below three quarters of that', () => {
    const { flow, sent, source } = setUp();
    for (let count = 0; count < 4; count++) flow.push(kilobytes(64));
    expect(source.paused).toBe(false);
    flow.push(Buffer.from('more'));
    expect(source.paused).toBe(true);
    const total = sent.reduce((sum, { data }) => sum + data.length, 0);
    expect(total).toBeLessThanOrEqual(paceLimits.firstBytes);
    flow.acknowledge(total - 200 * 1024);
    expect(source.paused).toBe(true);
    flow.acknowledge(10 * 1024);
    expect(source.paused).toBe(false);
  });

  /** The most that is on its way to a window that draws so many bytes a millisecond of a flood, after half a second. */
  function flood({ flow, source, sent }: ReturnType<typeof setUp>, bytesPerMs: number): number {
    let most = 0;
    let drawn = 0;
    for (let time = 0; time < 1000;) {
      while (!source.paused) flow.push(kilobytes(4));
      const waiting = sent.slice(drawn).reduce((sum, { data }) => sum + data.length, 0);
      most = time < 500 ? 0 : Math.max(most, waiting);
      const { length } = sent[drawn++]!.data;
      vi.advanceTimersByTime(length / bytesPerMs);
      time += length / bytesPerMs;
      flow.acknowledge(length);
    }
    return most;
  }

  it('lets less be on its way to a window that is slower', () => {
    for (const bytesPerMs of [8192, 3072]) {
      const most = flood(setUp(), bytesPerMs);
      expect(most).toBeGreaterThan(bytesPerMs * paceLimits.backlogMs * 0.5);
      expect(most).toBeLessThan(bytesPerMs * paceLimits.backlogMs * 1.2);
    }
  });

  it('hands a pause over to the next process', () => {
    const { flow, source } = setUp();
    flow.push(kilobytes(1100));
    expect(source.paused).toBe(true);
    const next = { paused: false, pause() { this.paused = true; }, resume() { this.paused = false; } };
    flow.connect(next);
    expect(next.paused).toBe(true);
  });

  it('replays to a reloaded window and forgets what the former one had not drawn', () => {
    const { flow, sent, source } = setUp();
    flow.push(kilobytes(1100));
    flow.push(Buffer.from('tail'));
    expect(source.paused).toBe(true);
    const { position, data } = flow.replay();
    expect(source.paused).toBe(false);
    expect(position).toBe(1100 * 1024 + 4);
    expect(data.length).toBe(flowLimits.replayBytes);
    expect(Buffer.from(data.subarray(-4)).toString()).toBe('tail');
    vi.advanceTimersByTime(flowLimits.eventDelayMs);
    flow.push(Buffer.from('next'));
    expect(sent.at(-1)).toMatchObject({ position });
  });

  it('lets the process run on while there is no window', () => {
    const { flow, source, closeWindow } = setUp();
    flow.push(kilobytes(1100));
    expect(source.paused).toBe(true);
    flow.replay();
    closeWindow();
    for (let count = 0; count < 40; count++) flow.push(kilobytes(64));
    expect(source.paused).toBe(false);
  });

  it('is not confused by a window that acknowledges too much', () => {
    const { flow, source } = setUp();
    flow.acknowledge(5_000_000);
    flow.push(kilobytes(1100));
    expect(source.paused).toBe(true);
  });
});
