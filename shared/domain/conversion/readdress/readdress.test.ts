import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { nicFacts } from '../../../../test/fakes/conversion-facts';
import { connectionUuid, fileAfter, places, stackFacts } from '../../../../test/fakes/stack-facts';
import type { Stack } from '../../../../test/fakes/stack-facts';
import type { ConversionFacts } from '../facts';
import type { AddressRequest } from './address-request';
import { planReaddress } from './plan-readdress';

const fixed = { family: 'ipv4' as const, address: '192.168.1.20', prefix: 24, scope: 'global', dynamic: false };
const leased = { ...fixed, dynamic: true };
const second = { ...fixed, address: '10.5.0.1' };

const factsOf = (stack: Stack, text: string, over: Partial<ConversionFacts> = {}): ConversionFacts => stackFacts(stack, text, { links: [nicFacts({ addresses: [fixed] })], ...over });
const texts: Record<Stack, { static: string; leased: string }> = {
  'systemd-networkd': {
    static: '[Match]\nName=eno1\n\n[Network]\nAddress=192.168.1.20/24\nAddress=10.5.0.1/24\nDNS=192.168.1.1\n\n[Route]\nGateway=192.168.1.1\nMetric=50\n',
    leased: '[Match]\nName=eno1\n\n[Network]\nDHCP=yes\n',
  },
  'netplan-networkd': {
    static: 'network:\n  version: 2\n  ethernets:\n    eno1:\n      addresses: [192.168.1.20/24, 10.5.0.1/24]\n      routes:\n        - {to: default, via: 192.168.1.1}\n      nameservers: {addresses: [192.168.1.1], search: [lan]}\n',
    leased: 'network:\n  version: 2\n  ethernets:\n    eno1: {dhcp4: true}\n',
  },
  'NetworkManager': {
    static: `[connection]\nid=eno1\nuuid=${connectionUuid}\ntype=ethernet\n\n[ipv4]\nmethod=manual\naddress1=192.168.1.20/24,192.168.1.1\naddress2=10.5.0.1/24\ndns=192.168.1.1;\n`,
    leased: `[connection]\nid=eno1\nuuid=${connectionUuid}\ntype=ethernet\n\n[ipv4]\nmethod=auto\n`,
  },
  'ifupdown': {
    static: 'auto eno1\niface eno1 inet static\n    address 192.168.1.20\n    netmask 255.255.255.0\n    gateway 192.168.1.1\n    up ip address add 10.5.0.1/24 dev eno1\n',
    leased: 'auto eno1\niface eno1 inet dhcp\n    hostname attic\n',
  },
};
function after(stack: Stack, how: 'static' | 'leased', request: Omit<AddressRequest, 'device'>, over: Partial<ConversionFacts> = {}): string {
  const links = [nicFacts({ addresses: how === 'leased' ? [leased] : [fixed, second] })];
  return fileAfter(stack, factsOf(stack, texts[stack][how], { links, ...over }), request);
}

