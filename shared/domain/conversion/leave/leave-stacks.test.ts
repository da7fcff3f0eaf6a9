import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configFile, conversionFacts, nicFacts } from '../../../../test/fakes/conversion-facts';
import { networkOf } from '../../subnet';
import type { ConversionFacts, LinkFacts } from '../facts';
import { planConversion } from '../plan-conversion';
import type { ConversionPlan } from '../planned';

const uuid = '9be43860-c408-4df6-b5a6-0ca686608f30';
const fixed = (address: string, prefix = 24): LinkFacts['addresses'][number] => ({ family: address.includes(':') ? 'ipv6' : 'ipv4', address, prefix, scope: 'global', dynamic: false });
const learnt = (address: string, prefix: number): LinkFacts['addresses'][number] => ({ ...fixed(address, prefix), dynamic: true });
const route = (destination: string, gateway: string, protocol = 'static'): ConversionFacts['routes'][number] => ({ family: destination.includes(':') || gateway.includes(':') ? 'ipv6' : 'ipv4', destination, gateway, device: 'eno1', metric: null, table: 'main', protocol, type: 'unicast' });

/** The session comes by .20; a second address, a route and name servers may be left out. */
const manual = { links: [nicFacts({ addresses: [fixed('192.168.1.20'), fixed('10.77.7.1'), fixed('fd77::20', 64)] })], routes: [route('default', '192.168.1.1'), route('192.0.2.0/24', '192.168.1.1'), route('fd78::/64', 'fd77::1')] };
/** Addresses from DHCP, a router and a second lease of IPv6; the session comes by a fixed one. */
const mixed = { links: [nicFacts({ addresses: [fixed('192.168.1.20'), learnt('192.168.1.99', 24), learnt('2001:db8::99', 128), learnt('2001:db8::5054:ff:fe0a:b0c', 64)] })], routes: [route('default', '192.168.1.1'), route('default', 'fe80::1', 'ra')] };

const networkd = (text: string, over: Partial<ConversionFacts>): ConversionFacts => conversionFacts({ networkd: { eno1: { state: 'configured', file: '/etc/systemd/network/20-wired.network' } }, files: [configFile('/etc/systemd/network/20-wired.network', text)], ...over });
const networkManager = (text: string, over: Partial<ConversionFacts>): ConversionFacts => conversionFacts({
  networkManager: { eno1: { state: 'connected', uuid, name: 'eno1', file: '/etc/NetworkManager/system-connections/eno1.nmconnection' } }, networkManagerVersion: '1.42.4',
  files: [configFile('/etc/NetworkManager/system-connections/eno1.nmconnection', `[connection]\nid=eno1\nuuid=${uuid}\ntype=ethernet\ninterface-name=eno1\n\n${text}`, 0o600)], ...over,
});
const netplan = (text: string, over: Partial<ConversionFacts>): ConversionFacts => conversionFacts({ networkd: { eno1: { state: 'configured', file: '/run/systemd/network/10-netplan-eno1.network' } }, files: [configFile('/etc/netplan/01.yaml', `network:\n  version: 2\n  ethernets:\n    eno1:\n${text}`, 0o600)], ...over });
const ifupdown = (text: string, over: Partial<ConversionFacts>): ConversionFacts => conversionFacts({ files: [configFile('/etc/network/interfaces', `auto lo\niface lo inet loopback\n\n${text}`)], ...over });

const planned = (facts: ConversionFacts, ...leave: string[]): ConversionPlan => planConversion(facts, { nic: 'eno1', bridge: 'br0', kind: 'linux', leave });
const blockers = (plan: ConversionPlan): string[] => plan.findings.filter(({ severity }) => severity === 'blocker').map(({ title, detail }) => `${title}: ${detail}`);
function bridgeFile(facts: ConversionFacts, path: RegExp, ...leave: string[]): string {
  const plan = planned(facts, ...leave);
  expect(blockers(plan)).toEqual([]);
  return plan.plan!.transaction.files.find(({ commitPath }) => path.test(commitPath ?? ''))!.content;
}

