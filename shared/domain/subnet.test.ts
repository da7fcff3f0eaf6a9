import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { ipv4Arbitrary, ipv6Arbitrary } from '../../test/fakes/addressed-spec-arbitrary';
import { addressAt, addressToNumber, boundsOf, familyOf, networkOf, numberToAddress, proposeDhcpRange, rangeContains, sameAddress } from './subnet';

describe('subnet arithmetic', () => {
  it('knows the usual cases', () => {
    expect(networkOf('10.20.30.5', 24)).toBe('10.20.30.0/24');
    expect(networkOf('fd00:1::1', 64)).toBe('fd00:1::/64');
    expect(addressAt('10.20.30.0/24', 1n)).toBe('10.20.30.1');
    expect(addressAt('fd00:1::/64', 257n)).toBe('fd00:1::101');
    expect(rangeContains('10.0.0.0/8', '10.9.9.9')).toBe(true);
    expect(rangeContains('10.0.0.0/8', 'fd00::1')).toBe(false);
    expect(sameAddress('fd00:0::1', 'FD00::0001')).toBe(true);
  });

  it('turns addresses into numbers and back', () => {
    fc.assert(fc.property(fc.oneof(ipv4Arbitrary, ipv6Arbitrary), (address) => {
      expect(sameAddress(numberToAddress(addressToNumber(address), familyOf(address)), address)).toBe(true);
    }));
  });

  it('puts every address into its own subnet', () => {
    fc.assert(fc.property(ipv4Arbitrary, fc.integer({ min: 1, max: 32 }), (address, prefix) => {
      const subnet = networkOf(address, prefix);
      expect(rangeContains(subnet, address)).toBe(true);
      const { first, last } = boundsOf(subnet);
      expect(last - first + 1n).toBe(2n ** BigInt(32 - prefix));
      expect(first % 2n ** BigInt(32 - prefix)).toBe(0n);
    }));
  });
});

describe('proposeDhcpRange', () => {
  it.each([
    ['10.20.30.1', 24, '10.20.30.100', '10.20.30.199'],
    ['10.20.30.150', 24, '10.20.30.1', '10.20.30.100'],
    ['10.20.30.1', 16, '10.20.0.100', '10.20.0.199'],
    ['10.20.30.1', 28, '10.20.30.8', '10.20.30.14'],
    ['10.20.30.1', 30, '10.20.30.2', '10.20.30.2'],
    ['10.20.30.2', 30, '10.20.30.1', '10.20.30.1'],
  ])('%s/%d → %s–%s', (address, prefix, start, end) => {
    expect(proposeDhcpRange(address, prefix)).toEqual({ start, end });
  });

  it('always fits: inside, in order, without network, broadcast and gateway', () => {
    fc.assert(fc.property(ipv4Arbitrary, fc.integer({ min: 8, max: 30 }), (address, prefix) => {
      const { first, last } = boundsOf(networkOf(address, prefix));
      const own = addressToNumber(address);
      fc.pre(own > first && own < last);
      const range = proposeDhcpRange(address, prefix);
      if (!range) throw new Error('a /30 or larger has room');
      const [start, end] = [addressToNumber(range.start), addressToNumber(range.end)];
      expect(start > first && start <= end && end < last).toBe(true);
      expect(own >= start && own <= end).toBe(false);
    }), { numRuns: 500 });
  });
});
