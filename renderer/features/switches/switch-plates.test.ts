import { describe, expect, it } from 'vitest';
import { atticSnapshot } from '../../testing/fixtures/attic-host';
import { buildAddress, buildInterface } from '../../testing/fixtures/builders';
import { buildPlates, describePortVlan, linkOf, linkWord, orderRoutes, ownInterfaces } from './switch-plates';

describe('switch plates', () => {
  const snapshot = atticSnapshot();
  const plates = buildPlates(snapshot);
  const named = (name: string) => plates.find((plate) => plate.name === name)!;

  it('puts bridges with networks first, then Open vSwitch, then those of other programs', () => {
    expect(plates.map((plate) => plate.name)).toEqual(['br0', 'virbr0', 'virbr5', 'virbr7', 'ovs0', 'docker0', 'br-7f2a91c0d4e1']);
  });

  it('knows the machine at the other end of a tap', () => {
    expect(named('br0').sockets.map((socket) => [socket.name, socket.end])).toEqual([['eno1', 'NIC'], ['vnet0', 'router'], ['vnet3', 'nas']]);
  });

  it('leaves out the port that is the switch itself, and marks a faulty one', () => {
    expect(named('ovs0').sockets.map((socket) => socket.name)).toEqual(['enp3s0', 'vnet1', 'vnet7', 'old-tap']);
    expect(named('ovs0').sockets[3]).toMatchObject({ link: 'bad', vlan: 'VLAN 30', problem: expect.stringContaining('No such device') });
  });

  it('reads VLANs as Open vSwitch means them', () => {
    expect(describePortVlan({ tag: null, trunks: [], vlanMode: null })).toBe('all VLANs');
    expect(describePortVlan({ tag: 20, trunks: [], vlanMode: null })).toBe('VLAN 20');
    expect(describePortVlan({ tag: null, trunks: [20, 30], vlanMode: 'trunk' })).toBe('trunk 20, 30');
    expect(describePortVlan({ tag: 1, trunks: [20], vlanMode: 'native-untagged' })).toBe('trunk 20, native 1');
  });

  it('takes UNKNOWN of a tap for a link, but nothing that is switched off', () => {
    expect(linkOf({ adminUp: true, operState: 'UNKNOWN' })).toBe('on');
    expect(linkWord({ adminUp: true, operState: 'LOWERLAYERDOWN' })).toBe('no link');
    expect(linkWord({ adminUp: false, operState: 'UP' })).toBe('switched off');
  });

  it('lists NICs first and loopback last, without taps and bridges', () => {
    const names = ownInterfaces(snapshot).map((entry) => entry.name);
    expect(names.slice(0, 3)).toEqual(['eno1', 'enp3s0', 'enp4s0']);
    expect(names.at(-1)).toBe('lo');
    expect(names.some((name) => name.startsWith('vnet') || name.startsWith('virbr') || name === 'ovs-system')).toBe(false);
  });

  it('leads routes with the default of table main', () => {
    const ordered = orderRoutes(snapshot.routes);
    expect(ordered[0]).toMatchObject({ destination: 'default', family: 'ipv4' });
    expect(ordered.at(-1)!.table).toBe('52');
  });
});

describe('ownInterfaces on a host that is a container', () => {
  it('has the veth that carries its address, and none of those that lead to containers', () => {
    const veth = (index: number, name: string, more: Parameters<typeof buildInterface>[3]) => buildInterface(index, name, 'veth', more);
    const interfaces = [veth(2, 'eth0', { addresses: [buildAddress('10.0.0.5/24')] }), veth(3, 'veth1', { controller: 'docker0' }), veth(4, 'veth2', {})];
    expect(ownInterfaces({ interfaces }).map((entry) => entry.name)).toEqual(['eth0']);
  });
});