describe('systemd-networkd leaves out', () => {
  const text = '[Match]\nName=eno1\n\n[Network]\nAddress=192.168.1.20/24\nAddress=10.77.7.1/24\nGateway=192.168.1.1\nDNS=192.168.1.1\nDomains=lan\n\n[Address]\nAddress=fd77::20/64\nLabel=six\n\n[Route]\nDestination=192.0.2.0/24\nGateway=192.168.1.1\n\n[Route]\nDestination=fd78::/64\nGateway=fd77::1\n';
  const of = (...leave: string[]): string => bridgeFile(networkd(text, manual), /br0\.network$/, ...leave);

  it('a second address, one of a section of its own with the route by it, and name servers', () => {
    expect(of('10.77.7.1')).toContain('[Network]\nAddress=192.168.1.20/24\nGateway=192.168.1.1\n');
    expect(of('fd77::20', 'route:fd78::/64')).not.toMatch(/fd7|Label/);
    expect(of('route:192.0.2.0/24')).not.toContain('192.0.2.0');
    expect(of('dns')).not.toMatch(/\nDNS=|Domains/);
    expect(of('dns')).toContain('[IPv6AcceptRA]\nUseDNS=no\n');
  });

  it.each([
    ['DHCP=yes', ['dhcp4'], 'DHCP=ipv6'], ['DHCP=ipv4', ['dhcp4'], 'DHCP=no'], ['DHCP=yes', ['dhcp6'], 'DHCP=ipv4'], ['DHCP=yes', ['dhcp4', 'dhcp6', 'ra'], 'DHCP=no'],
  ])('%s without %j is %s', (dhcp, leave, expected) => {
    const facts = networkd(`[Match]\nName=eno1\n\n[Network]\n${dhcp}\nAddress=192.168.1.20/24\nGateway=192.168.1.1\n`, mixed);
    const content = bridgeFile(facts, /br0\.network$/, ...leave);
    expect(content).toContain(`[Network]\n${expected}\n`);
    expect(/DHCPv6Client=no/.test(content)).toBe(leave.includes('dhcp6') && !leave.includes('ra'));
    expect(/IPv6AcceptRA=no/.test(content)).toBe(leave.includes('ra'));
  });

  it('nothing that its file doesn\'t give', () => {
    expect(blockers(planned(networkd('[Match]\nName=eno1\n\n[Network]\nAddress=192.168.1.20/24\nGateway=192.168.1.1\n', manual), '10.77.7.1'))).toEqual(['10.77.7.1 can\'t be left out: /etc/systemd/network/20-wired.network doesn\'t say where that comes from.']);
  });
});

describe('NetworkManager leaves out', () => {
  const text = '[ipv4]\naddress1=10.77.7.1/24,192.168.1.1\naddress2=192.168.1.20/24\ndns=192.168.1.1;\nmethod=manual\nroute1=192.0.2.0/24,192.168.1.1\nroute1_options=mtu=1400\n\n[ipv6]\naddress1=fd77::20/64\nmethod=manual\nroute1=fd78::/64,fd77::1\n';
  const of = (...leave: string[]): string => bridgeFile(networkManager(text, manual), /br0\.nmconnection$/, ...leave);

  it('an address, whose gateway stays, and a route with its options', () => {
    expect(of('10.77.7.1')).toContain('[ipv4]\ngateway=192.168.1.1\naddress2=192.168.1.20/24\n');
    expect(of('route:192.0.2.0/24')).not.toMatch(/route1(_options)?=192|mtu=1400/);
    expect(of('dns')).not.toContain('dns=');
  });

  it('the last address of a family, with what no profile may have without one', () => {
    expect(of('fd77::20', 'route:fd78::/64')).toMatch(/\[ipv6\]\nmethod=link-local\n/);
    expect(of('fd77::20', 'route:fd78::/64')).not.toContain('fd7');
  });

  it('DHCP where an address stays, and what routers advertise only with the lease they name', () => {
    const facts = networkManager('[ipv4]\naddress1=192.168.1.20/24,192.168.1.1\nmethod=auto\n\n[ipv6]\nmethod=auto\n', mixed);
    expect(bridgeFile(facts, /br0\.nmconnection$/, 'dhcp4')).toContain('[ipv4]\naddress1=192.168.1.20/24,192.168.1.1\nmethod=manual\n');
    expect(bridgeFile(facts, /br0\.nmconnection$/, 'ra', 'dhcp6')).toContain('[ipv6]\nmethod=link-local\n');
    expect(bridgeFile(facts, /br0\.nmconnection$/, 'dns')).toContain('ignore-auto-dns=true');
    expect(blockers(planned(facts, 'dhcp6'))).toEqual(['DHCP for IPv6 can\'t be left out: A profile of NetworkManager takes what routers advertise and the lease that they name together, or neither.']);
  });
});

