import { describe, expect, it } from 'vitest';
import type { AttachedSpec } from '../../shared/domain/attached-spec';
import { attachedSpecFromOptions } from './attached-from-options';

const common = { name: 'n', title: null, description: null, vlan: null, portgroups: [], autostart: true };
const ovs: AttachedSpec = { kind: 'ovs', ...common, bridge: 'ovsbr0', createBridge: null };
const none = { inbound: null, outbound: null };

describe('attachedSpecFromOptions', () => {
  it('lays options over the proposal', () => {
    expect(attachedSpecFromOptions({ kind: 'bridged', ...common, bridge: 'br0', isolatedPorts: false }, 'lan', { bridge: 'br1', 'port-isolation': true, 'no-autostart': true }))
      .toEqual({ kind: 'bridged', ...common, name: 'lan', bridge: 'br1', isolatedPorts: true, autostart: false });
    expect(attachedSpecFromOptions({ kind: 'macvtap', ...common, mode: 'bridge', devices: ['eno1'] }, null, { device: ['eno2', 'eno3'], mode: 'private' }))
      .toMatchObject({ devices: ['eno2', 'eno3'], mode: 'private' });
    expect(attachedSpecFromOptions({ kind: 'sriov', ...common, device: 'eno1', managed: true }, null, { unmanaged: true, vlan: '7' }))
      .toMatchObject({ device: 'eno1', managed: false, vlan: { mode: 'access', tag: 7 } });
  });

  it('reads portgroups', () => {
    expect(attachedSpecFromOptions(ovs, null, { bridge: 'sw1', 'new-bridge': true, datapath: 'netdev', portgroup: ['trusted:vlan=10,default', 'router:trunk=10,20,native=1', 'all:trunk=10,native-tagged=2', 'plain'] })).toEqual({
      ...ovs, bridge: 'sw1', createBridge: { datapath: 'netdev', stp: false },
      portgroups: [
        { name: 'trusted', isDefault: true, vlan: { mode: 'access', tag: 10 }, bandwidth: none },
        { name: 'router', isDefault: false, vlan: { mode: 'trunk', tags: [10, 20], native: { tag: 1, mode: 'untagged' } }, bandwidth: none },
        { name: 'all', isDefault: false, vlan: { mode: 'trunk', tags: [10], native: { tag: 2, mode: 'tagged' } }, bandwidth: none },
        { name: 'plain', isDefault: false, vlan: null, bandwidth: none },
      ],
    });
  });

  it('keeps of a network what is not said, and takes away what is said to be nothing', () => {
    const limited = { inbound: { averageKBps: 100, peakKBps: null, burstKiB: null }, outbound: null };
    const before: AttachedSpec = {
      ...ovs, title: 'T', autostart: false, vlan: { mode: 'access', tag: 5 }, portgroups: [{ name: 'a', isDefault: true, vlan: null, bandwidth: limited }],
    };
    expect(attachedSpecFromOptions(before, null, {})).toEqual(before);
    expect(attachedSpecFromOptions(before, null, { title: '', vlan: '', portgroup: [''], autostart: true })).toEqual({ ...before, title: null, vlan: null, portgroups: [], autostart: true });
    expect(attachedSpecFromOptions(before, null, { portgroup: ['a:vlan=7', 'b'] }).portgroups).toEqual([
      { name: 'a', isDefault: false, vlan: { mode: 'access', tag: 7 }, bandwidth: limited }, { name: 'b', isDefault: false, vlan: null, bandwidth: none },
    ]);
    const lan: AttachedSpec = { kind: 'bridged', ...common, bridge: 'br0', isolatedPorts: true };
    expect(attachedSpecFromOptions(lan, null, {})).toEqual(lan);
    expect(attachedSpecFromOptions(lan, null, { 'no-port-isolation': true })).toEqual({ ...lan, isolatedPorts: false });
  });

  it.each<[object, RegExp]>([
    [{ portgroup: ['a:vlan=4095'] }, /portgroups\.0\.vlan\.tag: VLANs go from 1 to 4094/], [{ portgroup: ['a:vlan=ten'] }, /--portgroup takes VLANs by number/],
    [{ portgroup: ['a:trunk=1,native-x=2'] }, /native=N and native-tagged=N/], [{ device: ['eno1'] }, /--device says nothing/], [{ datapath: 'netdev' }, /needs --new-bridge/],
    [{ 'new-bridge': true, datapath: 'fast' }, /createBridge\.datapath/], [{ bridge: '' }, /bridge: A bridge name is needed/],
  ])('refuses %j', (options, expected) => expect(() => attachedSpecFromOptions(ovs, null, options)).toThrow(expected));
});
