import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { addressedSpecArbitrary } from '../../test/fakes/addressed-spec-arbitrary';
import { address, defaultUuid, defaultXml, makeInterface, makeNetwork, makeSnapshot } from '../../test/fakes/snapshot-fixture';
import { plainOptions } from './addressed-spec';
import type { AddressedSpec } from './addressed-spec';
import { collectUsedRanges } from './used-ranges';
import { validateAddressedSpec } from './validate-addressed-spec';

const inactiveUuid = '625d772d-5c82-4e03-b6ce-7eb39dcb763d';
const snapshot = makeSnapshot({
  networks: [
    makeNetwork(defaultXml),
    makeNetwork(defaultXml.replace('>default<', '>idle<').replace('virbr0', 'virbr1').replace(defaultUuid, inactiveUuid).replaceAll('192.168.122', '192.168.140'), { active: false }),
  ],
  interfaces: [
    makeInterface('lo', { kind: 'loopback' }), makeInterface('eno1', { addresses: [address('10.0.0.5/24')] }), makeInterface('eno2', { controller: 'br0' }),
    makeInterface('eno3', { adminUp: false }), makeInterface('virbr0', { kind: 'bridge' }), makeInterface('docker0', { kind: 'bridge', addresses: [address('172.17.0.1/16')] }),
  ],
  ovsBridges: [{ name: 'ovsbr0', datapathType: '', failMode: null, stp: false, ports: [], problem: null }],
});
const other = { ...makeSnapshot({ networks: [makeNetwork(defaultXml.replaceAll('192.168.122', '192.168.130'))] }), hostId: 'cellar', interfaces: [], routes: [] };
const used = collectUsedRanges([{ hostName: 'attic', snapshot }, { hostName: 'cellar', snapshot: other }]);

const good: AddressedSpec = {
  ...plainOptions, kind: 'nat', name: 'lab-web', bridge: 'virbr6',
  ipv4: { address: '10.20.30.1', prefix: 24, dhcp: { ranges: [{ start: '10.20.30.100', end: '10.20.30.199' }], hosts: [], bootp: null }, tftpRoot: null },
  ipv6: null, autostart: true,
};

type Change = (spec: AddressedSpec) => void;
const ranges = (...list: [string, string][]): Change => (spec) => {
  if (spec.ipv4) spec.ipv4.dhcp = { ranges: list.map(([start, end]) => ({ start, end })), hosts: [], bootp: null };
};
const leases = (...hosts: [mac: string, ip: string, name?: string][]): Change => (spec) => {
  if (spec.ipv4) spec.ipv4.dhcp = { ranges: [], hosts: hosts.map(([mac, ip, name]) => ({ mac, ip, name: name ?? null })), bootp: null };
};
const at = (ip: string, prefix = 24): Change => (spec) => { spec.ipv4 = { address: ip, prefix, dhcp: null, tftpRoot: null }; };
const ipv6 = (ip: string, prefix = 64, range?: [string, string]): Change => (spec) => {
  spec.ipv6 = { address: ip, prefix, dhcp: range ? { ranges: [{ start: range[0], end: range[1] }], hosts: [] } : null };
};

const leases6 = (...hosts: [duid: string, ip: string][]): Change => (spec) => {
  spec.ipv6 = { address: 'fd00:1::1', prefix: 64, dhcp: { ranges: [], hosts: hosts.map(([duid, ip]) => ({ duid, ip, name: null })) } };
};

function issuesOf(change: Change, uuid: string | null = null, libvirtVersion = '9.0.0'): string[] {
  const spec = structuredClone(good);
  change(spec);
  const host = { ...snapshot, system: { ...snapshot.system, libvirtVersion } };
  return validateAddressedSpec(spec, { snapshot: host, used, uuid }).map((issue) => `${issue.severity} ${issue.path}: ${issue.message}`);
}

