import { describe, expect, it } from 'vitest';
import { address, makeInterface, makeNetwork, makeSnapshot } from '../../../test/fakes/snapshot-fixture';
import { describeReach } from '../../../shared/domain/describe-reach';
import { leadingCards, rareCards, typicalReach } from './kind-cards';

const inner: Record<string, string> = {
  nat: '<forward mode="nat"/><bridge name="v"/><ip address="10.20.30.1" prefix="24"/>', routed: '<forward mode="route"/><bridge name="v"/><ip address="10.20.30.1" prefix="24"/>',
  open: '<forward mode="open"/><bridge name="v"/><ip address="10.20.30.1" prefix="24"/>', isolated: '<bridge name="v"/><ip address="10.20.30.1" prefix="24"/>',
  bridged: '<forward mode="bridge"/><bridge name="br0"/>', macvtap: '<forward mode="bridge"><interface dev="eno1"/></forward>', sriov: '<forward mode="hostdev"><pf dev="eno1"/></forward>',
  ovs: '<forward mode="bridge"/><bridge name="ovs0"/><virtualport type="openvswitch"/><portgroup name="p"><vlan><tag id="5"/></vlan></portgroup>',
};
const snapshot = makeSnapshot({
  interfaces: [makeInterface('eno1'), makeInterface('br0', { kind: 'bridge', addresses: [address('10.0.0.5/24')] }), makeInterface('eno2', { controller: 'br0' })],
  ovsBridges: [{
    name: 'ovs0', datapathType: '', failMode: null, stp: false, problem: null,
    ports: [{ name: 'eno3', tag: null, trunks: [], vlanMode: null, bondMode: null, interfaces: [{ name: 'eno3', type: 'system', adminState: 'up', linkState: 'up', ofport: 1, error: null, options: {} }] }],
  }],
});

describe('typicalReach', () => {
  it.each([...leadingCards, ...rareCards].map((card) => card.kind))('%s says what the reach of such a network is', (kind) => {
    const network = makeNetwork(`<network><name>n</name>${inner[kind]}</network>`);
    const said = (rows: ReturnType<typeof typicalReach>): string[] => rows.map((row) => `${row.peer} ${row.out}/${row.in}`);
    expect(network.kind).toBe(kind);
    expect(said(typicalReach(kind))).toEqual(said(describeReach(network, snapshot)));
  });
});