describe('netplan leaves out', () => {
  const text = '      # given by the network\'s people\n      addresses: [192.168.1.20/24, "fd77::20/64", 10.77.7.1/24: {label: "eno1:x"}]\n      nameservers:\n        addresses: [192.168.1.1]\n      routes:\n        - to: default\n          via: 192.168.1.1\n        - to: 192.0.2.0/24\n          via: 192.168.1.1\n        - to: fd78::/64\n          via: fd77::1\n';
  interface Written { network: { bridges: { br0: Record<string, unknown> } } }
  const of = (facts: ConversionFacts, ...leave: string[]): Record<string, unknown> => (parse(bridgeFile(facts, /01\.yaml$/, ...leave)) as Written).network.bridges.br0;

  it('addresses with settings of their own, routes and name servers', () => {
    expect(of(netplan(text, manual), '10.77.7.1')['addresses']).toEqual(['192.168.1.20/24', 'fd77::20/64']);
    expect(of(netplan(text, manual), 'route:192.0.2.0/24', 'dns')).toMatchObject({ routes: [{ to: 'default' }, { to: 'fd78::/64' }] });
    expect(of(netplan(text, manual), 'dns')).not.toHaveProperty('nameservers');
  });

  it('DHCP and what routers advertise, but not one without the other where netplan has no word for it', () => {
    const facts = netplan('      dhcp4: true\n      dhcp6: true\n      addresses: [192.168.1.20/24]\n      routes:\n        - {to: default, via: 192.168.1.1}\n', mixed);
    expect(of(facts, 'dhcp4', 'dhcp6', 'ra')).toMatchObject({ 'dhcp4': false, 'dhcp6': false, 'accept-ra': false });
    expect(of(facts, 'dns')).toMatchObject({ 'dhcp4-overrides': { 'use-dns': false }, 'dhcp6-overrides': { 'use-dns': false } });
    expect(blockers(planned(facts, 'dhcp6'))).toEqual(['DHCP for IPv6 can\'t be left out: netplan has no word for taking what routers advertise without the lease that they name.']);
  });
});