describe('validateAddressedSpec', () => {
  it('accepts a good network', () => expect(issuesOf(() => undefined)).toEqual([]));

  it('accepts static IPv6 leases without a range, and a service that nobody offers', () => {
    expect(issuesOf(leases6(['00:03:00:01:00:0a', 'fd00:1::5']))).toEqual([]);
    expect(issuesOf((s) => { s.dnsServices = [{ service: 'sip', protocol: 'tcp', domain: null, target: '.', port: null, priority: null, weight: null }]; })).toEqual([]);
  });

  it('leaves the MAC table to the kernel where libvirt is too old', () => {
    expect(issuesOf((s) => { s.macTableManager = 'libvirt'; }, null, '1.2.10')).toContainEqual(expect.stringMatching(/^warning macTableManager: .*libvirt 1\.2\.11 does/));
    expect(issuesOf((s) => { s.macTableManager = 'libvirt'; })).toEqual([]);
  });

  it.each<[string, Change, RegExp]>([
    ['slash in the name', (s) => { s.name = 'a/b'; }, /^error name: A name can't hold/],
    ['name taken', (s) => { s.name = 'default'; }, /^error name: There is a network “default”/],
    ['control character in the title', (s) => { s.title = 'a\u0007b'; }, /^error title: A title is one line/],
    ['IPv6 lease outside', leases6(['00:03:00:01:00:0a', 'fd00:2::5']), /^error ipv6.dhcp.hosts.0.ip: fd00:2::5 is outside the subnet fd00:1::\/64/],
    ['IPv6 lease of the host', leases6(['00:03:00:01:00:0a', 'fd00:1::1']), /^error ipv6.dhcp.hosts.0.ip: .*host's own address/],
    ['DUID twice', leases6(['00:03:00:01:00:0a', 'fd00:1::5'], ['0:3:0:1:0:A', 'fd00:1::6']), /^error ipv6.dhcp.hosts.1.duid: This DUID has a lease already: fd00:1::5/],
    ['IPv6 address twice', leases6(['00:03:00:01:00:0a', 'fd00:1::5'], ['00:03:00:01:00:0b', 'fd00:1:0::5']), /^error ipv6.dhcp.hosts.1.ip: .* is given to 00:03:00:01:00:0a already/],
    ['service without port', (s) => { s.dnsServices = [{ service: 'sip', protocol: 'tcp', domain: null, target: 'db', port: null, priority: null, weight: null }]; }, /^error dnsServices.0.port: Which port/],
    ['title on an old libvirt', (s) => { s.title = 'Web'; }, /^warning title: libvirt 9\.0\.0 on this host/],
    ['bridge name too long', (s) => { s.bridge = 'a'.repeat(16); }, /^error bridge: Linux allows 15/],
    ['bridge is an option', (s) => { s.bridge = '-br'; }, /^error bridge: .*start with “-”/],
    ['bridge of a network', (s) => { s.bridge = 'virbr1'; }, /^error bridge: “virbr1” is the bridge of the network “idle”.*virbr2/],
    ['bridge is an interface', (s) => { s.bridge = 'docker0'; }, /^error bridge: This host has an interface “docker0”/],
    ['bridge is Open vSwitch', (s) => { s.bridge = 'ovsbr0'; }, /^error bridge: “ovsbr0” is an Open vSwitch bridge/],
    ['mDNS domain', (s) => { s.domain = { name: 'lab.local', localOnly: true }; }, /^warning domain.name: “.local” belongs to mDNS/],
    ['network address', at('10.20.30.0'), /^error ipv4.address: 10\.20\.30\.0 is the address of the subnet itself\. Use 10\.20\.30\.1/],
    ['broadcast address', at('10.20.30.255'), /^error ipv4.address: .*broadcast/],
    ['loopback', at('127.0.0.1', 8), /^error ipv4.address: 127\.0\.0\.0\/8 is reserved for loopback/],
    ['link-local', at('169.254.7.1'), /^error ipv4.address: .*link-local/],
    ['multicast', at('224.1.1.1'), /^error ipv4.address: .*multicast/],
    ['0/8', at('0.1.1.1'), /^error ipv4.address: .*this network/],
    ['240/4', at('250.1.1.1'), /^error ipv4.address: .*future use/],
    ['test net', at('192.0.2.1'), /^warning ipv4.address: 192\.0\.2\.0\/24 is reserved for examples/],
    ['public', at('8.8.8.1'), /^warning ipv4.address: 8\.8\.8\.0\/24 is a public range/],
    ['huge', at('10.128.0.1', 10), /^warning ipv4.prefix: .*4,194,304 addresses/],
    ['overlaps the LAN', at('10.0.0.129', 25), /^error ipv4.address: 10\.0\.0\.128\/25 overlaps 10\.0\.0\.0\/24, which is in use: LAN of attic/],
    ['same as a network', at('192.168.122.7'), /^error ipv4.address: 192\.168\.122\.0\/24 is in use: default on attic/],
    ['inside Docker\'s', at('172.17.9.1'), /^error ipv4.address: .*docker0 on attic/],
    ['same as an inactive network', at('192.168.140.1'), /^warning ipv4.address: .*inactive network “idle”/],
    ['used on another host', at('192.168.130.1'), /^warning ipv4.address: .*default on cellar/],
    ['range outside', ranges(['10.20.31.1', '10.20.31.9']), /^error ipv4.dhcp.ranges.0.start: 10\.20\.31\.1 is outside the subnet/],
    ['range reversed', ranges(['10.20.30.9', '10.20.30.5']), /^error ipv4.dhcp.ranges.0.end: The range is reversed/],
    ['range with gateway', ranges(['10.20.30.1', '10.20.30.5']), /^error ipv4.dhcp.ranges.0.start: .*host's own address/],
    ['range from the network address', ranges(['10.20.30.0', '10.20.30.5']), /^error ipv4.dhcp.ranges.0.start: .*subnet itself/],
    ['range to broadcast', ranges(['10.20.30.5', '10.20.30.255']), /^error ipv4.dhcp.ranges.0.end: .*broadcast/],
    ['ranges overlap', ranges(['10.20.30.5', '10.20.30.50'], ['10.20.30.50', '10.20.30.60']), /^error ipv4.dhcp.ranges.1.start: The range overlaps 10\.20\.30\.5 – 10\.20\.30\.50/],
    ['range too large', (s) => { s.ipv4 = { address: '10.128.0.1', prefix: 12, dhcp: { ranges: [{ start: '10.128.0.2', end: '10.129.2.2' }], hosts: [], bootp: null }, tftpRoot: null }; }, /error ipv4.dhcp.ranges.0.end: libvirt takes at most 65,535/],
    ['empty DHCP', ranges(), /^error ipv4.dhcp.ranges: DHCP is on, but/],
    ['lease outside', leases(['52:54:00:00:00:01', '10.20.31.5']), /^error ipv4.dhcp.hosts.0.ip: .*outside/],
    ['lease is the gateway', leases(['52:54:00:00:00:01', '10.20.30.1']), /^error ipv4.dhcp.hosts.0.ip: .*host's own/],
    ['same MAC', leases(['52:54:00:00:00:0a', '10.20.30.5'], ['52:54:00:00:00:0A', '10.20.30.6']), /^error ipv4.dhcp.hosts.1.mac: .*has a lease already: 10\.20\.30\.5/],
    ['same address', leases(['52:54:00:00:00:01', '10.20.30.5'], ['52:54:00:00:00:02', '10.20.30.5']), /^error ipv4.dhcp.hosts.1.ip: .*is given to 52:54:00:00:00:01/],
    ['same name', leases(['52:54:00:00:00:01', '10.20.30.5', 'web'], ['52:54:00:00:00:02', '10.20.30.6', 'WEB']), /^error ipv4.dhcp.hosts.1.name: “WEB” is the name of/],
    ['multicast MAC', leases(['53:54:00:00:00:01', '10.20.30.5']), /^error ipv4.dhcp.hosts.0.mac: .*multicast address/],
    ['zero MAC', leases(['00:00:00:00:00:00', '10.20.30.5']), /^error ipv4.dhcp.hosts.0.mac: A MAC of zeros/],
    ['malformed MAC', leases(['52:54:00', '10.20.30.5']), /^error ipv4.dhcp.hosts.0.mac: Not a MAC address/],
    ['DNS record without address', (s) => { s.dnsHosts = [{ ip: 'db', hostnames: ['db'] }]; }, /^error dnsHosts.0.ip: Not an IP/],
    ['DNS record twice', (s) => { s.dnsHosts = [{ ip: 'fd00::1', hostnames: ['a'] }, { ip: 'fd00:0::1', hostnames: ['b'] }]; }, /^error dnsHosts.1.ip: There is a record/],
    ['forwarder is itself', (s) => { s.dnsForwarders = [{ address: '10.20.30.1', domain: null }]; }, /^error dnsForwarders.0.address: .*round in circles/],
    ['small MTU with IPv6', (s) => { s.mtu = 1200; ipv6('fd00:1::1')(s); }, /^error mtu: IPv6 needs an MTU of at least 1280/],
    ['missing NIC', (s) => { s.forwardDev = 'eth9'; }, /^warning forwardDev: This host has no interface “eth9”/],
    ['NIC is a port', (s) => { s.forwardDev = 'eno2'; }, /^warning forwardDev: eno2 is a port of br0/],
    ['NIC is down', (s) => { s.forwardDev = 'eno3'; }, /^warning forwardDev: eno3 is down/],
    ['NIC is the bridge', (s) => { s.forwardDev = 'virbr6'; }, /^error forwardDev: .*own bridge/],
    ['IPv6 link-local', ipv6('fe80::1'), /^error ipv6.address: fe80::\/10 is reserved/],
    ['IPv6 subnet address', ipv6('fd00:1::'), /^error ipv6.address: .*subnet itself/],
    ['IPv6 SLAAC needs /64', ipv6('fd00:1::1', 80), /^error ipv6.prefix: Guests make their own addresses/],
    ['DHCPv6 in a wide subnet', ipv6('fd00:1::1', 56, ['fd00:1::10', 'fd00:1::20']), /^error ipv6.prefix: dnsmasq hands out/],
    ['DHCPv6 outside', ipv6('fd00:1::1', 64, ['fd00:2::10', 'fd00:2::20']), /^error ipv6.dhcp.ranges.0.start: .*outside/],
    ['public IPv6', ipv6('2a00:1::1'), /^warning ipv6.address: These are public/],
    ['forwarding without an address', (s) => { s.ipv4 = null; }, /^error ipv4: A network that is NAT needs an address/],
    ['port isolation on a libvirt before it', (s) => { s.portIsolation = true; }, /^warning portIsolation: libvirt 6\.0\.0 on this host doesn't know port isolation; libvirt 6\.1 does/],
    ['IPv6 NAT on a libvirt before it', ipv6('fd00:1::1'), /^error ipv6.address: libvirt 6\.0\.0 on this host doesn't know NAT of IPv6/],
    ['records that nobody can answer', (s) => { s.kind = 'isolated'; s.ipv4 = null; s.dnsHosts = [{ ip: '10.20.30.7', hostnames: ['db'] }]; }, /^error dnsHosts: Without an address of the host/],
    ['domain that nobody serves', (s) => { s.kind = 'isolated'; s.ipv4 = null; s.domain = { name: 'lab.internal', localOnly: false }; }, /^warning domain.name: .*no effect/],
    ['records with DNS off', (s) => { s.dnsEnabled = false; s.dnsTexts = [{ name: 't', value: 'v' }]; }, /^warning dnsTexts: DNS is off/],
    ['DHCP with DNS off', (s) => { s.dnsEnabled = false; }, /^warning dnsEnabled: Guests get addresses, but no DNS server/],
    ['NIC of an isolated network', (s) => { s.kind = 'isolated'; s.forwardDev = 'eno1'; }, /^error forwardDev: Nothing leaves an isolated network/],
    ['NAT addresses of a routed network', (s) => { s.kind = 'routed'; s.natAddresses = { start: '10.0.0.5', end: '10.0.0.5' }; }, /^error natAddresses.start: A network that is routed translates/],
    ['NAT addresses reversed', (s) => { s.natAddresses = { start: '10.0.0.9', end: '10.0.0.5' }; }, /^error natAddresses.end: The range is reversed/],
    ['NAT addresses of nobody', (s) => { s.natAddresses = { start: '10.0.0.9', end: '10.0.0.9' }; }, /^warning natAddresses.start: 10\.0\.0\.9 is no address of this host/],
    ['NAT ports reversed', (s) => { s.natPorts = { start: 2000, end: 1000 }; }, /^error natPorts.end: The range is reversed/],
    ['peak below average', (s) => { s.bandwidth = { inbound: { averageKBps: 100, peakKBps: 50, burstKiB: null }, outbound: null }; }, /^error bandwidth.inbound.peakKBps: The peak can't be lower/],
    ['route by a stranger', (s) => { s.routes = [{ destination: '10.50.0.0/16', gateway: '10.1.1.1', metric: null }]; }, /^error routes.0.gateway: 10\.1\.1\.1 is not on this network/],
    ['route by the host', (s) => { s.routes = [{ destination: '10.50.0.0/16', gateway: '10.20.30.1', metric: null }]; }, /^error routes.0.gateway: .*this host itself/],
    ['route with host bits', (s) => { s.routes = [{ destination: '10.50.1.0/16', gateway: '10.20.30.2', metric: null }]; }, /^error routes.0.destination: .*Write 10\.50\.0\.0\/16/],
    ['route into itself', (s) => { s.routes = [{ destination: '10.20.0.0/16', gateway: '10.20.30.2', metric: null }]; }, /^error routes.0.destination: .*network's own 10\.20\.30\.0\/24/],
    ['route of two families', (s) => { s.routes = [{ destination: 'fd00:5::/64', gateway: '10.20.30.2', metric: null }]; }, /^error routes.0.gateway: .*the other IPv6/],
    ['route to what is in use', (s) => { s.routes = [{ destination: '172.17.0.0/16', gateway: '10.20.30.2', metric: null }]; }, /^warning routes.0.destination: .*docker0 on attic/],
    ['same route twice', (s) => { s.routes = [2, 3].map((last) => ({ destination: '10.50.0.0/16', gateway: `10.20.30.${last}`, metric: null })); }, /^error routes.1.destination: There is a route/],
    ['not a route', (s) => { s.routes = [{ destination: '10.50.0.0/40', gateway: '10.20.30.2', metric: null }]; }, /^error routes.0.destination: Not a range/],
    ['zone without firewalld', (s) => { s.zone = 'trusted'; }, /^warning zone: This host has no firewalld/],
    ['service without target', (s) => { s.dnsServices = [{ service: 'ldap', protocol: 'tcp', domain: null, target: null, port: 389, priority: null, weight: null }]; }, /^error dnsServices.0.target: Which machine/],
    ['service without port', (s) => { s.dnsServices = [{ service: 'ldap', protocol: 'tcp', domain: null, target: 'db', port: null, priority: null, weight: null }]; }, /^error dnsServices.0.port: Which port/],
    ['text with a blank', (s) => { s.dnsTexts = [{ name: 'a b', value: 'v' }]; }, /^error dnsTexts.0.name: A name without blanks/],
    ['forwarder of nothing', (s) => { s.dnsForwarders = [{ address: null, domain: null }]; }, /^error dnsForwarders.0.address: An address or a domain/],
    ['boot file that nobody serves', (s) => { if (s.ipv4?.dhcp) s.ipv4.dhcp.bootp = { file: 'pxelinux.0', server: null }; }, /^warning ipv4.dhcp.bootp.file: .*nothing here serves it/],
    ['directory without boot file', (s) => { if (s.ipv4) s.ipv4.tftpRoot = '/srv/tftp'; }, /^warning ipv4.tftpRoot: Files are offered/],
    ['relative directory', (s) => { if (s.ipv4) s.ipv4.tftpRoot = 'srv'; }, /^error ipv4.tftpRoot: A directory like/],
    ['kind changed', (s) => { s.kind = 'routed'; s.name = 'default'; s.bridge = 'virbr0'; at('192.168.122.1')(s); }, /^error kind: “default” is NAT and stays so/],
    ['not an IPv6 address', ipv6('10.0.0.1'), /^error ipv6.address: Not an IPv6 address/],
  ])('%s', (name, change, message) => {
    const issues = issuesOf(change, name === 'kind changed' ? defaultUuid : null, name.endsWith('before it') ? '6.0.0' : '9.0.0');
    expect(issues.some((issue) => message.test(issue)), issues.join('\n')).toBe(true);
  });

  it('lets an existing network stay as it is, but not be renamed', () => {
    const own = (spec: AddressedSpec): void => { spec.name = 'default'; spec.bridge = 'virbr0'; at('192.168.122.1')(spec); };
    expect(issuesOf(own, defaultUuid)).toEqual([]);
    expect(issuesOf((spec) => { own(spec); spec.name = 'other'; }, defaultUuid)).toEqual([expect.stringMatching(/^error name: libvirt can't rename/)]);
  });

  it('judges every well-formed draft without failing, with sentences', () => {
    fc.assert(fc.property(addressedSpecArbitrary, (spec) => {
      for (const issue of validateAddressedSpec(spec, { snapshot, used, uuid: null })) {
        expect(issue.message).toMatch(/^\S.*\S$/);
        expect(issue.path).toMatch(/^[a-zA-Z0-9.]+$/);
      }
    }));
  });
});
