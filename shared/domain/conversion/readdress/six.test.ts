import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { configFile, conversionFacts, nicFacts } from '../../../../test/fakes/conversion-facts';
import { connectionUuid, fileAfter, places, stackFacts } from '../../../../test/fakes/stack-facts';
import type { Stack } from '../../../../test/fakes/stack-facts';
import type { ConversionFacts } from '../facts';
import type { AddressRequest } from './address-request';
import { planReaddress } from './plan-readdress';

const four = { family: 'ipv4' as const, address: '192.168.1.20', prefix: 24, scope: 'global', dynamic: false };
const six = { family: 'ipv6' as const, address: 'fd77::20', prefix: 64, scope: 'global', dynamic: false };
const advertised = { ...six, address: '2001:db8::5054:ff:fe0a:b0c', dynamic: true };
const privacy = { ...advertised, address: '2001:db8::1234' };

const texts: Record<Stack, string> = {
  'systemd-networkd': '[Match]\nName=eno1\n\n[Network]\nAddress=192.168.1.20/24\nAddress=fd77::0020/64\nGateway=192.168.1.1\n\n[Route]\nGateway=fd77::1\nMetric=50\n',
  'netplan-networkd': 'network:\n  version: 2\n  ethernets:\n    eno1:\n      addresses: [192.168.1.20/24, "fd77::20/64"]\n      routes:\n        - {to: default, via: 192.168.1.1}\n        - {to: "::/0", via: "fd77::1"}\n',
  'NetworkManager': `[connection]\nid=eno1\nuuid=${connectionUuid}\ntype=ethernet\n\n[ipv4]\nmethod=manual\naddress1=192.168.1.20/24,192.168.1.1\n\n[ipv6]\nmethod=auto\naddress1=fd77::20/64,fd77::1\n`,
  'ifupdown': 'auto eno1\niface eno1 inet static\n    address 192.168.1.20/24\n    gateway 192.168.1.1\n\niface eno1 inet6 static\n    address fd77::20\n    netmask 64\n    gateway fd77::1\n    up ip -6 route add fd78::/64 via fd77::9 dev eno1\n',
};
const plain: Record<Stack, string> = {
  'systemd-networkd': '[Match]\nName=eno1\n\n[Network]\nDHCP=ipv4\n',
  'netplan-networkd': 'network:\n  version: 2\n  ethernets:\n    eno1: {dhcp4: true}\n',
  'NetworkManager': `[connection]\nid=eno1\nuuid=${connectionUuid}\ntype=ethernet\n\n[ipv4]\nmethod=auto\n\n[ipv6]\nmethod=link-local\n`,
  'ifupdown': 'auto eno1\niface eno1 inet dhcp\n\n# the other cable\niface eno2 inet dhcp\n',
};

function factsOf(stack: Stack, text: string, over: Partial<ConversionFacts> = {}): ConversionFacts {
  const route = conversionFacts().routes[0]!;
  return stackFacts(stack, text, {
    links: [nicFacts({ addresses: [four, six, advertised, privacy], temporary: [privacy.address] })],
    routes: [route, { ...route, family: 'ipv6', gateway: 'fd77::1', metric: 50, protocol: 'static' }],
    ...over,
  });
}
const bare = { links: [nicFacts({ addresses: [four] })], routes: conversionFacts().routes };

function after(stack: Stack, request: Omit<AddressRequest, 'device'>, text = texts[stack], over: Partial<ConversionFacts> = {}): string {
  return fileAfter(stack, factsOf(stack, text, over), request);
}

