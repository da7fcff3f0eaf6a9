import { describe, expect, it } from 'vitest';
import { interfaceLines, machineLines, networkLines, ovsBridgeLines, routeLine } from './terminal-lines';

const typed = (lines: readonly { typed: string }[]): string[] => lines.map((line) => line.typed);
const dhcp = { ranges: [], hosts: [], bootpFile: null };
const ip = (hasDhcp: boolean) => ({ family: 'ipv4', address: '10.0.0.1', prefix: 24, dhcp: hasDhcp ? dhcp : null, localPtr: false, tftpRoot: null }) as never;

describe('commands typed for an object', () => {
  it('of a network, with its leases where it hands out addresses', () => {
    expect(typed(networkLines({ name: 'lab', ips: [ip(true)] }, 'root'))).toEqual(['virsh net-dumpxml lab', 'virsh net-dhcp-leases lab', 'virsh net-info lab']);
    expect(typed(networkLines({ name: 'lab', ips: [ip(false)] }, 'root'))).toEqual(['virsh net-dumpxml lab', 'virsh net-info lab']);
  });

  it('reach the system’s libvirt from an ordinary user’s shell', () => {
    const first = (rights: Parameters<typeof machineLines>[1]) => typed(machineLines({ name: 'web1' }, rights))[0];
    expect(first('root')).toBe('virsh domiflist web1');
    expect(first('sudo')).toBe('sudo virsh domiflist web1');
    expect(first('sudo-without-password')).toBe('sudo virsh domiflist web1');
    expect(first('doas')).toBe('doas virsh domiflist web1');
    expect(first('libvirt-group')).toBe('virsh -c qemu:///system domiflist web1');
    expect(first('read-only')).toBe('virsh -r -c qemu:///system domiflist web1');
  });

  it('quote names for sh, and give up names that would act on the terminal', () => {
    expect(typed(machineLines({ name: 'it\'s; rm -rf ~' }, 'root'))[0]).toBe('virsh domiflist \'it\'\\\'\'s; rm -rf ~\'');
    expect(machineLines({ name: 'web\n1' }, 'root')).toEqual([]);
    expect(machineLines({ name: 'web\x1b[2J' }, 'root')).toEqual([]);
  });

  it('of a device: a bridge has ports, a port a bridge', () => {
    expect(typed(interfaceLines({ name: 'br0', kind: 'bridge', controller: null }, false))).toContain('bridge fdb show br br0');
    expect(typed(interfaceLines({ name: 'vnet0', kind: 'tap', controller: 'br0' }, true))).toContain('bridge -d link show dev vnet0');
    expect(typed(interfaceLines({ name: 'enp3s0', kind: 'physical', controller: null }, false))).toEqual(['ip -d link show dev enp3s0', 'ip -s link show dev enp3s0', 'ip addr show dev enp3s0']);
  });

  it('of a switch and a route', () => {
    expect(typed(ovsBridgeLines({ name: 'ovsbr0' }, 'libvirt-group'))[0]).toBe('sudo ovs-vsctl show');
    expect(routeLine({ destination: 'default', family: 'ipv6', table: 'main' })?.typed).toBe('ip -6 route show default');
    expect(routeLine({ destination: '10.1.0.0/16', family: 'ipv4', table: '100' })?.typed).toBe('ip route show table 100 10.1.0.0/16');
  });
});
