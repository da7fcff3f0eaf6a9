import { describe, expect, it } from 'vitest';
import { configFile, conversionFacts, nicFacts } from '../../../../test/fakes/conversion-facts';
import type { ConversionFacts } from '../facts';
import { planConversion } from '../plan-conversion';

const source = '/etc/systemd/network/20-wired.network';
const spec = { nic: 'eno1', bridge: 'br0', kind: 'linux' } as const;

function factsOf(text: string, over: Partial<ConversionFacts> = {}): ConversionFacts {
  return conversionFacts({
    networkd: { eno1: { state: 'configured', file: source } }, ...over, files: [configFile(source, text), ...over.files ?? []],
  });
}

const filesOf = (facts: ConversionFacts, kind: 'linux' | 'ovs' = 'linux'): Record<string, string> => {
  const { plan, findings } = planConversion(facts, { ...spec, kind });
  expect(findings.filter(({ severity }) => severity === 'blocker')).toEqual([]);
  return Object.fromEntries(plan!.transaction.files.map((file) => [file.name, file.content]));
};
const blockersOf = (facts: ConversionFacts): string[] => planConversion(facts, spec).findings.filter(({ severity }) => severity === 'blocker').map(({ title }) => title);

describe('a NIC of systemd-networkd', () => {
  it('that is leased becomes a port with three files before its own', () => {
    const facts = factsOf('[Match]\nName=eno1\n\n[Network]\nDHCP=yes\n', { links: [nicFacts({ dhcpClientId: 'ff13f6e48b00020000ab11e91181c2102475d6' })] });
    expect(filesOf(facts)).toEqual({
      '00-netwright-br0.netdev': '# Bridge with port eno1, made by Netwright.\n[NetDev]\nName=br0\nKind=bridge\nMACAddress=52:54:00:0a:0b:0c\n\n[Bridge]\nSTP=no\nForwardDelaySec=0\n',
      '00-netwright-br0.network': `# Addresses and routes of bridge br0, as ${source} gives them to eno1. Made by Netwright.
[Match]
Name=br0

[Network]
DHCP=yes
IPv6AcceptRA=yes

[DHCPv4]
IAID=334947467

[DHCPv6]
IAID=334947467
`,
      '00-netwright-eno1.network': `# eno1 is a port of br0; what is left here of ${source} is about the link itself. Made by Netwright.\n[Match]\nName=eno1\n\n[Network]\nBridge=br0\n`,
    });
  });

  it('keeps what is about the link and what is built on it', () => {
    const facts = factsOf(`[Match]
MACAddress=52:54:00:0a:0b:0c

[Link]
MTUBytes=9000
RequiredForOnline=routable

[Network]
# servers
Address=192.168.1.20/24
VLAN=eno1.100
DNS=192.168.1.1
IPv6AcceptRA=no

[Route]
Gateway=192.168.1.1
Metric=50

[QDisc]
Parent=clsact
`);
    const files = filesOf(facts);
    expect(files['00-netwright-br0.network']).toContain('[Link]\nRequiredForOnline=routable\n[Network]\n# servers\nAddress=192.168.1.20/24\nDNS=192.168.1.1\nIPv6AcceptRA=no\n\n[Route]\nGateway=192.168.1.1\nMetric=50\n');
    expect(files['00-netwright-br0.network']).not.toMatch(/VLAN|MTUBytes|QDisc|IPv6AcceptRA=yes/);
    expect(files['00-netwright-eno1.network']).toContain('Bridge=br0\n\n[Link]\nMTUBytes=9000\n\n[Network]\nVLAN=eno1.100\n[QDisc]\nParent=clsact\n');
  });

  it('carries its drop-ins over in the order in which they count', () => {
    const facts = factsOf('[Match]\nName=eno1\n\n[Network]\nDHCP=yes\n', { files: [
      configFile('/usr/lib/systemd/network/20-wired.network.d/10-dns.conf', '[Network]\nDNS=10.0.0.1\n'),
      configFile('/etc/systemd/network/20-wired.network.d/10-dns.conf', '[Network]\nDNS=10.0.0.2\n'),
      configFile('/run/systemd/network/20-wired.network.d/05-metric.conf', '[DHCPv4]\nRouteMetric=7\n'),
      configFile('/etc/systemd/network/30-other.network.d/x.conf', '[Network]\nDNS=10.0.0.3\n'),
    ] });
    expect(filesOf(facts)['00-netwright-br0.network']).toContain('DHCP=yes\n[DHCPv4]\nRouteMetric=7\n[Network]\nDNS=10.0.0.2\nIPv6AcceptRA=yes\n');
  });

  it('becomes a port of an Open vSwitch bridge under a boot guard', () => {
    const facts = factsOf('[Match]\nName=eno1\n\n[Network]\nDHCP=ipv4\n');
    const { transaction } = planConversion(facts, { ...spec, kind: 'ovs' }).plan!;
    expect(transaction.needsBootGuard).toBe(true);
    expect(transaction.apply[0]!.command).toBe('ovs-vsctl --timeout=10 -- --may-exist add-br br0 -- set bridge br0 other-config:hwaddr=\\"52:54:00:0a:0b:0c\\" -- --may-exist add-port br0 eno1');
    expect(filesOf(facts, 'ovs')['00-netwright-eno1.network']).toContain('[Network]\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n');
    expect(Object.keys(filesOf(facts, 'ovs'))).toEqual(['00-netwright-br0.network', '00-netwright-eno1.network']);
  });

  it('is left alone where its configuration is not understood', () => {
    expect(blockersOf(factsOf('[Match]\nName=eno1\n[Network]\nBond=bond0\n'))).toEqual([`${source}, line 4, is not understood`]);
    expect(blockersOf(factsOf('[Match]\nName=eno1\n[Network]\nDHCP yes\n'))).toEqual([`${source}, line 4, is not understood`]);
    expect(blockersOf(factsOf('[Match]\nName=eno1\n', { files: [configFile('/etc/systemd/network/00-all.network', '[Match]\nName=*\n')] })))
      .toEqual(['00-all.network is read before every file that could be added']);
    expect(blockersOf(factsOf('[Match]\nName=eno1\n', { systemd: 241 }))).toEqual(['systemd is too old']);
    expect(blockersOf(factsOf('[Match]\nName=eno1\n', { files: [configFile('/etc/systemd/network/00-netwright-br0.network', '')] })))
      .toEqual(['/etc/systemd/network/00-netwright-br0.network is there already']);
  });
});