describe('fixed IPv6 addresses', () => {
  const moved = { addresses6: ['FD77:0::30/64'] };
  it('stand in place of those there are, and what else is there stays', () => {
    expect(after('systemd-networkd', moved)).toBe(texts['systemd-networkd'].replace('fd77::0020', 'fd77::30'));
    expect(parse(after('netplan-networkd', moved))).toEqual(parse(texts['netplan-networkd'].replace('fd77::20', 'fd77::30')));
    expect(after('NetworkManager', moved)).toBe(texts.NetworkManager.replace('fd77::20', 'fd77::30'));
    expect(after('ifupdown', moved)).toBe(texts.ifupdown.replace('address fd77::20\n    netmask 64', 'address fd77::30/64'));
  });

  it('come beside those that stay', () => {
    const both = { addresses6: ['fd77::20/64', 'fd77::30/64'] };
    expect(after('systemd-networkd', both)).toContain('Address=fd77::0020/64\nAddress=fd77::30/64\nGateway=192.168.1.1\n');
    expect(parse(after('netplan-networkd', both))).toMatchObject({ network: { ethernets: { eno1: { addresses: ['192.168.1.20/24', 'fd77::20/64', 'fd77::30/64'] } } } });
    expect(after('NetworkManager', both)).toBe(`${texts.NetworkManager}address2=fd77::30/64\n`);
    expect(after('ifupdown', both)).toBe(`${texts.ifupdown}\niface eno1 inet6 static\n    address fd77::30/64\n`);
  });

  it('come where there was none, with their gateway', () => {
    const first = { addresses6: ['fd77::30/64'], gateway6: 'fe80::1' };
    const of = (stack: Stack) => after(stack, first, plain[stack], bare);
    expect(of('systemd-networkd')).toBe('[Match]\nName=eno1\n\n[Network]\nDHCP=ipv4\nAddress=fd77::30/64\n\n[Route]\nGateway=fe80::1\n');
    expect(parse(of('netplan-networkd'))).toEqual({ network: { version: 2, ethernets: { eno1: { dhcp4: true, addresses: ['fd77::30/64'], routes: [{ to: '::/0', via: 'fe80::1' }] } } } });
    expect(of('NetworkManager')).toContain('[ipv6]\nmethod=manual\naddress1=fd77::30/64\ngateway=fe80::1\n');
    expect(of('ifupdown')).toBe('auto eno1\niface eno1 inet dhcp\n\n# the other cable\niface eno1 inet6 static\n    address fd77::30/64\n    gateway fe80::1\n\niface eno2 inet dhcp\n');
  });

  it('go, and their gateway with them', () => {
    const none = { addresses6: [], gateway6: null };
    expect(after('systemd-networkd', none)).toBe('[Match]\nName=eno1\n\n[Network]\nAddress=192.168.1.20/24\nGateway=192.168.1.1\n\n');
    expect(parse(after('netplan-networkd', none))).toEqual({ network: { version: 2, ethernets: { eno1: { addresses: ['192.168.1.20/24'], routes: [{ to: 'default', via: '192.168.1.1' }] } } } });
    expect(after('NetworkManager', none)).toContain('[ipv6]\nmethod=auto\n');
    expect(after('NetworkManager', none)).not.toContain('fd77');
    expect(after('NetworkManager', none, texts.NetworkManager.replace('[ipv6]\nmethod=auto', '[ipv6]\nmethod=manual'))).toContain('[ipv6]\nmethod=link-local\n');
    const text = texts.ifupdown.replace(/ {4}up ip .*\n/, '');
    expect(after('ifupdown', none, text)).not.toContain('inet6');
  });

  it('are what the host must have, whatever changes by itself', () => {
    const { transaction } = planReaddress(factsOf('systemd-networkd', texts['systemd-networkd']), { device: 'eno1', ...moved }).plan!;
    expect(transaction.wants).toEqual({ ipv6: [`${advertised.address}/64`, 'fd77::30/64'], newIpv6: ['fd77::30/64'] });
  });

  it('move whoever comes in by one of them to the one in its place', () => {
    const session = { address: 'fd77::20', client: 'fd77::5' };
    const made = planReaddress(factsOf('systemd-networkd', texts['systemd-networkd'], { session }), { device: 'eno1', addresses6: ['fd99::30/64', 'fd77::31/64'] });
    expect(made.plan!.transaction.wants).toMatchObject({ newIpv6: ['fd99::30/64', 'fd77::31/64'], reachedAddress: 'fd77::31' });
    expect(made.findings.map(({ code }) => code)).toContain('address6.moves');
    expect(planReaddress(factsOf('systemd-networkd', texts['systemd-networkd'], { session }), { device: 'eno1', addresses6: [], gateway6: null }).findings[0]!.code).toBe('address6.session');
  });
});

