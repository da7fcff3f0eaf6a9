import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNetworkColours, networkColourCount, networkColourVariable } from './network-colour';

/** A storage that starts with the given text. */
function memoryOf(text: string | null = null): { getItem(): string | null; setItem(key: string, value: string): void } {
  let stored = text;
  return { getItem: () => stored, setItem: (_key, value) => { stored = value; } };
}

const uuidsOf = (minLength: number, maxLength: number): fc.Arbitrary<string[]> => fc.uniqueArray(fc.uuid(), { minLength, maxLength });

describe('network colours', () => {
  it('do not depend on the order of the list', () => {
    fc.assert(fc.property(uuidsOf(0, 20), (uuids) => {
      expect(createNetworkColours(memoryOf())([...uuids].reverse())).toEqual(createNetworkColours(memoryOf())(uuids));
    }));
  });

  it('differ for the first six networks, and spread evenly over the rest', () => {
    fc.assert(fc.property(uuidsOf(1, 40), (uuids) => {
      const uses = new Array<number>(networkColourCount).fill(0);
      for (const colour of createNetworkColours(memoryOf())(uuids).values()) uses[colour - 1]! += 1;
      expect(Math.max(...uses) - Math.min(...uses)).toBeLessThanOrEqual(1);
    }));
  });

  it('stay as they are when networks come and go, and after a restart', () => {
    fc.assert(fc.property(uuidsOf(2, 30), fc.infiniteStream(fc.nat()), (uuids, picks) => {
      const memory = memoryOf();
      let coloursOf = createNetworkColours(memory);
      const first = new Map<string, number>();
      for (let round = 0; round < 6; round += 1) {
        const present = uuids.filter(() => picks.next().value! % 2 === 0);
        for (const [uuid, colour] of coloursOf(present)) {
          expect(first.get(uuid) ?? colour).toBe(colour);
          first.set(uuid, colour);
        }
        if (round === 3) coloursOf = createNetworkColours(memory);
      }
    }));
  });

  it.each(['{', '7', '[["a",9],["b"],null]', '{"a":1}'])('survive a memory that holds %s', (text) => {
    expect(createNetworkColours(memoryOf(text))(['a']).get('a')).toBeGreaterThan(0);
  });

  it('name a CSS colour, quiet for none', () => {
    expect([networkColourVariable(3), networkColourVariable(undefined)]).toEqual(['var(--n3)', 'var(--text-3)']);
  });
});
