import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { transcript } from '../../../test/fixtures/read-transcript';
import { listeningSocketsArgv, parseDnsSockets } from './dns-sockets';
import { readsFolder } from './dnsmasq-service';
import { emulatorNames } from './emulators';
import { explainPackages, isPackageCommand, packageTrouble } from './explain-packages';
import { explainSystemctl } from './explain-systemctl';
import { filterTableArgv, parseForwardPolicy } from './forward-policy';
import { iprouteVersionArgv, parseIprouteVersion } from './iproute-version';
import { kvmDeviceArgv, parseCpuVirtualization, parseDetectVirt, parseKvmDevice } from './kvm';
import { groupArgv, parseGroupMembers, parseGroups, parseUserName, userNameArgv } from './login';
import { parseOsIdentity } from './os-identity';
import { parseUnits, showUnitsArgv } from './units';

const debian = (name: string) => transcript(`debian-12/${name}`);
const apt = (name: string) => transcript(`apt-2.6.2/${name}`);

describe('replies about the system', () => {
  it('are of the commands that were recorded', () => {
    const units = debian('units');
    expect(showUnitsArgv(units.argv.slice(4))).toEqual(units.argv);
    expect(groupArgv('libvirt')).toEqual(debian('group-libvirt').argv);
    expect(userNameArgv).toEqual(debian('user-name').argv);
    expect(kvmDeviceArgv).toEqual(debian('kvm-none').argv);
    expect(filterTableArgv).toEqual(debian('filter-table').argv);
    expect(listeningSocketsArgv).toEqual(transcript('iproute2-6.1.0/listening-sockets').argv);
    expect(iprouteVersionArgv).toEqual(transcript('iproute2-6.1.0/version').argv);
  });

  it('tell units, users, groups, sockets and versions', () => {
    expect(parseUnits(debian('units').stdout)).toEqual({
      'libvirtd.socket': { enabled: 'enabled', active: 'active' }, 'libvirtd.service': { enabled: 'enabled', active: 'active' },
      'ovsdb-server.service': { enabled: 'static', active: 'active' }, 'openvswitch-switch.service': { enabled: 'enabled', active: 'active' },
    });
    expect(parseUserName(debian('user-name').stdout)).toBe('root');
    expect(parseGroups(debian('session-groups').stdout)).toEqual(['virt', 'libvirt']);
    expect(parseGroupMembers(debian('group-libvirt').stdout)).toEqual(['virt']);
    expect(parseGroupMembers(debian('group-none').stdout)).toBeNull();
    expect(parseKvmDevice(debian('kvm-none').stdout)).toBeNull();
    expect(parseKvmDevice('660 kvm\n')).toEqual({ mode: '660', group: 'kvm' });
    expect(parseDetectVirt(debian('detect-virt').stdout)).toBe('systemd-nspawn');
    expect(parseForwardPolicy(debian('filter-table').stdout)).toBe('ACCEPT');
    expect(parseForwardPolicy('')).toBeNull();
    expect(parseForwardPolicy('*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [3:180]\n')).toBe('DROP');
    expect(parseDnsSockets(transcript('iproute2-6.1.0/listening-sockets').stdout)).toContainEqual({ protocol: 'udp', address: '0.0.0.0', process: 'dnsmasq' });
    expect(parseIprouteVersion(transcript('iproute2-6.1.0/version').stdout)).toBe('6.1.0');
    expect(parseIprouteVersion('ip utility, iproute2-ss190708\n')).toBe('190708');
    expect(parseIprouteVersion('BusyBox v1.36.1 () multi-call binary.\n')).toBeNull();
  });

  it('tell what the system is', () => {
    expect(parseOsIdentity('NAME="Rocky Linux"\nID="rocky"\nID_LIKE="rhel centos fedora"\n')).toEqual({ id: 'rocky', like: ['rhel', 'centos', 'fedora'] });
    expect(parseOsIdentity('')).toEqual({ id: '', like: [] });
    expect(parseCpuVirtualization('flags\t\t: fpu vme svm aes\n')).toBe('svm');
    expect(parseCpuVirtualization('flags\t\t: fpu\n')).toBe('none');
    expect(parseCpuVirtualization('')).toBeNull();
    expect(readsFolder('CONFIG_DIR=/etc/dnsmasq.d,.dpkg-dist,.dpkg-old\n')).toBe(true);
    expect(readsFolder('conf-dir=/etc/dnsmasq.d,.rpmnew\n')).toBe(true);
    expect(readsFolder('conf-dir=/srv/dns\n')).toBe(false);
    expect(emulatorNames('ppc64le')).toEqual(['qemu-system-ppc64', 'qemu-kvm', 'kvm']);
  });

  it('can\'t smuggle anything into a plan by a user\'s name', () => {
    for (const name of ['-root', 'a b', 'x;reboot', '', '$(id)']) expect(parseUserName(`${name}\n`)).toBeNull();
    fc.assert(fc.property(fc.string(), (text) => {
      const name = parseUserName(text);
      if (name !== null) expect(name).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_.@-]*\$?$/);
    }));
  });
});

