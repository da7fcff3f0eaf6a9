import { describe, expect, it } from 'vitest';
import { atticSnapshot } from '../../testing/fixtures/attic-host';
import { describeVlan } from '../../ui/describe-vlan';
import { buildNetworkRows, shortRange } from './network-rows';
import { networkActions } from './use-network-actions';

describe('network rows', () => {
  const rows = buildNetworkRows(atticSnapshot());
  const named = (name: string) => rows.find((row) => row.network.name === name)!;

  it('counts a machine once, however many NICs it has on a network', () => {
    const snapshot = atticSnapshot();
    snapshot.machines[0]!.nics.push({ ...snapshot.machines[0]!.nics[0]!, mac: '52:54:00:10:00:99' });
    expect(buildNetworkRows(snapshot).find((row) => row.network.name === 'lan')!.machineCount).toBe(2);
  });

  it('shows the NIC where there is no bridge, and says when a restart is due', () => {
    expect(named('storage').device).toBe('enp3s0');
    expect(named('lab-dmz').state).toEqual({ shape: 'warn', word: 'restart due' });
    expect(named('storage').state).toEqual({ shape: 'off', word: 'inactive' });
  });

  it('can be found by address, bridge, port group and UUID', () => {
    expect(named('default').searchText).toContain('192.168.122.254');
    expect(named('ovs-trunk').searchText).toContain('cameras');
  });

  it('shortens ranges to what differs', () => {
    expect(shortRange('192.168.122.2', '192.168.122.254')).toBe('192.168.122.2–.254');
    expect(shortRange('10.0.1.200', '10.0.2.50')).toBe('10.0.1.200–.2.50');
    expect(shortRange('10.0.0.1', '11.0.0.1')).toBe('10.0.0.1–11.0.0.1');
    expect(shortRange('fd00::100', 'fd00::1ff')).toBe('fd00::100 – fd00::1ff');
  });

  it('offers what a network allows', () => {
    const ids = (name: string): string[] => networkActions(named(name).network).map((action) => action.id);
    expect(ids('default')).toEqual(['edit', 'edit-xml', 'stop', 'autostart', 'rename', 'delete', 'duplicate', 'export']);
    expect(ids('storage')).toEqual(['edit', 'edit-xml', 'start', 'autostart', 'rename', 'delete', 'duplicate', 'export']);
    expect(networkActions({ kind: 'nat', active: true, autostart: false, persistent: false })).toMatchObject([{ id: 'stop', isDestructive: true }, { id: 'duplicate' }, { id: 'export' }]);
  });

  it('describes VLANs', () => {
    expect(describeVlan(null)).toBe('untagged');
    expect(describeVlan({ trunk: false, tags: [{ id: 20 }] })).toBe('VLAN 20');
    expect(describeVlan({ trunk: true, tags: [{ id: 1, nativeMode: 'untagged' }, { id: 20 }, { id: 30 }] })).toBe('trunk 20, 30, native 1');
  });
});