describe('ifupdown leaves out', () => {
  const text = 'auto eno1\niface eno1 inet static\n    address 192.168.1.20/24\n    gateway 192.168.1.1\n    dns-nameservers 192.168.1.1\n    up ip route add 192.0.2.0/24 via 192.168.1.1 dev $IFACE\n    down ip route del 192.0.2.0/24 || true\n\niface eno1 inet static\n    address 10.77.7.1/24\n    mtu 1400\n\niface eno1 inet6 static\n    address fd77::20\n    netmask 64\n    up ip -6 route add fd78::/64 via fd77::1 dev eno1\n';
  const of = (facts: ConversionFacts, ...leave: string[]): string => bridgeFile(facts, /interfaces$/, ...leave);

  it('a stanza of its own, of which only what is about the link stays', () => {
    const content = of(ifupdown(text, manual), '10.77.7.1');
    expect(content).not.toContain('10.77.7.1');
    expect(content).toContain('iface eno1 inet manual\n    mtu 1400\n');
    expect(content).toContain('    address 192.168.1.20/24\n');
  });

  it('commands that add an address or a route, with those that take them away', () => {
    expect(of(ifupdown(text, manual), 'route:192.0.2.0/24')).not.toContain('192.0.2.0');
    const added = text.replace('iface eno1 inet static\n    address 10.77.7.1/24\n    mtu 1400\n\n', '').replace('    dns-', '    up ip addr add 10.77.7.1/24 dev eno1\n    dns-');
    expect(of(ifupdown(added, manual), '10.77.7.1')).not.toContain('10.77.7.1');
    expect(of(ifupdown(text, manual), 'dns')).not.toContain('dns-');
  });

  it('not an address with whose stanza something else would be lost', () => {
    expect(blockers(planned(ifupdown(text, manual), 'fd77::20', 'route:fd78::/64'))).toEqual([]);
    expect(blockers(planned(ifupdown(text.replace('    mtu 1400', '    up systemctl start vpn'), manual), '10.77.7.1'))).toEqual(['10.77.7.1 can\'t be left out: /etc/network/interfaces, line 14: up stands with 10.77.7.1, and would be lost.']);
  });

  it('what routers advertise, which the kernel would take without a word', () => {
    const facts = ifupdown('auto eno1\niface eno1 inet static\n    address 192.168.1.20/24\n    gateway 192.168.1.1\n\niface eno1 inet6 auto\n', { links: [nicFacts({ addresses: [fixed('192.168.1.20'), learnt('2001:db8::5054:ff:fe0a:b0c', 64)] })], routes: [route('default', '192.168.1.1')] });
    const content = of(facts, 'ra');
    expect(content).toContain('iface br0 inet6 manual\n    up echo 0 >/proc/sys/net/ipv6/conf/br0/accept_ra\n    up ip -6 address flush dev br0 scope global dynamic\n');
    expect(content).not.toContain('inet6 auto');
  });
});

describe('whatever is left out', () => {
  /** Subnets apart, so that none finds another's gateway. */
  const subject = fc.record({ count: fc.integer({ min: 1, max: 6 }), own: fc.nat(), left: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), stack: fc.constantFrom('networkd', 'networkManager', 'netplan', 'ifupdown') });

  it('is what is asked for and no more, and never what the session comes in by', () => {
    fc.assert(fc.property(subject, ({ count, own, left, stack }) => {
      const addresses = Array.from({ length: count }, (_, at) => `10.${at}.0.7`);
      const session = addresses[own % count]!;
      const gateway = session.replace(/7$/, '1');
      const facts = { session: { address: session, client: '203.0.113.9' }, links: [nicFacts({ addresses: addresses.map((address) => fixed(address)) })], routes: [route('default', gateway)] };
      const lines = (line: (address: string, at: number) => string): string => addresses.map(line).join('');
      const made = {
        networkd: () => networkd(`[Match]\nName=eno1\n\n[Network]\n${lines((address) => `Address=${address}/24\n`)}Gateway=${gateway}\n`, facts),
        networkManager: () => networkManager(`[ipv4]\n${lines((address, at) => `address${at + 1}=${address}/24\n`)}gateway=${gateway}\nmethod=manual\n`, facts),
        netplan: () => netplan(`      addresses:\n${lines((address) => `        - ${address}/24\n`)}      routes:\n        - {to: default, via: ${gateway}}\n`, facts),
        ifupdown: () => ifupdown(`auto eno1\n${lines((address) => `iface eno1 inet static\n    address ${address}/24\n${address === session ? `    gateway ${gateway}\n` : ''}`)}`, facts),
      }[stack as 'networkd']();
      const leave = addresses.filter((_, at) => left[at]);
      const plan = planned(made, ...leave);
      if (leave.includes(session)) {
        expect(plan.plan).toBeNull();
        return;
      }
      expect(blockers(plan)).toEqual([]);
      const lasting = plan.plan!.transaction.files.filter(({ commitPath, name }) => commitPath !== null && !name.startsWith('former')).map(({ content }) => content).join('\n');
      for (const address of addresses) expect([address, lasting.includes(`${address}/24`)]).toEqual([address, !leave.includes(address)]);
      expect(lasting).toContain(gateway);
      expect(plan.plan!.transaction.wants?.ipv4 ?? addresses.map((address) => `${address}/24`)).toEqual(addresses.filter((address) => !leave.includes(address)).map((address) => `${address}/24`));
      expect(networkOf(session, 24)).toBe(networkOf(gateway, 24));
    }), { numRuns: 150 });
  });
});
