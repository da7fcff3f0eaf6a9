import { describe, expect, it } from 'vitest';
import { configFile, conversionFacts, nicFacts } from '../../../test/fakes/conversion-facts';
import type { ConversionFacts, ConversionSpec } from './facts';
import { ownersOf } from './owner';
import { lowerDevices, sessionDevice } from './device-chain';
import { planConversion } from './plan-conversion';

const spec: ConversionSpec = { nic: 'eno1', bridge: 'br0', kind: 'linux' };
/** As a NIC of systemd-networkd, so that nothing stands in the way but what `over` says. */
function factsOf(over: Partial<ConversionFacts> = {}): ConversionFacts {
  return conversionFacts({
    networkd: { eno1: { state: 'configured', file: '/etc/systemd/network/20-wired.network' } }, ...over,
    files: [configFile('/etc/systemd/network/20-wired.network', '[Match]\nName=eno1\n\n[Network]\nDHCP=yes\n'), ...over.files ?? []],
  });
}
function codes(facts: ConversionFacts, severity: 'blocker' | 'warning', over: Partial<ConversionSpec> = {}): string[] {
  const { findings, plan } = planConversion(facts, { ...spec, ...over });
  expect(plan === null).toBe(findings.some((finding) => finding.severity === 'blocker'));
  return findings.filter((finding) => finding.severity === severity).map(({ code }) => code);
}
const v6 = (address: string, prefix = 64) => ({ family: 'ipv6' as const, address, prefix, scope: 'global', dynamic: true });

describe('what stands in the way of a conversion', () => {
  it('is nothing on a plain host', () => {
    expect(codes(factsOf(), 'blocker')).toEqual([]);
    expect(codes(factsOf(), 'warning')).toEqual(['switch.port-security', 'host.second-way']);
  });

  it.each<[string, Partial<ConversionFacts>, Partial<ConversionSpec>]>([
    ['nic.missing', {}, { nic: 'eno7' }],
    ['nic.wireless', { links: [nicFacts({ kind: 'wireless' })] }, {}],
    ['nic.bridge', { links: [nicFacts({ kind: 'bridge' })] }, {}],
    ['nic.kind', { links: [nicFacts({ kind: 'dummy' })] }, {}],
    ['nic.no-mac', { links: [nicFacts({ kind: 'other', mac: null })] }, {}],
    ['nic.port-already', { links: [nicFacts({ controller: 'br9' }), nicFacts({ name: 'br9', kind: 'bridge' })] }, {}],
    ['nic.macvtap', { links: [nicFacts(), nicFacts({ name: 'macvtap0', kind: 'macvtap', parent: 'eno1', addresses: [] })] }, {}],
    ['bridge.name', {}, { bridge: 'a-name-that-is-too-long' }],
    ['bridge.exists', { links: [nicFacts(), nicFacts({ name: 'br0', kind: 'bridge', addresses: [] })] }, {}],
    ['bridge.exists', { ovs: { answers: true, bridges: ['br0'], kernel: true } }, {}],
    ['ovs.missing', { ovs: { answers: false, bridges: [], kernel: false } }, { kind: 'ovs' }],
    ['owner.none', { networkd: {} }, {}],
    ['owner.several', { files: [configFile('/etc/network/interfaces', 'iface eno1 inet dhcp\n')] }, {}],
    ['disk.network-root', { mounts: [{ source: 'nas:/root', target: '/', type: 'nfs4', readOnly: false }] }, {}],
    ['disk.iscsi', { iscsi: true }, {}],
    ['disk.read-only', { mounts: [{ source: '/dev/sda1', target: '/', type: 'ext4', readOnly: false }, { source: '/dev/sda2', target: '/etc', type: 'ext4', readOnly: true }] }, {}],
    ['disk.full', { freeKilobytes: { '/var': 500 } }, {}],
    ['rights.root', { root: false }, {}],
    ['systemd.missing', { systemd: null }, {}],
    ['transaction.other', { pending: 'tx/4711' }, {}],
    ['address.session-changes', { session: { address: '2001:db8::1234', client: '2001:db8::9' }, links: [nicFacts({ addresses: [v6('2001:db8::1234')] })] }, {}],
    ['address.session-changes', { session: { address: '2001:db8::77', client: '2001:db8::9' }, links: [nicFacts({ addresses: [v6('2001:db8::77')], temporary: ['2001:db8::77'] })] }, {}],
  ])('%s', (code, over, change) => {
    const facts = factsOf(over);
    expect(codes(facts, 'blocker', change)).toEqual([code]);
    const finding = planConversion(facts, { ...spec, ...change }).findings.find((entry) => entry.code === code)!;
    expect(finding.title).not.toBe('');
    expect(finding.detail).toMatch(/[.:]|modify uuid/);
  });

  it.each<[string, Partial<ConversionFacts>]>([
    ['nic.vlan', { links: [nicFacts(), nicFacts({ name: 'eno1.100', kind: 'vlan', parent: 'eno1', vlanId: 100, addresses: [] })] }],
    ['nic.virtual-functions', { links: [nicFacts({ virtualFunctions: 4 })] }],
    ['nic.bond', { links: [nicFacts({ kind: 'bond' })] }],
    ['address.stable-privacy', { links: [nicFacts({ addresses: [...nicFacts().addresses, v6('2001:db8::1234')] })] }],
    ['address.dhcpv6', { links: [nicFacts({ addresses: [...nicFacts().addresses, v6('2001:db8::500', 128)] })] }],
    ['routes.two-defaults', { routes: [...conversionFacts().routes, { ...conversionFacts().routes[0]!, device: 'eno2', metric: 200 }] }],
    ['gateway.outside', { routes: [{ ...conversionFacts().routes[0]!, gateway: '172.31.1.1' }] }],
    ['session.ipv6-only', { session: { address: '2001:db8::5054:ff:fe0a:b0c', client: '2001:db8::9' }, links: [nicFacts({ addresses: [v6('2001:db8::5054:ff:fe0a:b0c')] })] }],
    ['nic.mtu', { links: [nicFacts({ mtu: 9000 })] }],
    ['routes.rules', { rules: ['100:\tfrom all iif eno1 lookup 7'] }],
    ['firewall.bridged', { bridgeNetfilter: true }],
    ['firewall.bridged', { units: { 'docker.service': 'active' } }],
    ['host.guest', { inside: 'kvm' }],
  ])('warns of %s and goes on', (code, over) => {
    expect(codes(factsOf(over), 'blocker')).toEqual([]);
    expect(codes(factsOf(over), 'warning')).toContain(code);
  });

  it('does not warn of an address that is made from the MAC', () => {
    expect(codes(factsOf({ links: [nicFacts({ addresses: [...nicFacts().addresses, v6('2001:db8::5054:ff:fe0a:b0c')] })] }), 'warning')).not.toContain('address.stable-privacy');
  });
});

