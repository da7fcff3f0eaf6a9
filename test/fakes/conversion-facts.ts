import type { ConfigFile, ConversionFacts, LinkFacts } from '../../shared/domain/conversion/facts';

/** A NIC with a leased address on 192.168.1.0/24 and the default route. */
export function nicFacts(over: Partial<LinkFacts> = {}): LinkFacts {
  return {
    name: 'eno1', index: 2, kind: 'physical', mac: '52:54:00:0a:0b:0c', mtu: 1500, adminUp: true, operState: 'UP', controller: null, parent: null, vlanId: null, bridge: null,
    addresses: [{ family: 'ipv4', address: '192.168.1.20', prefix: 24, scope: 'global', dynamic: true }],
    permanentMac: null, addressGeneration: 'eui64', temporary: [], dhcpClientId: null, acceptRa: 1, ...over,
  };
}

export function configFile(path: string, content: string | null, mode = 0o644): ConfigFile {
  return { path, content, mode };
}

/** A plain Debian machine whose eno1 nobody configures; `over` says who does. */
export function conversionFacts(over: Partial<ConversionFacts> = {}): ConversionFacts {
  return {
    session: { address: '192.168.1.20', client: '192.168.1.5' },
    links: [nicFacts()],
    routes: [{ family: 'ipv4', destination: 'default', gateway: '192.168.1.1', device: 'eno1', metric: 100, table: 'main', protocol: 'dhcp', type: 'unicast' }],
    rules: [], networkManager: {}, networkd: {}, ifstate: [], files: [],
    os: { id: 'debian', like: [], name: 'Debian GNU/Linux 12 (bookworm)', ostree: false },
    systemd: 252, networkManagerVersion: null, networkManagerOvs: false, tools: ['brctl', 'ip', 'ifup', 'netplan', 'networkctl', 'nmcli'], units: {},
    ovs: { answers: true, bridges: [], kernel: true },
    mounts: [{ source: '/dev/sda1', target: '/', type: 'ext4', readOnly: false }],
    freeKilobytes: { '/etc': 1_000_000, '/var': 1_000_000, '/run': 100_000 },
    iscsi: false, bridgeNetfilter: null, pending: null, inside: null, nameServers: ['192.168.1.1'], searchDomains: ['lan'], zones: {}, root: true, ...over,
  };
}
