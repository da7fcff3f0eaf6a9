import { describe, expect, it } from 'vitest';
import { address, defaultXml, makeInterface, makeNetwork, makeSnapshot } from '../../test/fakes/snapshot-fixture';
import { describeReach } from './describe-reach';

const network = (name: string, inner: string): ReturnType<typeof makeNetwork> => makeNetwork(`<network><name>${name}</name>${inner}</network>`);
const addressed = (name: string, mode: string, dev = ''): ReturnType<typeof makeNetwork> =>
  network(name, `<forward mode="${mode}"${dev === '' ? '' : ` dev="${dev}"`}/><bridge name="v-${name}"/><ip address="10.1.1.1" prefix="24"/>`);
const nat = makeNetwork(defaultXml);
const routed = addressed('routed', 'route');
const bridged = network('bridged', '<forward mode="bridge"/><bridge name="br0"/>');
const ovs = network('ovs', '<forward mode="bridge"/><bridge name="ovs0"/><virtualport type="openvswitch"/>');
const macvtap = network('macvtap', '<forward mode="bridge"><interface dev="eno1"/></forward>');
const interfaces = [makeInterface('eno1', { addresses: [address('10.0.0.5/24')] }), makeInterface('eno2', { controller: 'br0' }), makeInterface('br0', { kind: 'bridge' })];

/** out/in of the row about other networks. */
function elsewhere(subject: typeof nat, ...others: (typeof nat)[]): string {
  const row = describeReach(subject, makeSnapshot({ interfaces, networks: [subject, ...others] })).find(({ peer }) => peer === 'other-networks');
  return `${row?.out}/${row?.in}`;
}

describe('who machines of other networks are to', () => {
  it('NAT: reached where somebody takes new connections, and never the other way', () => {
    expect(elsewhere(nat)).toBe('no/no');
    expect(elsewhere(nat, addressed('other', 'nat'))).toBe('no/no');
    expect(elsewhere(nat, { ...routed, active: false })).toBe('no/no');
    for (const other of [routed, bridged]) expect(elsewhere(nat, other)).toBe('partly/no');
  });

  it('NAT and routed networks that may leave by one NIC: only out there', () => {
    for (const mode of ['nat', 'route']) {
      expect(elsewhere(addressed('n', mode, 'eno1'), routed)).toBe('no/no');
      expect(elsewhere(addressed('n', mode, 'eno2'), bridged)).toBe('no/no');
    }
    expect(elsewhere(addressed('n', 'nat', 'eno1'), bridged)).toBe('partly/no');
    expect(elsewhere(addressed('n', 'route', 'eno1'), bridged)).toBe('partly/partly');
    expect(elsewhere(routed)).toBe('partly/partly');
  });

  it('bridged ones: NAT starts connections to them, and they to routed ones', () => {
    expect(elsewhere(bridged, nat)).toBe('no/partly');
    expect(elsewhere(bridged, routed)).toBe('partly/partly');
    expect(elsewhere(bridged, macvtap)).toBe('partly/partly');
    const own = describeReach(bridged, makeSnapshot({ interfaces, networks: [bridged, routed, { ...bridged, name: 'twin' }] }))[2];
    expect(own?.note).toBe('NAT and routed networks of this host can start connections to machines here, isolated ones can\'t; of these, routed ones are reached where the router, or the machine, knows the way; also on br0: twin.');
  });

  it('those that lead nowhere: each other, on one bridge or switch', () => {
    const alone = network('alone', '<forward mode="bridge"/><bridge name="br1"/>');
    const bridge = { interfaces: [...interfaces, makeInterface('br1', { kind: 'bridge' as const })] };
    const row = (...networks: (typeof nat)[]) => describeReach(alone, makeSnapshot({ ...bridge, networks: [alone, ...networks] }))[2];
    expect(row(nat, routed, bridged)).toMatchObject({ out: 'no', in: 'no' });
    expect(row({ ...alone, name: 'twin' })).toMatchObject({ out: 'partly', in: 'partly', note: 'Also on br1: twin.' });
    expect(elsewhere(ovs, nat, routed)).toBe('no/no');
    expect(elsewhere(ovs, { ...ovs, name: 'twin' })).toBe('partly/partly');
  });

  it('macvtap on the host\'s NIC: those out there by another way, but nobody through the host', () => {
    expect(elsewhere(macvtap, nat, routed)).toBe('no/no');
    expect(elsewhere(macvtap, bridged)).toBe('partly/partly');
    expect(elsewhere(macvtap, { ...macvtap, name: 'twin' })).toBe('partly/partly');
    expect(elsewhere(network('private', '<forward mode="private"><interface dev="eno1"/></forward>'), macvtap)).toBe('no/no');
  });
});
