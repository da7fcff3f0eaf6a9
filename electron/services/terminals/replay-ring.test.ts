import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { ReplayRing } from './replay-ring';

describe('ReplayRing', () => {
  it('holds the last bytes of whatever was printed, in their order', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 60_000, size: 'max' }), { maxLength: 12 }), fc.integer({ min: 1, max: 100_000 }), (chunks, capacity) => {
      const ring = new ReplayRing(capacity);
      // Without line ends, so that nothing is left out at the start of a cut replay.
      const printed = chunks.map((chunk) => chunk.map((byte) => (byte === 0x0a ? 0x2e : byte)));
      for (const chunk of printed) ring.append(chunk);
      const all = Buffer.concat(printed);
      expect(Buffer.compare(ring.read(), all.subarray(Math.max(0, all.length - capacity)))).toBe(0);
    }), { numRuns: 25 });
  });

  it('begins with a whole line once older ones were dropped', () => {
    const ring = new ReplayRing(16);
    ring.append(Buffer.from('first line\nsecond\nthird\n'));
    expect(Buffer.from(ring.read()).toString()).toBe('second\nthird\n');
  });

  it('keeps its own copy', () => {
    const ring = new ReplayRing(100);
    const packet = Buffer.from('hello');
    ring.append(packet);
    packet.fill(0);
    expect(Buffer.from(ring.read()).toString()).toBe('hello');
  });
});
