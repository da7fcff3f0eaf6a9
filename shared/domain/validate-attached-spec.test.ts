import { describe, expect, it } from 'vitest';
import { address, defaultXml, makeInterface, makeMachine, makeNetwork, makeSnapshot } from '../../test/fakes/snapshot-fixture';
import type { AttachedSpec, BridgedSpec, MacvtapSpec, OvsSpec, SriovSpec } from './attached-spec';
import type { HostSnapshot } from './snapshot';
import { validateAttachedSpec } from './validate-attached-spec';

const houseUuid = '725d772d-5c82-4e03-b6ce-7eb39dcb763d';
const none = { inbound: null, outbound: null };
const bridge = { stp: false, forwardDelaySeconds: 0, vlanFiltering: false };
const base = makeSnapshot();
const snapshot = makeSnapshot({
  system: { ...base.system, ovsVersion: '3.1.0' },
  networks: [
    makeNetwork(defaultXml),
    makeNetwork(`<network><name>house</name><uuid>${houseUuid}</uuid><forward mode='bridge'/><bridge name='ovsbr0'/><virtualport type='openvswitch'/>
      <portgroup name='trusted' default='yes'><vlan><tag id='10'/></vlan></portgroup><portgroup name='cameras'><vlan><tag id='30'/></vlan></portgroup></network>`),
  ],
  machines: [
    makeMachine('cam', 'house', 'vnet1', { nics: [{ ...makeMachine('cam', 'house', 'vnet1').nics[0]!, portgroup: 'cameras' }] }),
    makeMachine('nas', 'house', null),
  ],
  interfaces: [
    ...base.interfaces, makeInterface('eno2', { controller: 'br0' }), makeInterface('eno3', { operState: 'DOWN' }), makeInterface('eno4', { virtualFunctions: 4 }),
    makeInterface('wlp1s0', { kind: 'wireless' }), makeInterface('br0', { kind: 'bridge', bridge }), makeInterface('br-lab', { kind: 'bridge', bridge }),
    makeInterface('virbr0', { kind: 'bridge', bridge, addresses: [address('192.168.122.1/24')] }), makeInterface('docker0', { kind: 'bridge', bridge }),
  ],
  ovsBridges: [{ name: 'ovsbr0', datapathType: '', failMode: null, stp: false, problem: null, ports: [] }],
});

const common = { title: null, description: null, vlan: null, portgroups: [], autostart: true };
const bridged: BridgedSpec = { kind: 'bridged', ...common, name: 'lan', bridge: 'br0', isolatedPorts: false };
const macvtap: MacvtapSpec = { kind: 'macvtap', ...common, name: 'direct', mode: 'bridge', devices: ['eno1'] };
const ovs: OvsSpec = { kind: 'ovs', ...common, name: 'vlans', bridge: 'ovsbr0', createBridge: null };
const sriov: SriovSpec = { kind: 'sriov', ...common, name: 'vfs', device: 'eno4', managed: true };
const house: OvsSpec = {
  ...ovs, name: 'house',
  portgroups: [
    { name: 'trusted', isDefault: true, vlan: { mode: 'access', tag: 10 }, bandwidth: none }, { name: 'cameras', isDefault: false, vlan: { mode: 'access', tag: 30 }, bandwidth: none },
  ],
};

const group = (name: string, more: Partial<AttachedSpec['portgroups'][number]> = {}): AttachedSpec['portgroups'][number] => ({ name, isDefault: false, vlan: null, bandwidth: none, ...more });

function issuesOf(spec: AttachedSpec, uuid: string | null = null, host: HostSnapshot = snapshot): string[] {
  return validateAttachedSpec(spec, { snapshot: host, used: [], uuid }).map((issue) => `${issue.severity} ${issue.path}: ${issue.message}`);
}
const withSystem = (more: Partial<HostSnapshot['system']>, rest: Partial<HostSnapshot> = {}): HostSnapshot => ({ ...snapshot, system: { ...snapshot.system, ...more }, ...rest });

