import { describe, expect, it } from 'vitest';
import { splitTitle } from './plan-title';

describe('splitTitle', () => {
  it('sets addresses and interfaces apart', () => {
    expect(splitTitle('Define lab-web, bridge virbr6, host address 10.20.30.1/24').filter((part) => part.mono).map((part) => part.text)).toEqual(['virbr6', '10.20.30.1/24']);
    expect(splitTitle('DNS answers on fd12:3456:789a::1.').filter((part) => part.mono).map((part) => part.text)).toEqual(['fd12:3456:789a::1']);
  });

  it('loses no character', () => {
    for (const text of ['', 'Start it with the host', 'Route to 10.20.30.0/24, through virbr6.', '10.0.0.1']) {
      expect(splitTitle(text).map((part) => part.text).join('')).toBe(text);
    }
  });
});
