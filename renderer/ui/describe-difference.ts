/** A field of a network's form, and what is in it, in words for the table of differences. */

const fieldWords: Record<string, string> = {
  name: 'Name', title: 'Title', description: 'Description', bridge: 'Bridge', domain: 'Domain', 'domain.name': 'Domain', 'domain.localOnly': 'Domain never asks the outside',
  ipv4: 'IPv4', 'ipv4.address': 'Host’s address', 'ipv4.prefix': 'Size of the subnet', 'ipv4.dhcp': 'DHCP', 'ipv4.dhcp.ranges': 'DHCP ranges', 'ipv4.dhcp.hosts': 'Static leases', 'ipv4.dhcp.bootp': 'Network boot',
  'ipv4.tftpRoot': 'TFTP folder', ipv6: 'IPv6', 'ipv6.address': 'Host’s IPv6 address', 'ipv6.prefix': 'Size of the IPv6 subnet', 'ipv6.dhcp': 'DHCPv6', 'ipv6.dhcp.ranges': 'DHCPv6 ranges', 'ipv6.dhcp.hosts': 'Static IPv6 leases', macTableManager: 'MAC table kept by', dnsHosts: 'DNS records', dnsForwarders: 'DNS forwarders',
  mtu: 'MTU', forwardDev: 'Leaves through', autostart: 'Starts with the host', routes: 'Static routes', zone: 'Firewall zone', portgroups: 'Port groups', vlan: 'VLAN', devices: 'NICs', device: 'NIC', kind: 'Kind', portIsolation: 'Port isolation',
};

export function describeField(path: string): string {
  return fieldWords[path] ?? path;
}

export function describeValue(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(describeValue).join('\n');
  return Object.values(value).filter((part) => part !== null && part !== undefined).map(describeValue).join(' ');
}