describe('package managers that fail', () => {
  const install = { argv: ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', 'install'] };
  const explain = (stderr: string, stdout = '', exitCode = 1) => {
    const error = explainPackages({ exitCode, stdout, stderr }, install);
    return error === null ? null : `${error.code}: ${error.data.detail}`;
  };
  const recorded = (name: string) => explain(apt(name).stderr, apt(name).stdout, apt(name).exitCode ?? 1);

  it('are understood as recorded from apt-get', () => {
    expect(recorded('failure-unknown')).toBe('packages.unknown: libvirt-daemon-system is not in the package lists of this host.');
    expect(recorded('failure-locked')).toMatch(/^packages\.locked: apt-get \(process \d+\) holds the lock of the package manager\.$/);
    expect(recorded('failure-interrupted')).toMatch(/^packages\.broken/);
    expect(recorded('failure-gone')).toMatch(/^packages\.stale/);
    expect(recorded('install')).toBeNull();
    expect(packageTrouble(apt('update-unreachable'))).toMatch(/^Failed to fetch .*Temporary failure resolving 'deb\.debian\.org'$/);
    expect(packageTrouble(apt('update-refused'))).toMatch(/Connection refused\)$/);
    expect(packageTrouble(apt('install'))).toBeNull();
  });

  it.each([
    ['dnf', 'Error: Unable to find a match: openvswitch', 'packages.unknown: openvswitch is not in the package lists of this host.'],
    ['dnf', 'No match for argument: openvswitch', 'packages.unknown: openvswitch is not in the package lists of this host.'],
    ['dnf', 'Error: Failed to download metadata for repo \'fedora\': Cannot prepare internal mirrorlist', 'packages.unreachable: The host could not reach fedora.'],
    ['dnf', 'Failed to obtain rpm transaction lock. Another transaction is in progress.', 'packages.locked: It holds the lock of the package manager.'],
    ['dnf', '  - At least 312MB more space needed on the / filesystem.', 'packages.no-space: There is no room for the packages.'],
    ['zypper', 'System management is locked by the application with pid 812 (zypper).', 'packages.locked: zypper (process 812) holds the lock of the package manager.'],
    ['zypper', 'No provider of \'openvswitch\' found.', 'packages.unknown: openvswitch is not in the package lists of this host.'],
    ['pacman', 'error: failed to init transaction (unable to lock database)\nerror: could not lock database: File exists', 'packages.locked: It holds the lock of the package manager.'],
    ['pacman', 'error: target not found: openvswitch', 'packages.unknown: openvswitch is not in the package lists of this host.'],
    ['apk', 'ERROR: Unable to lock database: Resource temporarily unavailable', 'packages.locked: It holds the lock of the package manager.'],
    ['apk', 'ERROR: unable to select packages:\n  openvswitch (no such package):', 'packages.unknown: openvswitch is not in the package lists of this host.'],
    ['apt', 'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 1234 (unattended-upgr)', 'packages.locked: unattended-upgr (process 1234) holds the lock of the package manager.'],
    ['apt', 'E: You don\'t have enough free space in /var/cache/apt/archives/.', 'packages.no-space: There is no room for the packages.'],
    ['any', 'E: something new', 'command.failed: E: something new'],
  ])('%s says “%s”', (_manager, stderr, expected) => {
    expect(explain(stderr)).toBe(expected);
  });

  it('are told from other commands', () => {
    expect(isPackageCommand(install)).toBe(true);
    expect(isPackageCommand({ argv: ['pacman', '--sync'] })).toBe(true);
    expect(isPackageCommand({ argv: ['systemctl', 'start', 'apt-get'] })).toBe(false);
  });
});

describe('systemctl that fails', () => {
  it.each([
    ['failure-start', 'service.failed: libvirtd.service did not start'],
    ['failure-masked', 'service.failed: The service can\'t be switched'],
    ['failure-no-unit', 'service.failed: The service can\'t be switched'],
  ])('%s is %s', (name, expected) => {
    const error = explainSystemctl(debian(name), { argv: ['systemctl'] });
    expect(`${error?.code}: ${error?.data.title}`).toBe(expected);
  });
});