describe('another gateway of IPv6', () => {
  const other = { gateway6: 'fd77::2' };
  it('stands in place of the one there is, and keeps its metric', () => {
    expect(after('systemd-networkd', other)).toBe(texts['systemd-networkd'].replace('fd77::1', 'fd77::2'));
    expect(parse(after('netplan-networkd', other))).toEqual(parse(texts['netplan-networkd'].replace('fd77::1', 'fd77::2')));
    expect(after('NetworkManager', other)).toContain('address1=fd77::20/64\ngateway=fd77::2\n');
    expect(after('ifupdown', other)).toBe(texts.ifupdown.replace('fd77::1', 'fd77::2'));
    expect(planReaddress(factsOf('ifupdown', texts.ifupdown), { device: 'eno1', ...other }).plan!.transaction.wants).toEqual({ gateway6: 'fd77::2' });
  });

  it('needs a fixed address where the stack says so', () => {
    const links = [nicFacts({ addresses: [four, advertised] })];
    const codes = (stack: Stack) => planReaddress(factsOf(stack, plain[stack], { ...bare, links }), { device: 'eno1', gateway6: 'fe80::1' }).findings.map(({ code }) => code);
    expect([codes('NetworkManager')[0], codes('ifupdown')[0]]).toEqual(['gateway6.no-address', 'gateway6.no-address']);
    expect([codes('systemd-networkd')[0], codes('netplan-networkd')[0]]).toEqual(['host.second-way', 'host.second-way']);
  });

  it('is said to stand beside one that routers advertise', () => {
    const routes = [...factsOf('ifupdown', '').routes, { ...conversionFacts().routes[0]!, family: 'ipv6' as const, gateway: 'fe80::2', protocol: 'ra' }];
    expect(planReaddress(factsOf('systemd-networkd', texts['systemd-networkd'], { routes }), { device: 'eno1', ...other }).findings.map(({ code }) => code)).toContain('gateway6.advertised');
  });
});

it.each<[string, Partial<AddressRequest>, Partial<ConversionFacts>]>([
  ['input.invalid', { addresses6: ['fd77::30'] }, {}],
  ['input.invalid', { gateway6: '192.168.1.1' }, {}],
  ['address6.invalid', { addresses6: ['fd77::/64'] }, {}],
  ['address6.invalid', { addresses6: ['fe80::7/64'] }, {}],
  ['address6.invalid', { addresses6: ['ff02::1/64'] }, {}],
  ['address6.invalid', { addresses6: ['::1/128'] }, {}],
  ['address6.invalid', { addresses6: ['fd77::30/129'] }, {}],
  ['address6.twice', { addresses6: ['fd77::30/64', 'fd77:0::30/64'] }, {}],
  ['address6.taken', { addresses6: ['fd77::30/64'] }, { links: [nicFacts({ addresses: [four, six] }), nicFacts({ name: 'eno2', addresses: [{ ...six, address: 'fd77::30' }] })] }],
  ['address6.taken', { addresses6: ['fd77::20/64', `${advertised.address}/64`] }, {}],
  ['address6.mtu', { addresses6: ['fd77::30/64'] }, { links: [nicFacts({ mtu: 1200, addresses: [four, six] })] }],
  ['gateway6.outside', { addresses6: ['fd99::30/64'] }, {}],
  ['gateway6.outside', { gateway6: 'fd99::1' }, {}],
  ['gateway6.self', { gateway6: 'fd77::20' }, {}],
  ['gateway6.reserved', { gateway6: 'ff02::1' }, {}],
  ['gateway6.none', { gateway6: null }, { routes: conversionFacts().routes }],
  ['config.not-understood', { addresses6: ['fd77::30/64'] }, { files: [configFile(places['systemd-networkd'], '[Match]\nName=eno1\n\n[Network]\nDHCP=yes\n')] }],
])('%s is refused', (code, request, over) => {
  const { findings, plan } = planReaddress(factsOf('systemd-networkd', texts['systemd-networkd'], over), { device: 'eno1', ...request });
  expect(plan).toBeNull();
  expect(findings.filter(({ severity }) => severity === 'blocker').map((finding) => finding.code)).toEqual([code]);
});
