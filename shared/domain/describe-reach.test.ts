import { describe, expect, it } from 'vitest';
import { address, defaultXml, makeInterface, makeMachine, makeNetwork, makeRoute, makeSnapshot } from '../../test/fakes/snapshot-fixture';
import type { AttachedSpec } from './attached-spec';
import { describeReach } from './describe-reach';
import { routeCommand, routerRoutes } from './router-routes';
import { buildAttachedXml } from './network-xml/build-attached-xml';
import { readAddressedSpec } from './network-xml/read-addressed-spec';

const snapshot = makeSnapshot();
const rows = (xml: string, more = snapshot): string[] =>
  describeReach(makeNetwork(xml), more).map((row) => `${row.peer} ${row.out}/${row.in}`);
const network = (inner: string): string => `<network><name>n</name><uuid>00000000-0000-4000-8000-000000000001</uuid>${inner}</network>`;

describe('describeReach', () => {
  it('says what NAT lets through, the same for a network and its draft', () => {
    const network4 = makeNetwork(defaultXml);
    expect(describeReach(network4, snapshot)).toEqual(describeReach(readAddressedSpec(defaultXml), snapshot));
    expect(describeReach(network4, snapshot)).toEqual([
      { peer: 'same-network', label: 'other VMs on default', out: 'yes', in: 'yes', note: null },
      { peer: 'host', label: 'this host (attic)', out: 'yes', in: 'yes', note: 'By the gateway address, and by every other address of the host.' },
      { peer: 'other-networks', label: 'VMs on other networks of this host', out: 'no', in: 'no', note: 'libvirt\'s firewall rejects new connections between NAT and isolated networks.' },
      { peer: 'lan', label: 'LAN 10.0.0.0/24', out: 'yes', in: 'no', note: 'The LAN sees only this host\'s address; to let it in, forward a port.' },
      { peer: 'internet', label: 'the internet', out: 'yes', in: 'no', note: 'IPv4 only.' },
    ]);
  });

  it('says where IPv6 ends', () => {
    const spec = { ...readAddressedSpec(defaultXml), ipv6: { address: 'fd00:1::1', prefix: 64, dhcp: null } };
    const note = (more = snapshot): string | null | undefined => describeReach(spec, more)[4]?.note;
    expect(note()).toMatch(/no IPv6 default route/);
    expect(note(makeSnapshot({ routes: [...snapshot.routes, makeRoute('default', { family: 'ipv6', gateway: 'fe80::1' })] }))).toMatch(/goes out too/);
    const routed = network('<forward mode="nat"/><bridge name="virbr1"/><ip address="10.1.1.1" prefix="24"/><ip family="ipv6" address="fd00:1::1" prefix="64"/>');
    expect(describeReach(makeNetwork(routed), snapshot)[4]?.note).toMatch(/leaves untranslated/);
  });

  it('heeds the NIC that NAT is bound to, and a missing default route', () => {
    const bound = { ...readAddressedSpec(defaultXml), forwardDev: 'eno2' };
    expect(describeReach(bound, snapshot).map((row) => row.out)).toEqual(['yes', 'yes', 'no', 'no', 'partly']);
    expect(describeReach(readAddressedSpec(defaultXml), makeSnapshot({ routes: [] }))[4]).toMatchObject({ out: 'no', note: 'This host has no IPv4 default route. IPv4 only.' });
  });

  it('knows that routed networks can be reached from NAT', () => {
    const routed = makeNetwork(network('<forward mode="route"/><bridge name="virbr1"/><ip address="10.1.1.1" prefix="24"/>'));
    expect(describeReach(makeNetwork(defaultXml), makeSnapshot({ networks: [routed] }))[2]).toMatchObject({ out: 'partly', in: 'no' });
    expect(describeReach(routed, snapshot).map((row) => `${row.out}/${row.in}`)).toEqual(['yes/yes', 'yes/yes', 'partly/partly', 'partly/partly', 'partly/partly']);
  });

  it.each<[string, string, string[]]>([
    ['isolated with a host address', '<bridge name="virbr1"/><ip address="10.1.1.1" prefix="24"/>', ['yes/yes', 'yes/yes', 'no/no', 'no/no', 'no/no']],
    ['isolated without', '<bridge name="virbr1"/>', ['yes/yes', 'no/no', 'no/no', 'no/no', 'no/no']],
    ['macvtap', '<forward mode="bridge"><interface dev="eno1"/></forward>', ['yes/yes', 'no/no', 'no/no', 'yes/yes', 'yes/partly']],
    ['private macvtap', '<forward mode="private"><interface dev="eno1"/></forward>', ['no/no', 'no/no', 'no/no', 'yes/yes', 'yes/partly']],
    ['SR-IOV', '<forward mode="hostdev"><pf dev="eno1"/></forward>', ['yes/yes', 'partly/partly', 'no/no', 'yes/yes', 'yes/partly']],
    ['bridge that is missing', '<forward mode="bridge"/><bridge name="br0"/>', ['no/no', 'no/no', 'no/no', 'no/no', 'no/no']],
  ])('%s', (_, inner, expected) => {
    expect(rows(network(inner)).map((row) => row.split(' ')[1])).toEqual(expected);
  });

  it('says where port isolation, IPv6 alone and a missing host make a difference', () => {
    const inside = '<bridge name="v"/><ip address="10.1.1.1" prefix="24"/>';
    for (const forward of ['', '<forward mode="nat"/>', '<forward mode="route"/>', '<forward mode="open"/>']) {
      expect(describeReach(makeNetwork(network(`${forward}${inside}<port isolated="yes"/>`)), snapshot)[0]).toMatchObject({ out: 'no', in: 'no', note: expect.stringMatching(/^Port isolation/) });
    }
    const six = describeReach(makeNetwork(network('<forward mode="nat"><nat ipv6="yes"/></forward><bridge name="v"/><ip family="ipv6" address="fd00:1::1" prefix="64"/>')), snapshot);
    expect(six.map((row) => row.out)).toEqual(['yes', 'yes', 'no', 'partly', 'no']);
    expect(describeReach(makeNetwork(`<network ipv6="yes"><name>n</name><bridge name="v"/></network>`), snapshot)[0]?.note).toMatch(/^By IPv6, too/);
  });

  it('spells out the route that the LAN\'s router needs', () => {
    const lan = makeSnapshot({ interfaces: [makeInterface('eno1', { addresses: [address('10.0.0.5/24')] })] });
    const routed = makeNetwork(network('<forward mode="route"/><bridge name="v"/><ip address="10.1.1.1" prefix="24"/>'));
    expect(describeReach(routed, lan)[3]).toMatchObject({ out: 'partly', note: 'The LAN\'s router needs a route to 10.1.1.0/24 by way of 10.0.0.5.' });
    expect(describeReach(makeNetwork(network('<forward mode="route" dev="eno2"/><bridge name="v"/><ip address="10.1.1.1" prefix="24"/>')), lan)[3]).toMatchObject({ out: 'no', note: expect.stringMatching(/by eno2 only/) });
    expect(routerRoutes(routed.ips, lan, null).map(routeCommand)).toEqual(['ip route add 10.1.1.0/24 via 10.0.0.5']);
    expect(routerRoutes([{ address: 'fd00:1::1', prefix: 64 }], lan, null).map(routeCommand)).toEqual(['ip -6 route add fd00:1::/64 via THIS-HOST']);
  });

  it('sees whether a bridge leads to the LAN and holds the host', () => {
    const bridged = network('<forward mode="bridge"/><bridge name="br0"/>');
    const withBridge = (bridgeAddress: string | null) => makeSnapshot({
      interfaces: [makeInterface('br0', { kind: 'bridge', addresses: bridgeAddress ? [address(bridgeAddress)] : [] }), makeInterface('eno2', { controller: 'br0' }), makeInterface('vnet0', { kind: 'tap', controller: 'br0' })],
    });
    expect(rows(bridged, withBridge('10.0.0.5/24'))).toEqual(['same-network yes/yes', 'host yes/yes', 'other-networks no/partly', 'lan yes/yes', 'internet yes/partly']);
    expect(rows(bridged, withBridge(null))).toEqual(['same-network yes/yes', 'host partly/partly', 'other-networks no/partly', 'lan partly/partly', 'internet partly/partly']);
  });

  it('knows that the host routes for a bridge on which it has an address and no NIC', () => {
    const inside = makeSnapshot({ interfaces: [...snapshot.interfaces, makeInterface('br0', { kind: 'bridge', addresses: [address('10.9.0.1/24')] })] });
    expect(rows(network('<forward mode="bridge"/><bridge name="br0"/>'), inside)).toEqual(['same-network yes/yes', 'host yes/yes', 'other-networks no/partly', 'lan partly/partly', 'internet partly/partly']);
  });

  it('reads an Open vSwitch bridge by its ports', () => {
    const ovs = network('<forward mode="bridge"/><bridge name="ovs0"/><virtualport type="openvswitch"/>');
    const port = (name: string, type: string) => ({ name, tag: null, trunks: [], vlanMode: null, bondMode: null, interfaces: [{ name, type, adminState: 'up', linkState: 'up', ofport: 1, error: null, options: {} }] });
    const make = (names: [string, string][]) => makeSnapshot({
      machines: [makeMachine('a', 'n', 'vnet0')],
      ovsBridges: [{ name: 'ovs0', datapathType: '', failMode: null, stp: false, problem: null, ports: names.map(([name, type]) => port(name, type)) }],
    });
    expect(rows(ovs, make([['ovs0', 'internal'], ['vnet0', '']])).map((row) => row.split(' ')[1])).toEqual(['yes/yes', 'no/no', 'no/no', 'no/no', 'no/no']);
    expect(rows(ovs, make([['eno1', 'system']]))).toEqual(['same-network yes/yes', 'host partly/partly', 'other-networks no/partly', 'lan yes/yes', 'internet yes/partly']);
    // Another NIC may lead to another network.
    expect(rows(ovs, make([['eno2', 'system']]))[3]).toBe('lan partly/partly');
    const vlans = ovs.replace('</network>', '<portgroup name="p"><vlan><tag id="5"/></vlan></portgroup></network>');
    expect(rows(vlans, make([['eno2', 'system']]))[3]).toBe('lan partly/partly');
  });

  it('says of a draft what it says of the network, for what is attached to the host, too', () => {
    const common = { name: 'n', title: null, description: null, vlan: null, portgroups: [], autostart: true };
    const drafts: AttachedSpec[] = [
      { kind: 'bridged', ...common, bridge: 'br0', isolatedPorts: true }, { kind: 'macvtap', ...common, mode: 'vepa', devices: ['eno1'] },
      { kind: 'ovs', ...common, bridge: 'ovs0', createBridge: { datapath: 'system', stp: false } }, { kind: 'sriov', ...common, device: 'eno1', managed: true },
    ];
    for (const draft of drafts) expect(describeReach(draft, snapshot)).toEqual(describeReach(makeNetwork(buildAttachedXml('00000000-0000-4000-8000-000000000001', draft)), snapshot));
    const other = network('<forward mode="bridge"><interface dev="eno2"/></forward>');
    // On a NIC that is not the host's, the host is one of those outside.
    expect(rows(other, makeSnapshot({ interfaces: [...snapshot.interfaces, makeInterface('eno2')] }))).toEqual(['same-network yes/yes', 'host partly/partly', 'other-networks no/partly', 'lan partly/partly', 'internet partly/partly']);
    const bridge = makeSnapshot({ interfaces: [makeInterface('br0', { kind: 'bridge', addresses: [address('10.0.0.5/24')] }), makeInterface('eno1', { controller: 'br0' })], routes: [makeRoute('default', { device: 'br0', gateway: '10.0.0.1' })] });
    expect(describeReach(drafts[0]!, bridge).map((row) => `${row.peer} ${row.out}`)).toEqual(['same-network no', 'host yes', 'other-networks no', 'lan yes', 'internet yes']);
  });
});
