import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressedInner, darkInner, labHost, labNetwork, labTestNetworksArbitrary, vlanInner } from '../../../../test/fakes/lab-test-networks';
import { address, makeInterface, makeMachine } from '../../../../test/fakes/snapshot-fixture';
import { rangeContains } from '../../subnet';
import { freeAddresses } from './free-addresses';
import type { LabTestNetwork } from './lab-places';
import { planLabTest } from './plan-probes';

const plan = (lab: readonly LabTestNetwork[], more: Parameters<typeof labHost>[1] = {}) => planLabTest(lab, labHost(lab, more), '192.0.2.1');
const optionsOf = (lab: readonly LabTestNetwork[]): string[][] => plan(lab).probes.probes.map(({ options }) => options);

describe('probes', () => {
  it('have an address that nobody has: outside of what DHCP hands out, if there is one', () => {
    const { running } = labNetwork('web', addressedInner(1, 'nat'));
    const ip = { address: '10.9.0.1', prefix: 28, dhcp: { ranges: [{ start: '10.9.0.8', end: '10.9.0.14' }], hosts: [{ mac: '52:54:00:00:00:01', ip: '10.9.0.7' }] } };
    const busy = { ...running, leases: [{ mac: '52:54:00:00:00:02', family: 'ipv4' as const, address: '10.9.0.14', prefix: 28, hostname: null, clientId: null, expiresAt: null }], dns: { ...running.dns, hosts: [{ ip: '10.9.0.6', hostnames: ['nas'] }] } };
    const machine = makeMachine('fixed', 'try-web', 'vnet0');
    const machines = [{ ...machine, nics: machine.nics.map((nic) => ({ ...nic, addresses: [{ address: '10.9.0.5', source: 'arp' as const, expiresAt: null }, { address: 'fe80::1', source: 'agent' as const, expiresAt: null }] })) }];
    expect(freeAddresses(ip, busy, { machines }, 4)).toEqual(['10.9.0.4', '10.9.0.3', '10.9.0.2', '10.9.0.13']);
    expect(freeAddresses({ ...ip, dhcp: { ranges: [{ start: '10.9.0.2', end: '10.9.0.14' }], hosts: [] } }, busy, { machines }, 2)).toEqual(['10.9.0.13', '10.9.0.12']);
    expect(freeAddresses({ address: '10.9.0.1', prefix: 30, dhcp: null }, running, { machines: [] }, 3)).toEqual(['10.9.0.2']);
    const small = plan([labNetwork('small', '<forward mode="nat"/><bridge name="br-1"/><ip address="10.9.0.1" prefix="30"/>')]);
    expect(small.places[0]?.untried).toEqual({ why: 'no address of 10.9.0.1/30 is free for a test', verdict: 'failed' });
  });

  it('are plugged in as libvirt plugs machines in', () => {
    expect(optionsOf([labNetwork('flats', darkInner(1, '<port isolated="yes"/>'))])).toEqual([['isolated'], ['isolated'], []]);
    const groups: [string, string][] = [['ten', '<vlan><tag id="10"/></vlan>'], ['all', '<vlan trunk="yes"><tag id="10" nativeMode="untagged"/><tag id="20"/></vlan>']];
    const lab = [labNetwork('vlans', vlanInner('ovs0', groups))];
    expect(optionsOf(lab).filter((_, at) => at % 2 === 0)).toEqual([[], ['tag=10'], ['vlan_mode=native-untagged', 'tag=10', 'trunks=10,20'], ['vlan_mode=native-untagged', 'tag=10', 'trunks=10,20']]);
    expect(plan(lab).probes.probes.map(({ tag }) => tag).filter((_, at) => at % 2 === 0)).toEqual([null, null, null, 20]);
  });

  it('take no address of the network outside, and none of a bridge\'s own that is the host\'s', () => {
    const lan = labNetwork('lan', '<forward mode="bridge"/><bridge name="br-1"/>');
    const bridge = makeInterface('br-1', { kind: 'bridge', addresses: [address('10.66.0.1/24')] });
    const outsidePlan = plan([lan], { interfaces: [bridge, makeInterface('eno1', { controller: 'br-1' })] });
    expect(outsidePlan.places[0]).toMatchObject({ isOutside: true, hostAddress: null });
    expect(outsidePlan.probes.probes[0]).toMatchObject({ addresses: [], gateway: null });
    const apart = plan([lan], { interfaces: [bridge] });
    expect(apart.places[0]).toMatchObject({ isOutside: false, hostAddress: '10.66.0.1' });
    expect(apart.probes.probes[0]).toMatchObject({ addresses: ['10.66.0.254', '10.66.0.252', '10.66.0.250'], gateway: '10.66.0.1' });
  });

  it('wait for spanning tree, and end by themselves', () => {
    const lab = [labNetwork('web', addressedInner(1, 'nat')), labNetwork('vlans', vlanInner('ovs0', []))];
    expect(plan(lab).probes).toMatchObject({ settleSeconds: 9 });
    const slow = plan(lab, { ovsBridges: [{ name: 'ovs0', datapathType: 'netdev', failMode: null, stp: true, ports: [], problem: null }] });
    expect(slow.probes.settleSeconds).toBe(35);
    expect(slow.places.at(-1)?.inUserSpace).toBe(true);
    expect(slow.probes.limitSeconds).toBeGreaterThan(slow.probes.settleSeconds + 30);
  });

  it('hold for every lab: no address twice, each in its subnet, and nobody is asked by an address that leaves the host', () => {
    fc.assert(fc.property(labTestNetworksArbitrary, (lab) => {
      const { probes: { probes, tries } } = plan(lab);
      const all = probes.flatMap(({ addresses, wireAddress }) => [...addresses, wireAddress]);
      expect(new Set(all).size).toBe(all.length);
      for (const { addresses, gateway, prefix } of probes) for (const each of addresses) expect(rangeContains(`${gateway}/${prefix}`, each)).toBe(true);
      expect(tries.map(({ n }) => n)).toEqual(tries.map((_, at) => at));
      for (const { from, to } of tries) {
        if (!('probe' in to)) continue;
        // Without an address of the subnet only by the wire, which no router knows; and the host is on no such wire.
        if (probes[to.probe]?.gateway === null) expect([to.wire, from]).toEqual([true, expect.any(Number)]);
      }
    }), { numRuns: 60 });
  });
});