describe('another address', () => {
  const moved = { address: '192.168.1.30/24' };
  it('stands in place of the old one, and what else is there stays', () => {
    expect(after('systemd-networkd', 'static', moved)).toBe(texts['systemd-networkd'].static.replace('192.168.1.20/24', '192.168.1.30/24'));
    expect(parse(after('netplan-networkd', 'static', moved))).toEqual(parse(texts['netplan-networkd'].static.replace('192.168.1.20/24', '192.168.1.30/24')));
    expect(after('NetworkManager', 'static', moved)).toBe(texts.NetworkManager.static.replace('192.168.1.20/24', '192.168.1.30/24'));
    expect(after('ifupdown', 'static', moved)).toBe(texts.ifupdown.static.replace('192.168.1.20\n', '192.168.1.30/24\n').replace('    netmask 255.255.255.0\n', ''));
  });

  it('ends DHCP where the old one was leased, and keeps the gateway that came with it', () => {
    expect(after('systemd-networkd', 'leased', moved)).toBe('[Match]\nName=eno1\n\n[Network]\nDHCP=ipv6\nAddress=192.168.1.30/24\n\n[Route]\nGateway=192.168.1.1\nMetric=100\n');
    expect(parse(after('netplan-networkd', 'leased', moved))).toEqual({ network: { version: 2, ethernets: { eno1: { dhcp4: false, addresses: ['192.168.1.30/24'], routes: [{ to: '0.0.0.0/0', via: '192.168.1.1', metric: 100 }] } } } });
    expect(after('NetworkManager', 'leased', moved)).toContain('[ipv4]\nmethod=manual\naddress1=192.168.1.30/24\ngateway=192.168.1.1\n');
    expect(after('ifupdown', 'leased', moved)).toBe('auto eno1\niface eno1 inet static\n    metric 100\n    gateway 192.168.1.1\n    address 192.168.1.30/24\n');
  });

  it('is what the host must have and where it must be reached', () => {
    const { plan } = planReaddress(factsOf('systemd-networkd', texts['systemd-networkd'].static, { links: [nicFacts({ addresses: [fixed, second] })], tools: ['arping', 'ip'] }), { device: 'eno1', ...moved });
    expect(plan!.transaction).toMatchObject({ goal: 'address', nic: 'eno1', bridge: 'eno1', wants: { ipv4: ['10.5.0.1/24', '192.168.1.30/24'], reachedAddress: '192.168.1.30' } });
    expect(plan!.transaction.apply[0]!.command).toContain('arping -D -q -c 2 -w 3 -I eno1 192.168.1.30');
  });

  it('of another interface moves nobody', () => {
    const { plan } = planReaddress(factsOf('systemd-networkd', texts['systemd-networkd'].static, { session: { address: '10.9.9.9', client: '10.9.9.1' } }), { device: 'eno1', ...moved });
    expect(plan!.transaction.wants).toEqual({ ipv4: ['192.168.1.30/24'] });
  });
});

it('other gateways, name servers and MTUs go where the stack wants them', () => {
  const wanted = { gateway: '192.168.1.254', dns: ['9.9.9.9', '2620:fe::fe'], mtu: 1400 };
  const tools = ['resolvconf', 'ip'];
  expect(after('systemd-networkd', 'static', wanted)).toBe('[Match]\nName=eno1\n\n[Network]\nAddress=192.168.1.20/24\nAddress=10.5.0.1/24\nDNS=9.9.9.9\nDNS=2620:fe::fe\n\n[Route]\nGateway=192.168.1.254\nMetric=50\n\n[Link]\nMTUBytes=1400\n');
  expect(parse(after('netplan-networkd', 'static', wanted))).toMatchObject({ network: { ethernets: { eno1: { mtu: 1400, routes: [{ via: '192.168.1.254' }], nameservers: { addresses: wanted.dns, search: ['lan'] } } } } });
  const keyfile = after('NetworkManager', 'static', wanted);
  expect(keyfile).toContain('address1=192.168.1.20/24\naddress2=10.5.0.1/24\n');
  expect(keyfile).toMatch(/^gateway=192\.168\.1\.254$/m);
  expect(keyfile).toMatch(/^dns=9\.9\.9\.9;$/m);
  expect(keyfile).toContain('[ipv6]\ndns=2620:fe::fe;\n');
  expect(keyfile).toContain('[ethernet]\nmtu=1400\n');
  expect(after('ifupdown', 'static', wanted, { tools })).toMatch(/mtu 1400\n {4}dns-nameservers 9\.9\.9\.9 2620:fe::fe\n[^]*gateway 192\.168\.1\.254\n/);
});

