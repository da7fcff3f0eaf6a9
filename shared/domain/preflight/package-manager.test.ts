import { describe, expect, it } from 'vitest';
import { makeFacts } from '../../../test/fakes/preflight-facts';
import { installCommands, installScript, packageManagerOf, packagesFor } from './package-manager';
import type { PackageManager } from './package-manager';

const os = (id: string, like: string[] = [], ostree = false) => ({ id, like, name: id, ostree });

describe('the package manager', () => {
  it.each<[ReturnType<typeof os>, string[], PackageManager | null]>([
    [os('debian'), ['apt-get'], 'apt'], [os('linuxmint', ['ubuntu', 'debian']), ['apt-get'], 'apt'], [os('proxmox', ['debian']), ['apt-get'], 'apt'],
    [os('fedora'), ['dnf', 'rpm-ostree'], 'dnf'], [os('fedora', [], true), ['dnf', 'rpm-ostree'], 'rpm-ostree'], [os('rocky', ['rhel', 'centos', 'fedora']), ['dnf'], 'dnf'],
    [os('opensuse-leap', ['suse', 'opensuse']), ['zypper'], 'zypper'], [os('endeavouros', ['arch']), ['pacman'], 'pacman'], [os('alpine'), ['apk'], 'apk'],
    // apt is in Fedora's archive too; what the system says of itself counts.
    [os('fedora'), ['apt-get', 'dnf'], 'dnf'],
    // Unknown, or lying about itself: by the tool.
    [os('void'), ['pacman'], 'pacman'], [os('debian'), ['dnf'], 'dnf'], [os(''), [], null],
  ])('of %o with %o is %s', (system, tools, expected) => {
    expect(packageManagerOf({ os: system, tools })).toBe(expected);
  });

  it('names packages by family and architecture', () => {
    const names = (manager: PackageManager, architecture = 'x86_64') => packagesFor(['libvirt', 'qemu', 'dnsmasq'], manager, { architecture }).join(' ');
    expect(names('apt')).toBe('libvirt-daemon-system libvirt-clients qemu-system-x86 dnsmasq-base');
    expect(names('apt', 'aarch64')).toBe('libvirt-daemon-system libvirt-clients qemu-system-arm dnsmasq-base');
    expect(names('dnf')).toBe('libvirt-daemon-kvm libvirt-client qemu-kvm dnsmasq');
    expect(names('zypper')).toBe('libvirt-daemon-qemu libvirt-client qemu-kvm dnsmasq');
    expect(names('pacman')).toBe('libvirt qemu-base dnsmasq');
    expect(names('apk', 'aarch64')).toBe('libvirt-daemon libvirt-client libvirt-qemu qemu-system-aarch64 dnsmasq');
  });

  it('asks nothing, and takes its time', () => {
    const lines = (manager: Exclude<PackageManager, 'rpm-ostree'>) => installCommands(manager, ['dnsmasq']).map(({ command }) => command.argv.join(' '));
    expect(lines('apt')).toEqual([
      'env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=60 update',
      'env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=60 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold install --yes --no-install-recommends dnsmasq',
    ]);
    expect(lines('dnf')).toEqual(['dnf install --assumeyes --setopt=install_weak_deps=False dnsmasq']);
    expect(lines('zypper')).toEqual(['zypper --non-interactive install --no-recommends dnsmasq']);
    expect(lines('pacman')).toEqual(['pacman --sync --needed --noconfirm dnsmasq']);
    expect(lines('apk')).toEqual(['apk update', 'apk add dnsmasq']);
    expect(installCommands('apt', ['dnsmasq']).map(({ optional, timeoutMs }) => [optional, timeoutMs])).toEqual([[true, 300_000], [false, 1_800_000]]);
  });

  it('is written for people with sudo', () => {
    expect(installScript('rpm-ostree', ['openvswitch'], 'sudo ')).toEqual(['sudo rpm-ostree install --idempotent openvswitch', 'sudo systemctl reboot']);
    expect(packagesFor(['ovs'], 'rpm-ostree', makeFacts())).toEqual(['openvswitch']);
  });
});
