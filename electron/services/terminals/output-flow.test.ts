import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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

  it('stops the process above 512 KB that nobody has drawn, and lets it go on below 384 KB', () => {
    const { flow, sent, source } = setUp();
    for (let count = 0; count < 8; count++) flow.push(kilobytes(64));
    expect(source.paused).toBe(false);
    flow.push(Buffer.from('more'));
    expect(source.paused).toBe(true);
    const total = sent.reduce((sum, { data }) => sum + data.length, 0);
    flow.acknowledge(total - 400 * 1024);
    expect(source.paused).toBe(true);
    flow.acknowledge(20 * 1024);
    expect(source.paused).toBe(false);
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