describe('search domains', () => {
  const tools = ['resolvconf', 'ip'];

  it('go where the stack wants them, in place of those there are', () => {
    const search = ['home.arpa', 'lan'];
    expect(after('systemd-networkd', 'static', { search })).toContain('DNS=192.168.1.1\nDomains=home.arpa lan\n');
    expect(parse(after('netplan-networkd', 'static', { search }))).toMatchObject({ network: { ethernets: { eno1: { nameservers: { addresses: ['192.168.1.1'], search } } } } });
    expect(after('NetworkManager', 'static', { search })).toContain('dns=192.168.1.1;\ndns-search=home.arpa;lan;\n');
    expect(after('ifupdown', 'static', { search }, { tools })).toContain('    dns-search home.arpa lan\n');
  });

  it('can be none, but for those that say whom to ask', () => {
    const of = (stack: Stack, text: string): string => planReaddress(factsOf(stack, text, { tools }), { device: 'eno1', search: [] }).plan!.transaction.files.find(({ commitPath }) => commitPath === places[stack])!.content;
    expect(of('systemd-networkd', texts['systemd-networkd'].static.replace('DNS=', 'Domains=old ~corp\nDNS='))).toContain('DNS=192.168.1.1\nDomains=~corp\n');
    expect(of('NetworkManager', `${texts.NetworkManager.static}dns-search=old;~corp;\n\n[ipv6]\nmethod=auto\ndns-search=six;\n`)).toMatch(/dns-search=~corp;\n\n\[ipv6\]\nmethod=auto\n$/);
    expect(of('netplan-networkd', texts['netplan-networkd'].static)).not.toContain('search');
    expect(of('ifupdown', `${texts.ifupdown.static}    dns-search old\n`)).not.toContain('dns-search');
  });

  it('of a profile without IPv4 stand with IPv6', () => {
    const text = texts.NetworkManager.static.replace(/\[ipv4\][^]*$/, '[ipv4]\nmethod=disabled\n\n[ipv6]\nmethod=auto\n');
    const { plan } = planReaddress(factsOf('NetworkManager', text), { device: 'eno1', search: ['lan'] });
    expect(plan!.transaction.files[0]!.content).toContain('method=disabled\n\n[ipv6]\nmethod=auto\ndns-search=lan;\n');
  });
});

it('an MTU is set by itself as well, there and back', () => {
  const { transaction } = planReaddress(factsOf('systemd-networkd', texts['systemd-networkd'].static), { device: 'eno1', mtu: 1400 }).plan!;
  expect([transaction.apply.at(-1)!.command, transaction.revert.at(-1)!.command]).toEqual(['ip link set dev eno1 mtu 1400', 'ip link set dev eno1 mtu 1500']);
});

it('leased name servers are no longer asked once others are named', () => {
  expect(after('systemd-networkd', 'leased', { dns: ['9.9.9.9'] })).toContain('DHCP=yes\nDNS=9.9.9.9\n\n[DHCPv4]\nUseDNS=no\n');
  expect(after('NetworkManager', 'leased', { dns: ['9.9.9.9'] })).toContain('method=auto\ndns=9.9.9.9;\nignore-auto-dns=true\n');
  expect(parse(after('netplan-networkd', 'leased', { dns: ['9.9.9.9'] }))).toMatchObject({ network: { ethernets: { eno1: { 'dhcp4-overrides': { 'use-dns': false } } } } });
});

