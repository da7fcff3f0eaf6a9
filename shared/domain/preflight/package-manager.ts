import type { Command } from '../plan';
import { describeCommand } from '../shell-quote';
import type { PreflightFacts } from './facts';

/** What the app may need of the distribution. */
export type PackageNeed = 'libvirt' | 'libvirt-client' | 'libvirt-network' | 'qemu' | 'dnsmasq' | 'ovs' | 'iproute' | 'firewall';

export type PackageManager = 'apt' | 'dnf' | 'rpm-ostree' | 'zypper' | 'pacman' | 'apk';

/** The tool that stands for each manager. */
const managerTools: Record<PackageManager, string> = {
  'apt': 'apt-get', 'dnf': 'dnf', 'rpm-ostree': 'rpm-ostree', 'zypper': 'zypper', 'pacman': 'pacman', 'apk': 'apk',
};

/** IDs of os-release(5), their own or in ID_LIKE. */
const familyOf: readonly [PackageManager, readonly string[]][] = [
  ['apt', ['debian', 'ubuntu']],
  ['dnf', ['fedora', 'rhel', 'centos', 'rocky', 'almalinux', 'ol', 'amzn']],
  ['zypper', ['suse', 'opensuse', 'opensuse-leap', 'opensuse-tumbleweed', 'sles']],
  ['pacman', ['arch', 'archarm', 'manjaro']],
  ['apk', ['alpine', 'postmarketos']],
];

/** By what the system says it is, as long as the tool is there; else by the tool alone. Null: none that is known. */
export function packageManagerOf({ os, tools }: Pick<PreflightFacts, 'os' | 'tools'>): PackageManager | null {
  const has = (manager: PackageManager): boolean => tools.includes(managerTools[manager]);
  if (os.ostree && has('rpm-ostree')) return 'rpm-ostree';
  for (const id of [os.id, ...os.like]) {
    const named = familyOf.find(([, ids]) => ids.includes(id))?.[0];
    if (named && has(named)) return named;
  }
  return familyOf.map(([manager]) => manager).find(has) ?? null;
}

/**
 * Names of the packages that hold what is needed.
 * Sources: Debian wiki KVM and packages.debian.org (bookworm, trixie); Fedora docs “Virtualization – Getting Started” and
 * libvirt.org “Distribution packaging” for the RPM split; openSUSE “Virtualization Guide”, installation of KVM; Arch wiki
 * libvirt, QEMU, Open vSwitch; Alpine wiki KVM.
 */
export function packagesFor(needs: readonly PackageNeed[], manager: PackageManager, { architecture }: Pick<PreflightFacts, 'architecture'>): string[] {
  const names = needs.flatMap((need) => packageNames(need, manager, architecture));
  return [...new Set(names)];
}

function packageNames(need: PackageNeed, manager: PackageManager, architecture: string): readonly string[] {
  const families: Record<Exclude<PackageManager, 'rpm-ostree'>, Record<PackageNeed, readonly string[]>> = {
    apt: {
      'libvirt': ['libvirt-daemon-system', 'libvirt-clients'], 'libvirt-client': ['libvirt-clients'], 'libvirt-network': ['libvirt-daemon-system'],
      'qemu': [debianEmulator(architecture)], 'dnsmasq': ['dnsmasq-base'], 'ovs': ['openvswitch-switch'], 'iproute': ['iproute2'], 'firewall': ['iptables'],
    },
    dnf: {
      'libvirt': ['libvirt-daemon-kvm', 'libvirt-client'], 'libvirt-client': ['libvirt-client'], 'libvirt-network': ['libvirt-daemon-driver-network'],
      'qemu': ['qemu-kvm'], 'dnsmasq': ['dnsmasq'], 'ovs': ['openvswitch'], 'iproute': ['iproute'], 'firewall': ['iptables-nft', 'nftables'],
    },
    zypper: {
      'libvirt': ['libvirt-daemon-qemu', 'libvirt-client'], 'libvirt-client': ['libvirt-client'], 'libvirt-network': ['libvirt-daemon-driver-network'],
      'qemu': ['qemu-kvm'], 'dnsmasq': ['dnsmasq'], 'ovs': ['openvswitch'], 'iproute': ['iproute2'], 'firewall': ['iptables', 'nftables'],
    },
    // Arch has iptables-nft beside iptables; a choice between the two that is made already must not be undone.
    pacman: {
      'libvirt': ['libvirt'], 'libvirt-client': ['libvirt'], 'libvirt-network': ['libvirt'],
      'qemu': ['qemu-base'], 'dnsmasq': ['dnsmasq'], 'ovs': ['openvswitch'], 'iproute': ['iproute2'], 'firewall': ['nftables'],
    },
    apk: {
      'libvirt': ['libvirt-daemon', 'libvirt-client', 'libvirt-qemu'], 'libvirt-client': ['libvirt-client'], 'libvirt-network': ['libvirt-daemon'],
      'qemu': [`qemu-system-${architecture}`], 'dnsmasq': ['dnsmasq'], 'ovs': ['openvswitch'], 'iproute': ['iproute2'], 'firewall': ['iptables', 'nftables'],
    },
  };
  return families[manager === 'rpm-ostree' ? 'dnf' : manager][need];
}

