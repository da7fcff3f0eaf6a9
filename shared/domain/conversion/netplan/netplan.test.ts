import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configFile, conversionFacts, nicFacts } from '../../../../test/fakes/conversion-facts';
import type { ConfigFile, ConversionFacts } from '../facts';
import { planConversion } from '../plan-conversion';

const spec = { nic: 'eno1', bridge: 'br0', kind: 'linux' } as const;

function factsOf(files: ConfigFile[], over: Partial<ConversionFacts> = {}, id = 'eno1'): ConversionFacts {
  return conversionFacts({ networkd: { eno1: { state: 'configured', file: `/run/systemd/network/10-netplan-${id}.network` } }, ...over, files: [...files, ...over.files ?? []] });
}
const underNetworkManager = (text: string): ConversionFacts => factsOf([configFile('/etc/netplan/01.yaml', text, 0o600)], {
  networkd: {}, networkManager: { eno1: { state: 'connected', uuid: '9be43860-c408-4df6-b5a6-0ca686608f30', name: 'netplan-eno1', file: '/run/NetworkManager/system-connections/netplan-eno1.nmconnection' } },
});
const blockers = (facts: ConversionFacts, kind: 'linux' | 'ovs' = 'linux'): string[] =>
  planConversion(facts, { ...spec, kind }).findings.filter(({ severity }) => severity === 'blocker').map(({ title }) => title);
function committed(facts: ConversionFacts, kind: 'linux' | 'ovs' = 'linux'): Record<string, string> {
  expect(blockers(facts, kind)).toEqual([]);
  return Object.fromEntries(planConversion(facts, { ...spec, kind }).plan!.transaction.files.map((file) => [file.commitPath ?? file.name, file.content]));
}