describe('an address by DHCP', () => {
  const dhcp = { dhcp: true as const, dns: [] as string[] };

  it('stands in place of the fixed one, whose gateway goes and whose metric stays; what else is there stays', () => {
    expect(after('systemd-networkd', 'static', dhcp)).toBe('[Match]\nName=eno1\n\n[Network]\nAddress=10.5.0.1/24\nDHCP=ipv4\n\n[DHCPv4]\nRouteMetric=100\n');
    expect(parse(after('netplan-networkd', 'static', dhcp))).toEqual({ network: { version: 2, ethernets: { eno1: { 'addresses': ['10.5.0.1/24'], 'nameservers': { search: ['lan'] }, 'dhcp4': true, 'dhcp4-overrides': { 'route-metric': 100 } } } } });
    expect(after('NetworkManager', 'static', dhcp)).toBe(`[connection]\nid=eno1\nuuid=${connectionUuid}\ntype=ethernet\n\n[ipv4]\nmethod=auto\naddress2=10.5.0.1/24\n`);
    expect(after('ifupdown', 'static', dhcp, { tools: ['resolvconf', 'ip'] })).toBe('auto eno1\niface eno1 inet dhcp\n    metric 100\n    up ip address add 10.5.0.1/24 dev eno1\n');
  });

  it('leaves name servers that are configured where nothing is said of them', () => {
    expect(after('systemd-networkd', 'static', { dhcp: true })).toContain('\nDNS=192.168.1.1\n');
    expect(after('NetworkManager', 'static', { dhcp: true })).toContain('\ndns=192.168.1.1;\n');
    expect(parse(after('netplan-networkd', 'static', { dhcp: true }))).toMatchObject({ network: { ethernets: { eno1: { nameservers: { addresses: ['192.168.1.1'] } } } } });
  });

  it('keeps an MTU that ifup would pass over there', () => {
    const text = texts.ifupdown.static.replace('    gateway', '    mtu 1400\n    gateway');
    const { plan } = planReaddress(factsOf('ifupdown', text, { links: [nicFacts({ addresses: [fixed, second] })] }), { device: 'eno1', dhcp: true });
    expect(plan!.transaction.files.find(({ commitPath }) => commitPath === places.ifupdown)!.content).toContain('iface eno1 inet dhcp\n    metric 100\n    pre-up ip link set dev $IFACE mtu 1400\n');
  });

  it('has to be a lease, and the one that is expected: today\'s, or the one that is named', () => {
    const wants = (request: Partial<AddressRequest>) => planReaddress(factsOf('systemd-networkd', texts['systemd-networkd'].static, { links: [nicFacts({ addresses: [fixed, second] })] }), { device: 'eno1', ...dhcp, ...request }).plan!.transaction.wants;
    expect(wants({})).toEqual({ ipv4: ['10.5.0.1/24', '192.168.1.20/24'], leased: '192.168.1.20' });
    expect(wants({ address: '192.168.1.77/24', gateway: '192.168.1.254' })).toEqual({ ipv4: ['10.5.0.1/24', '192.168.1.77/24'], leased: '192.168.1.77', gateway: '192.168.1.254', reachedAddress: '192.168.1.77' });
  });

  it('gives back name servers that were named in place of DHCP\'s', () => {
    const named = (stack: Stack) => after(stack, 'leased', { dns: ['9.9.9.9'] });
    const back = (stack: Stack) => planReaddress(factsOf(stack, named(stack), { links: [nicFacts({ addresses: [leased] })] }), { device: 'eno1', dns: [] }).plan!.transaction.files.find(({ commitPath }) => commitPath === places[stack])!.content;
    expect(back('systemd-networkd')).not.toMatch(/UseDNS|9\.9/);
    expect(back('NetworkManager')).not.toMatch(/ignore-auto-dns|9\.9/);
    expect(back('netplan-networkd')).not.toMatch(/use-dns|9\.9/);
  });
});

