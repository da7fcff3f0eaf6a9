import type { ForeignRules, UnitState } from './host-state';

/** The plain Debian 12 under the default practice host. */

export const defaultFiles: Readonly<Record<string, string>> = {
  '/etc/os-release': `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
HOME_URL="https://www.debian.org/"
SUPPORT_URL="https://www.debian.org/support"
BUG_REPORT_URL="https://bugs.debian.org/"
`,
  '/etc/hostname': 'attic\n',
  '/etc/resolv.conf': 'search lan\nnameserver 192.168.1.1\n',
  '/etc/network/interfaces': `source /etc/network/interfaces.d/*

auto lo
iface lo inet loopback

allow-hotplug eno1
iface eno1 inet dhcp
`,
  '/etc/network/interfaces.d/br0': `auto br0
iface br0 inet manual
    bridge_ports enp2s0
    bridge_stp off
    bridge_fd 2
`,
  '/run/network/ifstate': 'lo=lo\neno1=eno1\nbr0=br0\n',
  '/proc/mounts': `/dev/sda1 / ext4 rw,relatime,errors=remount-ro 0 0
tmpfs /run tmpfs rw,nosuid,nodev,noexec,relatime,size=1626940k,mode=755 0 0
`,
};

export const defaultSysctls: Readonly<Record<string, string>> = {
  'net.ipv4.ip_forward': '1',
  'net.ipv6.conf.all.forwarding': '0',
  'net.ipv4.conf.all.rp_filter': '0',
  'net.ipv4.conf.default.rp_filter': '0',
  'net.ipv4.conf.all.proxy_arp': '0',
  'net.ipv6.conf.all.disable_ipv6': '0',
  'net.bridge.bridge-nf-call-iptables': '1',
  'net.bridge.bridge-nf-call-ip6tables': '1',
};

const inUsrBin = ['apt-get', 'brctl', 'busctl', 'gpasswd', 'kvm', 'nft', 'ovs-appctl', 'ovs-vsctl', 'ovsdb-client', 'qemu-img', 'qemu-system-x86_64', 'ss', 'systemctl', 'systemd-detect-virt', 'systemd-run', 'timeout', 'virsh', 'virt-install'];
const inUsrSbin = ['bridge', 'dhclient', 'dnsmasq', 'ethtool', 'ifquery', 'ifup', 'ip', 'ip6tables', 'ip6tables-save', 'iptables', 'iptables-save', 'sshd', 'sysctl', 'tc'];

export const defaultTools: Readonly<Record<string, string>> = Object.fromEntries([
  ...inUsrBin.map((name): [string, string] => [name, `/usr/bin/${name}`]), ...inUsrSbin.map((name): [string, string] => [name, `/usr/sbin/${name}`]),
]);

const unit = (name: string, description: string, active: boolean, sub: string, file: string | null = 'enabled'): UnitState => ({
  name, description, load: file === null ? 'not-found' : 'loaded', active: active ? 'active' : 'inactive', sub, file, preset: 'enabled',
});

export const defaultUnits: readonly UnitState[] = [
  unit('docker.service', 'Docker Application Container Engine', true, 'running'),
  unit('libvirt-guests.service', 'Suspend/Resume Running libvirt Guests', true, 'exited'),
  unit('libvirtd.service', 'Virtualization daemon', true, 'running'),
  unit('libvirtd-admin.socket', 'Libvirt admin socket', true, 'running'),
  unit('libvirtd-ro.socket', 'Libvirt local read-only socket', true, 'running'),
  unit('libvirtd.socket', 'Libvirt local socket', true, 'running'),
  unit('networking.service', 'Raise network interfaces', true, 'exited'),
  unit('openvswitch-switch.service', 'Open vSwitch', true, 'exited'),
  unit('ovs-vswitchd.service', 'Open vSwitch Forwarding Unit', true, 'running', 'static'),
  unit('ovsdb-server.service', 'Open vSwitch Database Unit', true, 'running', 'static'),
  unit('ssh.service', 'OpenBSD Secure Shell server', true, 'running'),
  unit('systemd-networkd.service', 'Network Configuration', false, 'dead', 'disabled'),
  unit('virtlogd.service', 'Virtual machine log manager', true, 'running', 'indirect'),
];

/** What Docker 26 puts there for its default bridge. */
export const defaultForeignRules: readonly ForeignRules[] = [
  {
    family: 'inet', table: 'nat', chains: ['DOCKER'],
    rules: [
      '-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER', '-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER',
      '-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE', '-A DOCKER -i docker0 -j RETURN',
    ],
  },
  {
    family: 'inet', table: 'filter', chains: ['DOCKER', 'DOCKER-USER'],
    rules: [
      '-A FORWARD -j DOCKER-USER', '-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT', '-A FORWARD -o docker0 -j DOCKER',
      '-A FORWARD -i docker0 ! -o docker0 -j ACCEPT', '-A FORWARD -i docker0 -o docker0 -j ACCEPT', '-A DOCKER-USER -j RETURN',
    ],
  },
];