/** Debian names emulators by groups of architectures. */
function debianEmulator(architecture: string): string {
  if (/^(aarch64|arm)/.test(architecture)) return 'qemu-system-arm';
  if (/^ppc/.test(architecture)) return 'qemu-system-ppc';
  return /^(x86_64|i\d86)$/.test(architecture) ? 'qemu-system-x86' : 'qemu-system-misc';
}

/** A command of an installation, and how a plan calls it. */
export interface PackageCommand {
  title: string;
  command: Command;
  /** It may fail, as fetching lists does where one of many sources is down: the installation itself tells. */
  optional: boolean;
  /** Milliseconds; mirrors are slow, and so are old disks. */
  timeoutMs: number;
}

const minutes = (count: number): number => count * 60_000;

/**
 * Without questions, and without what is only recommended. apt-get(8), dnf(8), zypper(8), pacman(8), apk(8). apt waits a
 * minute for a lock that another holds; pacman installs from the lists it has, for `-Sy` alone would be a partial upgrade,
 * which Arch doesn't support.
 */
export function installCommands(manager: Exclude<PackageManager, 'rpm-ostree'>, packages: readonly string[]): PackageCommand[] {
  const install = (...argv: string[]): PackageCommand => ({ title: `Install ${packages.join(', ')}`, command: { argv: [...argv, ...packages] }, optional: false, timeoutMs: minutes(30) });
  const quiet = ['env', 'DEBIAN_FRONTEND=noninteractive'];
  switch (manager) {
    case 'apt': return [
      { title: 'Fetch the lists of packages', command: { argv: [...quiet, 'apt-get', '-o', 'DPkg::Lock::Timeout=60', 'update'] }, optional: true, timeoutMs: minutes(5) },
      install(...quiet, 'apt-get', '-o', 'DPkg::Lock::Timeout=60', '-o', 'Dpkg::Options::=--force-confdef', '-o', 'Dpkg::Options::=--force-confold', 'install', '--yes', '--no-install-recommends'),
    ];
    case 'dnf': return [install('dnf', 'install', '--assumeyes', '--setopt=install_weak_deps=False')];
    case 'zypper': return [install('zypper', '--non-interactive', 'install', '--no-recommends')];
    case 'pacman': return [install('pacman', '--sync', '--needed', '--noconfirm')];
    case 'apk': return [
      { title: 'Fetch the lists of packages', command: { argv: ['apk', 'update'] }, optional: true, timeoutMs: minutes(5) },
      install('apk', 'add'),
    ];
  }
}

/** The same for a person at a terminal, who may be asked. */
export function installScript(manager: PackageManager, packages: readonly string[], sudo: string): string[] {
  const line = (...argv: string[]): string => `${sudo}${describeCommand({ argv: [...argv, ...packages] })}`;
  switch (manager) {
    case 'apt': return [`${sudo}apt-get update`, line('apt-get', 'install', '--no-install-recommends')];
    case 'dnf': return [line('dnf', 'install')];
    case 'rpm-ostree': return [line('rpm-ostree', 'install', '--idempotent'), `${sudo}systemctl reboot`];
    case 'zypper': return [line('zypper', 'install', '--no-recommends')];
    case 'pacman': return [line('pacman', '--sync', '--needed')];
    case 'apk': return [line('apk', 'add')];
  }
}
