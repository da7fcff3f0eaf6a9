import { describe, expect, it } from 'vitest';
import { atticSnapshot } from '../../testing/fixtures/attic-host';
import { buildMachineRows, orderAddresses } from './machine-rows';
import { heardFacts } from './nic-facts';

it('gives each NIC a line, and a machine without any a line of its own', () => {
  const snapshot = atticSnapshot();
  snapshot.machines.push({ ...snapshot.machines[0]!, uuid: 'x', name: 'bare', nics: [] });
  const rows = buildMachineRows(snapshot);
  expect(rows.filter((row) => row.machine.name === 'router').map((row) => row.plug.name)).toEqual(['lan', 'ovs-trunk', 'lab-dmz']);
  expect(rows.find((row) => row.machine.name === 'bare')).toMatchObject({ nic: null, plug: { name: '' } });
  expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
});

it('puts IPv4 first and link-local last', () => {
  const entry = (address: string) => ({ address, source: 'arp' as const, expiresAt: null });
  expect(orderAddresses([entry('fe80::1'), entry('fd00::1'), entry('10.0.0.1')]).map((found) => found.address)).toEqual(['10.0.0.1', 'fd00::1', 'fe80::1']);
});

describe('where a NIC was heard', () => {
  it('is said with its bridge, and that another port than its own tap is odd', () => {
    expect(heardFacts({ target: 'vnet4', seenOn: null })).toEqual([]);
    expect(heardFacts({ target: 'vnet4', seenOn: { port: 'vnet4', bridge: 'br0' } })).toEqual([{ term: 'Heard', value: 'vnet4', mono: true, note: 'port of br0, in the last minutes' }]);
    expect(heardFacts({ target: 'vnet4', seenOn: { port: 'eno1', bridge: 'br0' } })[0]!.note).toContain('is its MAC there twice?');
  });
});