it('says which of two default routes counts', () => {
  const [own] = conversionFacts().routes;
  const detail = (metric: number): string => planConversion(factsOf({ routes: [own!, { ...own!, device: 'eno2', metric }] }), spec).findings.find(({ code }) => code === 'routes.two-defaults')!.detail;
  expect(detail(200)).toMatch(/^The one over eno1 \(metric 100\) counts before eno2/);
  expect(detail(50)).toMatch(/^The one over eno2 \(metric 50\) counts before eno1/);
  expect(detail(100)).toContain('worth the same');
});

describe('who configures a NIC', () => {
  const device = (state: string, file: string) => ({ eno1: { state, uuid: '9be43860-c408-4df6-b5a6-0ca686608f30', name: 'eno1', file } });
  it.each<[string, Partial<ConversionFacts>]>([
    ['NetworkManager', { networkManager: device('connected', '/etc/NetworkManager/system-connections/eno1.nmconnection') }],
    ['netplan-NetworkManager', { networkManager: device('connected', '/run/NetworkManager/system-connections/netplan-eno1.nmconnection') }],
    ['netplan-networkd', { networkd: { eno1: { state: 'configured', file: '/run/systemd/network/10-netplan-eno1.network' } } }],
    ['systemd-networkd', { networkd: { eno1: { state: 'configuring', file: '/etc/systemd/network/a.network' } }, networkManager: device('unmanaged', '') }],
    ['ifupdown', { files: [configFile('/etc/network/interfaces', 'iface eno1 inet dhcp\n')], networkd: { eno1: { state: 'unmanaged', file: null } }, networkManager: device('connected (externally)', '') }],
    ['ifupdown2', { files: [configFile('/etc/network/interfaces', 'iface eno1 inet dhcp\n')], tools: ['ifreload'] }],
    ['wicked', { files: [configFile('/etc/sysconfig/network/ifcfg-eno1', '')], units: { 'wicked.service': 'active' } }],
  ])('%s', (owner, over) => {
    expect(ownersOf(conversionFacts(over), 'eno1')).toEqual([owner]);
  });
});

it('finds the device of the session and what is below it', () => {
  const links = [
    nicFacts({ name: 'bond0.5', kind: 'vlan', parent: 'bond0' }), nicFacts({ name: 'bond0', kind: 'bond', addresses: [] }),
    nicFacts({ addresses: [], controller: 'bond0' }), nicFacts({ name: 'eno2', addresses: [], controller: 'bond0' }), nicFacts({ name: 'eno3', addresses: [] }),
  ];
  expect(sessionDevice(conversionFacts({ links }))).toBe('bond0.5');
  expect(lowerDevices({ links }, 'bond0.5')).toEqual(['bond0.5', 'bond0', 'eno1', 'eno2']);
  expect(sessionDevice(conversionFacts({ session: null }))).toBeNull();
});

describe('cloud-init', () => {
  const cloud = configFile('/etc/systemd/network/10-cloud-init-eno1.network', '[Match]\nName=eno1\n\n[Network]\nDHCP=ipv4\n');
  const written = (files: ConversionFacts['files']) => planConversion(conversionFacts({ networkd: { eno1: { state: 'configured', file: cloud.path } }, files }), spec);

  it('is told not to write the network anew, once', () => {
    const { plan, findings } = written([cloud]);
    expect(plan!.transaction.files.at(-1)).toMatchObject({ trialPath: null, commitPath: '/etc/cloud/cloud.cfg.d/99-disable-network-config.cfg' });
    expect(plan!.transaction.protects).toContain('/etc/cloud/cloud.cfg.d/99-disable-network-config.cfg');
    expect(findings.map(({ code }) => code)).toContain('cloud-init.off');
  });

  it('that was told before is left alone', () => {
    const { plan } = written([cloud, configFile('/etc/cloud/cloud.cfg.d/99-own.cfg', 'network: {config: disabled}\n')]);
    expect(plan!.transaction.files).toHaveLength(3);
  });
});
