import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { access, addressedInner, darkInner, labHost, labNetwork, labTestNetworksArbitrary, vlanInner } from '../../../../test/fakes/lab-test-networks';
import { describeReach } from '../../describe-reach';
import { placesOf } from './lab-places';
import type { LabTestNetwork } from './lab-places';
import { promisesOf } from './lab-promises';

/** `from>to` and what is promised. */
const promisesIn = (networks: readonly LabTestNetwork[]): Record<string, string> =>
  Object.fromEntries(promisesOf(networks, labHost(networks)).map(({ from, to, reach }) => [`${from.id}>${to.id}`, reach]));

describe('what a lab promises', () => {
  it('between networks of every kind', () => {
    const lab = [labNetwork('nat', addressedInner(1, 'nat')), labNetwork('nat2', addressedInner(2, 'nat')), labNetwork('routed', addressedInner(3, 'route')), labNetwork('routed2', addressedInner(4, 'route')),
      labNetwork('open', addressedInner(5, 'open')), labNetwork('dark', darkInner(6)), labNetwork('flats', addressedInner(7, null, '<port isolated="yes"/>'))];
    expect(promisesIn(lab)).toMatchObject({
      'nat>nat': 'yes', 'nat>nat2': 'no', 'nat>routed': 'yes', 'routed>nat': 'no', 'routed>routed2': 'yes', 'nat>open': 'partly', 'open>nat': 'no', 'open>routed': 'partly',
      'dark>nat': 'no', 'nat>dark': 'no', 'dark>dark': 'yes', 'flats>flats': 'no', 'flats>routed': 'no', 'routed>flats': 'no',
      'nat>host': 'yes', 'host>nat': 'yes', 'dark>host': 'no', 'nat>lan': 'yes', 'lan>nat': 'no', 'routed>lan': 'partly', 'nat>internet': 'yes', 'dark>internet': 'no',
    });
  });

  it('between VLANs of a switch, of whatever network', () => {
    const trunk = '<vlan trunk="yes"><tag id="10" nativeMode="untagged"/><tag id="20"/><tag id="30"/></vlan>';
    const lab = [labNetwork('a', vlanInner('ovs0', [['ten', access(10)], ['twenty', access(20)], ['all', trunk]])), labNetwork('b', vlanInner('ovs0', [['ten', access(10)]])), labNetwork('c', vlanInner('ovs1', [['ten', access(10)]]))];
    expect(promisesIn(lab)).toMatchObject({
      'a/ten>a/ten': 'yes', 'a/ten>a/twenty': 'no', 'a/ten>b/ten': 'yes', 'a/ten>c/ten': 'no', 'a/all>a/ten': 'yes', 'a/all VLAN 20>a/twenty': 'yes', 'a/all VLAN 20>a/ten': 'no', 'a>a/ten': 'no', 'a>b': 'yes',
    });
    // Nobody else is in VLAN 30.
    expect(placesOf(lab).map(({ end }) => end.id)).not.toContain('a/all VLAN 30');
  });

  it('by the definition, whatever runs', () => {
    expect(promisesIn([labNetwork('a', vlanInner('ovs0', [['ten', ''], ['twenty', '']]), vlanInner('ovs0', [['ten', access(10)], ['twenty', access(20)]]))])['a/ten>a/twenty']).toBe('no');
  });

  it('holds for every lab: each pair has one promise, and none that the reach tables contradict', () => {
    fc.assert(fc.property(labTestNetworksArbitrary, (lab) => {
      const host = labHost(lab);
      const promises = promisesOf(lab, host);
      const places = placesOf(lab);
      expect(new Set(promises.map(({ from, to }) => `${from.kind} ${from.id}>${to.kind} ${to.id}`)).size).toBe(promises.length);
      expect(promises).toHaveLength(places.length ** 2 + 6 * places.length);
      const networkOf = (id: string): LabTestNetwork => places.find(({ end }) => end.id === id)!.network;
      for (const { from, to, reach, because } of promises) {
        expect(because).not.toMatch(/\.$|^$/);
        if (from.kind !== 'network' || to.kind !== 'network') continue;
        const [a, b] = [networkOf(from.id), networkOf(to.id)];
        const table = (network: LabTestNetwork, peer: string) => describeReach(network.running, { ...host, networks: [a.running, b.running] }).find((row) => row.peer === peer)!;
        if (a === b && a.running.kind !== 'ovs') expect(reach).toBe(table(a, 'same-network').out);
        if (a === b || a.running.bridge?.name === b.running.bridge?.name) continue;
        const isShut = table(a, 'other-networks').out === 'no' || table(b, 'other-networks').in === 'no';
        expect(reach === 'no').toBe(isShut);
      }
    }), { numRuns: 60 });
  });
});
