import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignNetworkColours, networkColourCount, networkColourVariable } from './network-colour';

describe('assignNetworkColours', () => {
  it('does not depend on the order of the list', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.uuid(), { maxLength: 20 }), (uuids) => {
      expect(assignNetworkColours([...uuids].reverse())).toEqual(assignNetworkColours(uuids));
    }));
  });

  it('gives the first six networks six colours, and spreads the rest evenly', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 40 }), (uuids) => {
      const uses = new Array<number>(networkColourCount).fill(0);
      for (const colour of assignNetworkColours(uuids).values()) uses[colour - 1]! += 1;
      expect(Math.max(...uses) - Math.min(...uses)).toBeLessThanOrEqual(1);
    }));
  });

  it('names a CSS colour, quiet for none', () => {
    expect([networkColourVariable(3), networkColourVariable(undefined)]).toEqual(['var(--n3)', 'var(--text-3)']);
  });
});