describe('what can\'t be', () => {
  const text = texts['systemd-networkd'].static;
  it.each<[string, Partial<AddressRequest>, Partial<ConversionFacts>]>([
    ['input.nothing', {}, {}],
    ['input.invalid', { gateway: 'router' }, {}],
    ['nic.missing', { device: 'eno7', mtu: 1400 }, {}],
    ['nic.port-already', { mtu: 1400 }, { links: [nicFacts({ addresses: [fixed], controller: 'br0' })] }],
    ['address.invalid', { address: '192.168.1.255/24' }, {}],
    ['address.invalid', { address: '224.0.0.1/24', gateway: '224.0.0.9' }, {}],
    ['address.taken', { address: '192.168.1.31/24' }, { links: [nicFacts({ addresses: [fixed] }), nicFacts({ name: 'eno2', addresses: [{ ...fixed, address: '192.168.1.31' }] })] }],
    ['gateway.outside', { address: '192.168.7.20/24' }, {}],
    ['gateway.outside', { gateway: '10.0.0.1' }, {}],
    ['gateway.reserved', { gateway: '192.168.1.255' }, {}],
    ['dns.twice', { dns: ['9.9.9.9', '9.9.9.9'] }, {}],
    ['search.twice', { search: ['lan', 'LAN'] }, {}],
    ['input.invalid', { search: ['-lan'] }, {}],
    ['dns.reserved', { dns: ['224.0.0.251'] }, {}],
    ['dns.none', { dns: [] }, {}],
    ['dns.none', { address: '192.168.1.30/24', dns: [] }, { links: [nicFacts({ addresses: [leased] })] }],
    ['address.leased', { dhcp: true }, { links: [nicFacts({ addresses: [leased] })] }],
    ['address.unknown', { dhcp: true }, { links: [nicFacts({ addresses: [] })] }],
    ['gateway.outside', { dhcp: true, gateway: '10.0.0.1' }, {}],
    ['config.not-understood', { dhcp: true }, { links: [nicFacts({ addresses: [{ ...fixed, address: '192.168.1.21' }] })] }],
    ['gateway.self', { gateway: '192.168.1.20' }, {}],
    ['gateway.leased', { gateway: '192.168.1.254' }, { links: [nicFacts({ addresses: [leased] })] }],
    ['address.no-way-back', { address: '192.168.7.20/24' }, { routes: [] }],
    ['mtu.invalid', { mtu: 500 }, {}],
    ['mtu.invalid', { mtu: 1000 }, { links: [nicFacts({ addresses: [fixed, { family: 'ipv6', address: 'fe80::1', prefix: 64, scope: 'link', dynamic: false }] })] }],
    ['owner.none', { mtu: 1400 }, { networkd: {} }],
    ['config.shared', { mtu: 1400 }, { networkd: { eno1: { state: 'configured', file: places['systemd-networkd'] }, eno2: { state: 'configured', file: places['systemd-networkd'] } }, links: [nicFacts({ addresses: [fixed] }), nicFacts({ name: 'eno2', addresses: [] })] }],
    ['rights.root', { mtu: 1400 }, { root: false }],
  ])('%s', (code, request, over) => {
    const { findings, plan } = planReaddress(factsOf('systemd-networkd', text, over), { device: 'eno1', ...request });
    expect(plan).toBeNull();
    expect(findings.filter(({ severity }) => severity === 'blocker').map((finding) => finding.code)).toEqual([code]);
  });

  it('a bridge takes no more than its ports do', () => {
    const links = [nicFacts({ name: 'br0', kind: 'bridge', addresses: [fixed] }), nicFacts({ addresses: [], controller: 'br0' })];
    const { findings } = planReaddress(factsOf('systemd-networkd', text, { links }), { device: 'br0', mtu: 9000 });
    expect(findings.map(({ code }) => code)).toContain('mtu.below');
  });

  it('name servers of ifupdown without resolvconf', () => {
    expect(planReaddress(factsOf('ifupdown', texts.ifupdown.static), { device: 'eno1', dns: ['9.9.9.9'] }).findings[0]!.code).toBe('dns.no-resolvconf');
  });
});

it('warns of a bridge that waits, and of one whose MAC address nobody has decided', () => {
  const bridge = (over: Partial<ReturnType<typeof nicFacts>>, text: string) => planReaddress(factsOf('systemd-networkd', text, {
    networkd: { br0: { state: 'configured', file: places['systemd-networkd'] } },
    links: [nicFacts({ name: 'br0', kind: 'bridge', addresses: [fixed], bridge: { stp: true, forwardDelaySeconds: 15, vlanFiltering: false }, ...over }), nicFacts({ addresses: [], controller: 'br0' })],
    routes: [],
  }), { device: 'br0', dns: ['9.9.9.9'] }).findings.map(({ code }) => code);
  const text = '[Match]\nName=br0\n\n[Network]\nAddress=192.168.1.20/24\n';
  expect(bridge({}, text)).toEqual(['bridge.stp', 'bridge.mac-not-pinned', 'host.second-way']);
  expect(bridge({ bridge: { stp: false, forwardDelaySeconds: 0, vlanFiltering: false } }, `${text}# 52:54:00:0A:0B:0C\n`)).toEqual(['host.second-way']);
});

it('warns of what follows', () => {
  const codes = (request: Partial<AddressRequest>, over: Partial<ConversionFacts> = {}) => planReaddress(factsOf('systemd-networkd', texts['systemd-networkd'].leased, over), { device: 'eno1', ...request }).findings.map(({ code }) => code);
  expect(codes({ address: '192.168.1.30/24' }, { links: [nicFacts({ addresses: [leased] })] })).toEqual(['address.moves', 'dns.leased', 'host.second-way']);
  expect(codes({ mtu: 9000 })).toEqual(['mtu.jumbo', 'host.second-way']);
});
