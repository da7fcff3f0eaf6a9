import { describe, expect, it } from 'vitest';
import { buildAddress, buildInterface } from '../testing/fixtures/builders';
import { changesOf } from './convertible';

const global = { addresses: [buildAddress('10.0.0.12/24')] };
const goals = (interfaces: ReturnType<typeof buildInterface>[], name: string, ovsBridges: Parameters<typeof changesOf>[0]['ovsBridges'] = []): string[] => changesOf({ interfaces, ovsBridges }, name).map(({ goal }) => goal);

describe('what the guide can do with a device', () => {
  it('is told by what it is, what has its addresses, and what is plugged in', () => {
    expect(goals([buildInterface(2, 'eno1', 'physical', global)], 'eno1')).toEqual(['convert', 'readdress']);
    expect(goals([buildInterface(2, 'eno1', 'physical', {})], 'eno1')).toEqual(['convert']);
    const bridge = [buildInterface(2, 'eno1', 'physical', { controller: 'br0' }), buildInterface(3, 'br0', 'bridge', global)];
    expect([goals(bridge, 'br0'), goals(bridge, 'eno1')]).toEqual([['readdress', 'unbridge'], []]);
  });

  it('is to leave a bridge that has other NICs', () => {
    const two = [buildInterface(2, 'eno1', 'physical', { controller: 'br0' }), buildInterface(3, 'eno2', 'physical', { controller: 'br0' }), buildInterface(4, 'br0', 'bridge', global)];
    expect(changesOf({ interfaces: two, ovsBridges: [] }, 'eno2')).toMatchObject([{ goal: 'unbridge', label: 'Take out of br0…', query: { goal: 'unbridge', nic: 'eno2' } }]);
  });

  it('is nothing for a bridge of machines, and for what is not there', () => {
    const own = [buildInterface(2, 'virbr0', 'bridge', global), buildInterface(3, 'vnet0', 'tap', { controller: 'virbr0' })];
    expect([goals(own, 'virbr0'), goals(own, 'vnet0'), goals(own, 'eno9')]).toEqual([[], [], []]);
  });

  it('knows the ports of Open vSwitch by its own list', () => {
    const port = (name: string) => ({ name, tag: null, trunks: [], vlanMode: null, bondMode: null, interfaces: [] });
    const ovs = { name: 'br1', datapathType: '', failMode: null, stp: false, problem: null, ports: [port('br1'), port('eno2')] };
    const links = [buildInterface(2, 'eno2', 'physical', { controller: 'ovs-system' }), buildInterface(3, 'br1', 'ovs', global)];
    expect(goals(links, 'br1', [ovs])).toEqual(['readdress', 'unbridge']);
    expect(goals(links, 'br1', [{ ...ovs, ports: [port('br1')] }])).toEqual([]);
  });
});