describe('a NIC of netplan', () => {
  it('as Ubuntu\'s server installer leaves it', () => {
    const text = `# This is the network config written by the installer
network:
  ethernets:
    eno1:
      dhcp4: true
    eno2:
      dhcp4: true
  version: 2
`;
    expect(committed(factsOf([configFile('/etc/netplan/00-installer-config.yaml', text, 0o600)]))).toEqual({
      '/etc/netplan/00-installer-config.yaml': `# This is the network config written by the installer
network:
  ethernets:
    eno1:
      dhcp4: false
      dhcp6: false
      accept-ra: false
      link-local: []
    eno2:
      dhcp4: true
  version: 2
  bridges:
    br0:
      dhcp4: true
      interfaces: [eno1]
      macaddress: "52:54:00:0a:0b:0c"
      parameters:
        stp: false
        forward-delay: 0
`,
    });
  });

  it('as cloud-init writes it, which is then told not to write any more', () => {
    const text = `# This file is generated from information provided by the datasource.  Changes
# to it will not persist across an instance reboot.
network:
    ethernets:
        eno1:
            dhcp4: true
            match:
                macaddress: 52:54:00:0a:0b:0c
            set-name: eno1
    version: 2
`;
    const files = committed(factsOf([configFile('/etc/netplan/50-cloud-init.yaml', text, 0o600)], { links: [nicFacts({ dhcpClientId: 'ffceb2062f00020000ab11e91181c2102475d6' })] }));
    expect(Object.keys(files)).toEqual(['/etc/netplan/50-cloud-init.yaml', '/etc/systemd/network/10-netplan-br0.network.d/netwright.conf', '/etc/cloud/cloud.cfg.d/99-disable-network-config.cfg']);
    expect(files['/etc/netplan/50-cloud-init.yaml']).toContain(`        eno1:
            match:
                macaddress: 52:54:00:0a:0b:0c
            set-name: eno1
            dhcp4: false
`);
    expect(files['/etc/systemd/network/10-netplan-br0.network.d/netwright.conf']).toContain('[DHCPv4]\nIAID=3467773487\n');
  });

  it('of which several files speak: each keeps its part, with its comments', () => {
    const first = `network:
  version: 2
  renderer: networkd
  ethernets:
    lan:
      match: {name: eno1}
      # jumbo frames for the storage
      mtu: 9000
      # given by the network's people
      addresses:
      - 192.168.1.20/24 # the old one
      - 2001:db8::20/64
      routes:
      - to: default
        via: 192.168.1.1
        metric: 50
  vlans:
    lan.100: {id: 100, link: lan, addresses: [10.100.0.1/24]}
`;
    const second = 'network:\n  ethernets:\n    lan:\n      nameservers:\n        addresses: [192.168.1.1]\n      optional: true\n';
    const files = committed(factsOf([configFile('/etc/netplan/01-lan.yaml', first, 0o600), configFile('/etc/netplan/90-dns.yaml', second, 0o600), configFile('/etc/netplan/95-wifi.yaml', 'network: {version: 2}\n', 0o600)], {}, 'lan'));
    expect(files).toEqual({
      '/etc/netplan/01-lan.yaml': `network:
  version: 2
  renderer: networkd
  ethernets:
    lan:
      match: {name: eno1}
      # jumbo frames for the storage
      mtu: 9000
  vlans:
    lan.100: {id: 100, link: lan, addresses: [10.100.0.1/24]}
  bridges:
    br0:
      # given by the network's people
      addresses:
      - 192.168.1.20/24 # the old one
      - 2001:db8::20/64
      routes:
      - to: default
        via: 192.168.1.1
        metric: 50
`,
      '/etc/netplan/90-dns.yaml': `network:
  ethernets:
    lan:
      optional: true
      dhcp4: false
      dhcp6: false
      accept-ra: false
      link-local: []
  bridges:
    br0:
      nameservers:
        addresses: [192.168.1.1]
      optional: true
      interfaces: [lan]
      macaddress: "52:54:00:0a:0b:0c"
      parameters:
        stp: false
        forward-delay: 0
`,
    });
  });

  it('given to NetworkManager keeps its metric, and its renderer', () => {
    const files = committed(underNetworkManager('network:\n  version: 2\n  ethernets:\n    eno1: {dhcp4: true, renderer: NetworkManager}\n'));
    expect(parse(files['/etc/netplan/01.yaml']!)).toEqual({ network: {
      version: 2,
      ethernets: { eno1: { 'renderer': 'NetworkManager', 'dhcp4': false, 'dhcp6': false, 'accept-ra': false, 'link-local': [] } },
      bridges: { br0: {
        'dhcp4': true, 'renderer': 'NetworkManager', 'interfaces': ['eno1'], 'macaddress': '52:54:00:0a:0b:0c', 'parameters': { 'stp': false, 'forward-delay': 0 },
        'networkmanager': { passthrough: { 'ipv4.route-metric': '100', 'ipv6.route-metric': '100' } },
      } },
    } });
    expect(blockers(underNetworkManager('network: {version: 2, renderer: NetworkManager, ethernets: {eno1: {dhcp4: true}}}\n'), 'ovs')).toEqual(['netplan makes Open vSwitch bridges for systemd-networkd only']);
  });

  it('that takes its renderer from its kind of device keeps it as a bridge', () => {
    const files = committed(underNetworkManager('network:\n  version: 2\n  ethernets:\n    renderer: NetworkManager\n    eno1: {dhcp4: true}\n'));
    expect((parse(files['/etc/netplan/01.yaml']!) as { network: { bridges: unknown } }).network.bridges).toMatchObject({ br0: { renderer: 'NetworkManager' } });
  });

  it('goes back with the bridge deleted before and after netplan has applied the former files', () => {
    const facts = underNetworkManager('network: {version: 2, renderer: NetworkManager, ethernets: {eno1: {dhcp4: true}}}\n');
    const commands = (units: ConversionFacts['units']): string[] => planConversion({ ...facts, units }, spec).plan!.transaction.revert.map(({ command }) => command.replace(/^! .*? \|\| | \|\| .*/g, ''));
    expect(commands({ 'systemd-networkd.service': 'active' })).toEqual(['ip link delete dev br0', 'netplan generate', 'netplan apply', 'ip link delete dev br0']);
    // That netplan starts it is not to outlive the way back.
    expect(commands({ 'systemd-networkd.service': 'inactive' })).toEqual(
      ['ip link delete dev br0', 'netplan generate', 'netplan apply', 'systemctl stop systemd-networkd.socket systemd-networkd.service', 'ip link delete dev br0']);
  });

  it('is changed and goes back by one reload of systemd-networkd, with its files written while the bridge still stands', () => {
    const { apply, revert } = planConversion(factsOf([configFile('/etc/netplan/01.yaml', 'network: {version: 2, ethernets: {eno1: {dhcp4: true}}}\n', 0o600)]), spec).plan!.transaction;
    expect(apply.map(({ command }) => command)).toEqual(['netplan generate', 'networkctl reload']);
    expect(revert.map(({ command }) => command.replace(/^! .*? \|\| | \|\| .*/g, ''))).toEqual(['netplan generate', 'ip link delete dev br0', 'networkctl reload']);
  });

  it('becomes a port of an Open vSwitch bridge', () => {
    const files = committed(factsOf([configFile('/etc/netplan/01.yaml', 'network:\n  version: 2\n  ethernets:\n    eno1: {dhcp4: true}\n', 0o600)]), 'ovs');
    expect((parse(files['/etc/netplan/01.yaml']!) as { network: { bridges: unknown } }).network.bridges)
      .toEqual({ br0: { dhcp4: true, interfaces: ['eno1'], openvswitch: { 'other-config': { hwaddr: '52:54:00:0a:0b:0c' } } } });
  });

  it.each([
    ['network:\n  ethernets:\n    eno1:\n      dhcp4: true\n      frobnicate: 1\n', '/etc/netplan/01.yaml, line 5, is not understood'],
    ['network:\n  ethernets:\n    eno1: {dhcp4: true}\n  bridges:\n    br1: {interfaces: [eno1]}\n', '/etc/netplan/01.yaml, line 5, is not understood'],
    ['network:\n  ethernets:\n    eno1: {dhcp4: true}\n  bridges:\n    br0: {}\n', '/etc/netplan/01.yaml, line 5, is not understood'],
    ['network:\n  ethernets:\n    eno1:\n      dhcp4: true\n      auth: {key-management: "802.1x"}\n', '/etc/netplan/01.yaml, line 5, is not understood'],
    ['network:\n  ethernets:\n    eno1: &nic {dhcp4: true}\n    eno2: *nic\n', '/etc/netplan/01.yaml, line 4, is not understood'],
    ['network:\n  ethernets:\n   eno1:\n  dhcp4: [\n', '/etc/netplan/01.yaml, line 5, is not understood'],
    ['network:\n  ethernets:\n    eno2: {dhcp4: true}\n', 'No file of netplan names eno1'],
  ])('is left alone where its configuration is not understood: %j', (text, title) => {
    expect(blockers(factsOf([configFile('/etc/netplan/01.yaml', text, 0o600)]))).toEqual([title]);
  });

  it('of a file that is gone after a restart is left alone', () => {
    expect(blockers(factsOf([configFile('/run/netplan/eno1.yaml', 'network: {ethernets: {eno1: {dhcp4: true}}}\n', 0o600)]))).toEqual(['/run/netplan/eno1.yaml is gone after a restart']);
  });
});

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);
const foreign = fc.dictionary(word.map((name) => `x${name}`), fc.record({ 'dhcp4': fc.boolean(), 'addresses': fc.array(fc.constantFrom('10.0.0.1/24', 'fd00::1/64'), { maxLength: 2 }), 'x-unknown': word }), { maxKeys: 4 });

it('says the same of everything else', () => {
  fc.assert(fc.property(foreign, foreign, (ethernets, vlans) => {
    const before = { network: { version: 2, vlans, ethernets: { ...ethernets, eno1: { dhcp4: true } } } };
    const after = parse(committed(factsOf([configFile('/etc/netplan/01.yaml', JSON.stringify(before), 0o600)]))['/etc/netplan/01.yaml']!) as typeof before;
    expect(after.network).toMatchObject({ version: 2, vlans, ethernets });
    expect(Object.keys(after.network.ethernets)).toEqual([...Object.keys(ethernets), 'eno1']);
  }));
});
