import { expect, it } from 'vitest';
import { atticSnapshot } from '../../testing/fixtures/attic-host';
import { describePortgroup, networkFacts } from './network-facts';

it('tell what a network and its port groups limit, and nothing where they don’t', () => {
  const network = atticSnapshot().networks[0]!;
  const limits = (bandwidth: typeof network.bandwidth) => networkFacts({ ...network, ...bandwidth && { bandwidth } }).filter(({ note }) => note === 'all machines together');
  expect(limits(undefined)).toEqual([]);
  const inbound = { averageKBps: 10_000, peakKBps: null, burstKiB: 512 };
  expect(limits({ inbound, outbound: null })).toEqual([{ term: 'Receives', value: 'at most 10,000 kB/s, burst 512 KiB', note: 'all machines together' }]);
  expect(limits({ inbound: null, outbound: inbound }).map(({ term }) => term)).toEqual(['Sends']);
  const group = { name: 'ten', isDefault: false, vlan: { trunk: false, tags: [{ id: 10 }] } };
  expect(describePortgroup(group)).toBe('VLAN 10');
  expect(describePortgroup({ ...group, bandwidth: { inbound, outbound: { ...inbound, burstKiB: null } } })).toBe('VLAN 10, receives at most 10,000 kB/s, burst 512 KiB, sends at most 10,000 kB/s');
});