describe('validateAttachedSpec', () => {
  it.each([bridged, macvtap, ovs, sriov])('accepts a good $kind network', (spec) => expect(issuesOf(spec)).toEqual([]));
  it('accepts an unchanged one', () => expect(issuesOf(house, houseUuid)).toEqual([]));

  it.each<[string, AttachedSpec, RegExp]>([
    ['name taken', { ...bridged, name: 'default' }, /^error name: There is a network “default”/],
    ['title on an old libvirt', { ...bridged, title: 'Home' }, /^warning title: libvirt 9\.0\.0 .* doesn't know titles; libvirt 9\.7 does\. It will be left out/],
    ['description on an old libvirt', { ...bridged, description: 'a\nb' }, /^warning description:/],
    ['no such bridge', { ...bridged, bridge: 'br9' }, /^error bridge: There is no bridge “br9”/],
    ['libvirt’s own bridge', { ...bridged, bridge: 'virbr0' }, /^error bridge: virbr0 belongs to libvirt’s network “default”/],
    ['Docker’s bridge', { ...bridged, bridge: 'docker0' }, /^warning bridge: docker0 is Docker’s/],
    ['bridge without a NIC', { ...bridged, bridge: 'br-lab' }, /^warning bridge: No NIC is a port of br-lab/],
    ['a NIC as a bridge', { ...bridged, bridge: 'eno1' }, /^error bridge: “eno1” is not a bridge.*macvtap/],
    ['an OVS bridge as a Linux one', { ...bridged, bridge: 'ovsbr0' }, /^error bridge: “ovsbr0” is an Open vSwitch bridge/],
    ['VLAN on a Linux bridge', { ...bridged, vlan: { mode: 'access', tag: 5 } }, /^error vlan: libvirt 9\.0\.0 on this host doesn't know VLANs on plain Linux bridges/],
    ['no such NIC', { ...macvtap, devices: ['eth9'] }, /^error devices\.0: There is no “eth9”/],
    ['a port of a bridge', { ...macvtap, devices: ['eno2'] }, /^error devices\.0: eno2 is a port of br0/],
    ['a bridge as a NIC', { ...macvtap, devices: ['br0'] }, /^error devices\.0: “br0” is a bridge/],
    ['Wi-Fi', { ...macvtap, devices: ['wlp1s0'] }, /^warning devices\.0: wlp1s0 is wireless/],
    ['no link', { ...macvtap, devices: ['eno3'] }, /^warning devices\.0: eno3 has no link/],
    ['no NIC', { ...macvtap, devices: [] }, /^error devices: A NIC is needed/],
    ['a NIC twice', { ...macvtap, devices: ['eno1', 'eno1'] }, /^error devices\.1: eno1 is listed twice/],
    ['the host’s own NIC passed through', { ...macvtap, mode: 'passthrough', devices: ['eno1', 'eno4'] }, /^error devices\.0: eno1 carries this host’s own traffic/],
    ['one NIC passed through', { ...macvtap, mode: 'passthrough', devices: ['eno4'] }, /^warning devices: In mode “passthrough” each machine/],
    ['VLAN on macvtap', { ...macvtap, vlan: { mode: 'access', tag: 5 } }, /^error vlan: macvtap puts no VLAN/],
    ['limit on macvtap', { ...macvtap, portgroups: [group('a', { bandwidth: { inbound: { averageKBps: 5, peakKBps: null, burstKiB: null }, outbound: null } })] }, /^error portgroups\.0\.bandwidth: libvirt refuses limits/],
    ['no such switch', { ...ovs, bridge: 'ovsbr9' }, /^error bridge: There is no Open vSwitch bridge “ovsbr9”/],
    ['a Linux bridge as a switch', { ...ovs, bridge: 'br0' }, /^error bridge: “br0” is a Linux bridge/],
    ['a new switch that is there', { ...ovs, createBridge: { datapath: 'system', stp: false } }, /^error bridge: There is an Open vSwitch bridge “ovsbr0” already/],
    ['a new switch named like a NIC', { ...ovs, bridge: 'eno1', createBridge: { datapath: 'system', stp: false } }, /^error bridge: This host has an interface “eno1”/],
    ['VLAN 0', { ...ovs, vlan: { mode: 'access', tag: 0 } }, /^error vlan\.tag: VLANs go from 1 to 4094/],
    ['VLAN 4095', { ...ovs, portgroups: [group('a', { vlan: { mode: 'trunk', tags: [4095], native: null } })] }, /^error portgroups\.0\.vlan\.tags\.0: VLANs go from 1 to 4094/],
    ['trunk of nothing', { ...ovs, portgroups: [group('a', { vlan: { mode: 'trunk', tags: [], native: null } })] }, /^error portgroups\.0\.vlan\.tags: A trunk carries at least one VLAN/],
    ['tag twice', { ...ovs, vlan: { mode: 'trunk', tags: [10, 20, 10], native: null } }, /^error vlan\.tags: VLAN 10 is listed twice/],
    ['native among the tags', { ...ovs, vlan: { mode: 'trunk', tags: [10], native: { tag: 10, mode: 'untagged' } } }, /^error vlan\.native: VLAN 10 is the native one already/],
    ['limit without a peak on Open vSwitch', { ...ovs, portgroups: [group('a', { bandwidth: { inbound: { averageKBps: 5, peakKBps: null, burstKiB: null }, outbound: null } })] }, /^warning portgroups\.0\.bandwidth\.inbound: Open vSwitch holds machines to the peak/],
    ['two defaults', { ...ovs, portgroups: [group('a', { isDefault: true }), group('b', { isDefault: true })] }, /^error portgroups\.1\.isDefault: “a” is the default already/],
    ['portgroup twice', { ...ovs, portgroups: [group('a'), group('a')] }, /^error portgroups\.1\.name: There is a portgroup “a” already/],
    ['peak below average', { ...ovs, portgroups: [group('a', { bandwidth: { inbound: null, outbound: { averageKBps: 5, peakKBps: 4, burstKiB: null } } })] }, /^error portgroups\.0\.bandwidth\.outbound\.peakKBps/],
    ['a card without functions', { ...sriov, device: 'eno1' }, /^error device: eno1 has no virtual functions/],
    ['a trunk on functions', { ...sriov, vlan: { mode: 'trunk', tags: [1, 2], native: null } }, /^error vlan: A virtual function carries one VLAN/],
    ['unmanaged functions', { ...sriov, managed: false }, /^warning managed:/],
  ])('%s', (_name, spec, expected) => {
    const issues = issuesOf(spec);
    expect(issues).toContainEqual(expect.stringMatching(expected));
    expect(issues).toHaveLength(1);
  });

  it('takes no title of two lines', () => expect(issuesOf({ ...bridged, title: 'a\nb' })).toContainEqual(expect.stringMatching(/^error title: A title is one line/)));

  it('keeps what machines call by name', () => {
    const [trusted, cameras] = house.portgroups;
    if (!trusted || !cameras) throw new Error('there are two');
    expect(issuesOf({ ...house, portgroups: [trusted] }, houseUuid)).toEqual([expect.stringMatching(/^error portgroups: cam uses the portgroup “cameras”.*in no VLAN/)]);
    expect(issuesOf({ ...house, portgroups: [trusted, { ...cameras, name: 'cams' }] }, houseUuid)).toHaveLength(1);
    expect(issuesOf({ ...house, portgroups: [{ ...trusted, isDefault: false }, cameras] }, houseUuid)).toEqual([expect.stringMatching(/^warning portgroups: nas names no portgroup .* none instead of “trusted”/)]);
    expect(issuesOf({ ...house, name: 'home' }, houseUuid)).toEqual([expect.stringMatching(/^error name: libvirt can't rename/)]);
  });

  it('lets an existing network keep a place that is gone', () => {
    expect(issuesOf(house, houseUuid, { ...snapshot, ovsBridges: [] })).toEqual([expect.stringMatching(/^warning bridge: There is no Open vSwitch bridge/)]);
  });

  it('knows what the host’s libvirt and Open vSwitch can', () => {
    const newer = withSystem({ libvirtVersion: '11.0.0' });
    expect(issuesOf({ ...bridged, title: 'Home', vlan: { mode: 'access', tag: 5 } }, null, newer)).toEqual([expect.stringMatching(/^warning vlan: br0 doesn’t filter VLANs/)]);
    expect(issuesOf({ ...bridged, isolatedPorts: true }, null, withSystem({ libvirtVersion: '5.10.0' }))).toEqual([expect.stringMatching(/^error isolatedPorts:.*6\.1/)]);
    expect(issuesOf(ovs, null, withSystem({ ovsVersion: null }))).toEqual([expect.stringMatching(/^error bridge: Open vSwitch is not installed on this host\. “Health”/)]);
    const problem = (code: string): HostSnapshot['problems'][number] => ({ area: 'ovs', code, title: 'Open vSwitch refuses this user', detail: '' });
    expect(issuesOf(ovs, null, withSystem({}, { problems: [problem('ovs.not-running')] }))).toEqual([expect.stringMatching(/^error bridge: Open vSwitch is not running/)]);
    expect(issuesOf(ovs, null, withSystem({}, { problems: [problem('ovs.denied')], ovsBridges: [] }))).toEqual([expect.stringMatching(/^warning bridge: This session can’t see/)]);
    const asMember = withSystem({}, { privilege: 'libvirt-group', ovsBridges: [] });
    expect(issuesOf({ ...ovs, createBridge: { datapath: 'system', stp: false } }, null, asMember)).toEqual([expect.stringMatching(/^error bridge: Making .* takes root’s rights/)]);
  });
});
