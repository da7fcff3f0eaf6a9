/** Tools the app may use; each is asked for once, at connect. */
export const toolNames: readonly string[] = [
  'bridge', 'brctl', 'conntrack', 'dig', 'dnsmasq', 'ethtool', 'firewall-cmd', 'ifquery', 'ifreload', 'ifup', 'ip', 'ip6tables',
  'iptables', 'iptables-save', 'netplan', 'networkctl', 'nft', 'nmcli', 'ovs-appctl', 'ovs-vsctl', 'ovsdb-client', 'qemu-img',
  'resolvectl', 'ss', 'sshd', 'sudo', 'sysctl', 'systemctl', 'systemd-run', 'tc', 'tcpdump', 'ufw', 'virsh', 'virt-install', 'wicked',
];

/** The gather script's `tools` builtin: lines `name\tpath`, the path empty when missing. Sorted names of those that exist. */
export function parseTools(stdout: string): string[] {
  const found = stdout.split('\n').flatMap((line) => {
    const [name, path] = line.split('\t');
    return name && path ? [name] : [];
  });
  return [...new Set(found)].sort();
}
