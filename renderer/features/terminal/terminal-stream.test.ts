import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TerminalStream } from './terminal-stream';
import type { StreamPorts } from './terminal-stream';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (parts: readonly Uint8Array[]): string => parts.map((part) => new TextDecoder().decode(part)).join('');

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

/** A stream whose replay arrives when the test says so, and whose screen draws when the test says so. */
function streamWith(ports: Partial<StreamPorts> = {}) {
  const drawn: Uint8Array[] = [];
  const waiting: (() => void)[] = [];
  const reports: number[] = [];
  let reply: (value: { replay: Uint8Array; position: number }) => void = () => undefined;
  const stream = new TerminalStream({
    attach: () => new Promise((resolve) => { reply = resolve; }),
    acknowledge: (count) => reports.push(count),
    draw: (data, done) => { drawn.push(data); waiting.push(done); },
    ...ports,
  });
  const started = stream.start();
  return {
    stream, drawn, reports,
    attached: async (replay: string, position = replay.length) => { reply({ replay: bytes(replay), position }); await started; },
    /** Of what comes into drawing by it as well. */
    finishDrawing: () => { while (waiting.length > 0) waiting.shift()!(); },
  };
}

describe('the stream of a terminal', () => {
  it('draws the replay and then only what the replay does not have, however they overtake each other', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.string({ minLength: 1, maxLength: 6, unit: 'binary-ascii' }), { maxLength: 20 }), fc.nat(), fc.nat(), async (pieces, cut, first) => {
      const whole = pieces.join('');
      const snapshotAt = pieces.length === 0 ? 0 : cut % (pieces.length + 1);
      const position = pieces.slice(0, snapshotAt).join('').length;
      const run = streamWith();
      // Events may come before or after the reply; none is missing from the first one on that the replay may lack.
      const heldFrom = snapshotAt === 0 ? 0 : first % (snapshotAt + 1);
      let at = pieces.slice(0, heldFrom).join('').length;
      const chunks = pieces.slice(heldFrom).map((piece) => { const chunk = { position: at, data: bytes(piece) }; at += piece.length; return chunk; });
      const before = chunks.filter((chunk) => chunk.position < position);
      const after = chunks.filter((chunk) => chunk.position >= position);
      for (const chunk of before) run.stream.receive(chunk);
      for (const chunk of after.slice(0, 2)) run.stream.receive(chunk);
      await run.attached(whole.slice(0, position), position);
      for (const chunk of after.slice(2)) run.stream.receive(chunk);
      run.finishDrawing();
      expect(text(run.drawn)).toBe(whole);
      run.stream.close();
    }));
  });

  it('acknowledges what is drawn, in batches, and the rest when nothing more comes; never the replay', async () => {
    const run = streamWith();
    await run.attached('replayed');
    run.stream.receive({ position: 8, data: new Uint8Array(10_000) });
    expect(run.reports).toEqual([]);
    run.finishDrawing();
    expect(run.reports).toEqual([]);
    run.stream.receive({ position: 10_008, data: new Uint8Array(10_000) });
    run.finishDrawing();
    expect(run.reports).toEqual([20_000]);
    run.stream.receive({ position: 20_008, data: new Uint8Array(5) });
    run.finishDrawing();
    await vi.advanceTimersByTimeAsync(60);
    expect(run.reports).toEqual([20_000, 5]);
  });

  it('hands over what came while the screen was drawing as one piece, and acknowledges all of it', async () => {
    const run = streamWith();
    await run.attached('');
    run.stream.receive({ position: 0, data: bytes('a'.repeat(20_000)) });
    run.stream.receive({ position: 20_000, data: bytes('b'.repeat(20_000)) });
    run.stream.receive({ position: 40_000, data: bytes('c'.repeat(20_000)) });
    expect(run.drawn.map(({ length }) => length)).toEqual([20_000]);
    run.finishDrawing();
    expect(run.drawn.map(({ length }) => length)).toEqual([20_000, 40_000]);
    expect(run.reports).toEqual([20_000, 40_000]);
    run.stream.receive({ position: 60_000, data: bytes('d') });
    expect(run.drawn).toHaveLength(3);
  });

  it('keeps characters whole in the pieces it joins', async () => {
    const run = streamWith();
    await run.attached('');
    const dash = bytes('—');
    run.stream.receive({ position: 0, data: dash.slice(0, 1) });
    run.stream.receive({ position: 1, data: dash.slice(1, 2) });
    run.stream.receive({ position: 2, data: dash.slice(2) });
    run.finishDrawing();
    expect(run.drawn.at(-1)).toEqual(dash);
    expect(text(run.drawn)).toBe('—');
  });

  it('says nothing more once it is closed', async () => {
    const run = streamWith();
    await run.attached('');
    run.stream.receive({ position: 0, data: bytes('x') });
    run.stream.close();
    run.finishDrawing();
    run.stream.receive({ position: 1, data: bytes('y') });
    await vi.advanceTimersByTimeAsync(100);
    expect(run.reports).toEqual([]);
    expect(text(run.drawn)).toBe('x');
  });
});
