import { describe, expect, it } from 'vitest';
import { parseUnits, showUnitsArgv } from '../../electron/commands/system/units';
import { parseDnsSockets } from '../../electron/commands/system/dns-sockets';
import { loginSections, preflightSections } from '../../electron/services/preflight/read-facts';
import { done, natXml } from './contract-host';
import type { ContractSession } from './contract-host';

const libvirtUnits = ['libvirtd.socket', 'libvirtd-ro.socket', 'libvirtd-admin.socket', 'libvirtd.service'];

export function describeSystem(current: () => ContractSession): void {
  const states = async (...units: string[]) => parseUnits(await current().read(...showUnitsArgv(units)));

  describe('what preflight asks', () => {
    it('is answered by every section', async () => {
      const { runner } = current();
      const replies = await runner.gather(preflightSections);
      const exits = Object.fromEntries([...replies].map(([name, { exitCode }]) => [name, exitCode]));
      // A container has no /dev/kvm, and says what it is.
      const { kvm: _kvm, virtualization: _virtualization, cpu: _cpu, ...same } = exits;
      expect(same).toEqual({
        'os-release': 0, 'uname': 0, 'ostree': 2, 'systemd': 0, 'tools': 0, 'sysctls': 0, 'units': 0, 'hidden-emulator': 2, 'sockets': 0, 'libvirt-group': 0,
        'dnsmasq-folder': 2, 'bridges-file': 1, 'libvirt-zone': 2, 'filter-table': 0, 'iproute': 0,
      });
      expect(replies.get('iproute')?.stdout).toMatch(/^ip utility, iproute2-6\.1\.0, libbpf /);
      expect(replies.get('libvirt-group')?.stdout).toMatch(/^libvirt:x:\d+:/);
      const login = await runner.gather(loginSections, { elevate: false });
      expect(login.get('user')?.stdout).toBe('root\n');
      expect(login.get('groups')?.stdout).toBe('root\n');
    });

    it('shows who listens on port 53', async () => {
      const session = current();
      await session.define(natXml('nwc-a'));
      await session.virsh(['net-start', 'nwc-a']);
      expect(parseDnsSockets(await session.read('ss', '-H', '-lntup'))).toEqual(expect.arrayContaining(['udp', 'tcp'].map((protocol) => ({ protocol, address: '10.111.1.1', process: 'dnsmasq' }))));
    });
  });

  describe('services', () => {
    it('are switched off and on, and libvirt with them', async () => {
      const session = current();
      expect(await states(...libvirtUnits, 'nwc-none.service')).toEqual(Object.fromEntries(libvirtUnits.map((unit) => [unit, { enabled: 'enabled', active: 'active' }])));
      expect((await session.run('systemctl', 'disable', '--now', ...libvirtUnits)).exitCode).toBe(0);
      expect(await states(...libvirtUnits)).toEqual(Object.fromEntries(libvirtUnits.map((unit) => [unit, { enabled: 'disabled', active: 'inactive' }])));
      expect(await session.virsh(['net-list'])).toMatchObject({ exitCode: 1, stderr: 'error: failed to connect to the hypervisor\nerror: Failed to connect socket to \'/var/run/libvirt/libvirt-sock\': No such file or directory\n' });
      expect((await session.run('systemctl', 'enable', '--now', ...libvirtUnits.slice(0, 3))).exitCode).toBe(0);
      expect((await states('libvirtd.service'))['libvirtd.service']).toEqual({ enabled: 'disabled', active: 'inactive' });
      // Its socket wakes it.
      expect(await session.virsh(['uri'])).toEqual(done('qemu:///system\n\n'));
      expect((await states('libvirtd.service'))['libvirtd.service']?.active).toBe('active');
      expect((await session.run('systemctl', 'enable', '--now', 'libvirtd.service')).exitCode).toBe(0);
    });

    it('are masked and unmasked', async () => {
      const session = current();
      expect((await session.run('systemctl', 'mask', 'systemd-networkd.service')).exitCode).toBe(0);
      expect((await states('systemd-networkd.service'))['systemd-networkd.service']?.enabled).toBe('masked');
      expect(await session.run('systemctl', 'start', 'systemd-networkd.service')).toMatchObject({ exitCode: 1, stderr: 'Failed to start systemd-networkd.service: Unit systemd-networkd.service is masked.\n' });
      expect((await session.run('systemctl', 'unmask', 'systemd-networkd.service')).exitCode).toBe(0);
      expect((await states('systemd-networkd.service'))['systemd-networkd.service']).toEqual({ enabled: 'disabled', active: 'inactive' });
    });

    it('that don\'t exist can\'t be switched', async () => {
      expect(await current().run('systemctl', 'enable', '--now', 'nwc-none.service')).toMatchObject({ exitCode: 1, stderr: 'Failed to enable unit: Unit file nwc-none.service does not exist.\n' });
      expect(await current().run('systemctl', 'start', 'nwc-none.service')).toMatchObject({ exitCode: 5, stderr: 'Failed to start nwc-none.service: Unit nwc-none.service not found.\n' });
    });
  });

  describe('packages, groups, sysctls and files', () => {
    it('that are there already are left alone', async () => {
      const result = await current().run('env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', 'install', '--yes', '--no-install-recommends', 'dnsmasq-base', 'libvirt-clients');
      expect(result.exitCode).toBe(0);
      expect(result.stdout).toContain('dnsmasq-base is already the newest version');
      expect(result.stdout).toContain('0 upgraded, 0 newly installed');
    });

    it('that nobody knows are refused', async () => {
      const result = await current().run('apt-get', 'install', '--yes', 'nwc-none');
      expect(result).toMatchObject({ exitCode: 100, stderr: 'E: Unable to locate package nwc-none\n' });
    });

    it('have members', async () => {
      const session = current();
      expect(await session.run('gpasswd', '--add', 'root', 'libvirt')).toEqual(done('Adding user root to group libvirt\n'));
      expect(await session.read('getent', 'group', 'libvirt')).toMatch(/[:,]root\n$/);
      expect(await session.run('gpasswd', '--delete', 'root', 'libvirt')).toEqual(done('Removing user root from group libvirt\n'));
      expect(await session.run('gpasswd', '--delete', 'root', 'libvirt')).toEqual({ exitCode: 3, stdout: 'Removing user root from group libvirt\n', stderr: 'gpasswd: user \'root\' is not a member of \'libvirt\'\n' });
      expect(await session.run('gpasswd', '--add', 'nwc-none', 'libvirt')).toEqual({ exitCode: 3, stdout: '', stderr: 'gpasswd: user \'nwc-none\' does not exist\n' });
      expect(await session.run('getent', 'group', 'nwc-none')).toEqual({ exitCode: 2, stdout: '', stderr: '' });
    });

    it('are written, read and removed', async () => {
      const session = current();
      const before = (await session.read('sysctl', '-n', 'net.ipv4.ip_forward')).trim();
      expect(await session.run('sysctl', '-w', 'net.ipv4.ip_forward=0')).toEqual(done('net.ipv4.ip_forward = 0\n'));
      expect(await session.read('sysctl', '-n', 'net.ipv4.ip_forward')).toBe('0\n');
      await session.run('sysctl', '-w', `net.ipv4.ip_forward=${before}`);
      const path = '/etc/nwc.d/new/file.conf';
      const put = await session.runner.run({ argv: ['install', '-D', '-m', '0644', '/dev/stdin', path], stdin: { name: 'file.conf', text: 'one\n' } });
      expect(put).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
      expect(await session.run('cat', path)).toEqual(done('one\n'));
      expect(await session.run('stat', '-c', '%a %G', path)).toEqual(done('644 root\n'));
      expect(await session.run('rm', '-f', path)).toEqual(done(''));
      expect((await session.run('cat', path)).exitCode).toBe(1);
    });
  });
}
