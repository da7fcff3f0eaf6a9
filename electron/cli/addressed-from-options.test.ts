import { describe, expect, it } from 'vitest';
import type { NetworkProposal } from '../../shared/domain/network-spec';
import { parseInvocation } from './arguments';
import { addressedSpecFromOptions } from './addressed-from-options';

const proposal: NetworkProposal = {
  spec: {
    kind: 'nat', name: 'lab-net', title: null, bridge: 'virbr1',
    ipv4: { address: '192.168.150.1', prefix: 24, dhcp: { ranges: [{ start: '192.168.150.100', end: '192.168.150.199' }], hosts: [] } },
    ipv6: null, domain: null, dnsHosts: [], dnsForwarders: [], mtu: null, forwardDev: null, autostart: true,
  },
  ipv6: { address: 'fd12:3456:789a::1', prefix: 64 },
  used: [],
};

function specOf(line: string) {
  const invocation = parseInvocation(['create', 'nat', 'attic', ...line.split(' ').filter(Boolean)]);
  if (invocation.command !== 'create-nat') throw new Error('not create nat');
  return addressedSpecFromOptions(proposal, invocation.name, invocation.options, (address, prefix) => (prefix > 28 ? null : { start: address, end: address }));
}

describe('addressedSpecFromOptions', () => {
  it('keeps the proposal where nothing is said', () => {
    expect(specOf('')).toEqual(proposal.spec);
  });

  it('takes a subnet with or without the host\'s own address, and fits DHCP to it', () => {
    expect(specOf('web --subnet 10.20.30.0/24')).toMatchObject({ name: 'web', ipv4: { address: '10.20.30.1', prefix: 24 } });
    expect(specOf('--subnet 10.20.30.5/24').ipv4.address).toBe('10.20.30.5');
    expect(specOf('--subnet 10.20.30.0/30').ipv4.dhcp).toBeNull();
  });

  it('reads leases, records, forwarders, IPv6 and switches', () => {
    const spec = specOf('--static-lease 52:54:00:00:00:01=192.168.150.20,web1 --dns 192.168.150.20=web1,www --forwarder 9.9.9.9 --ipv6 auto --mtu 1400 --no-autostart --domain lab.internal --domain-local-only');
    expect(spec.ipv4.dhcp?.hosts).toEqual([{ mac: '52:54:00:00:00:01', ip: '192.168.150.20', name: 'web1' }]);
    expect(spec.ipv4.dhcp?.ranges).toHaveLength(1);
    expect(spec.dnsHosts).toEqual([{ ip: '192.168.150.20', hostnames: ['web1', 'www'] }]);
    expect(spec).toMatchObject({
      dnsForwarders: ['9.9.9.9'], ipv6: { address: 'fd12:3456:789a::1', prefix: 64, dhcp: null }, mtu: 1400, autostart: false,
      domain: { name: 'lab.internal', localOnly: true },
    });
  });

  it.each([
    ['--subnet 10.20.30', '--subnet takes a range'],
    ['--dhcp 10.0.0.5', '--dhcp takes START-END'],
    ['--static-lease nonsense', '--static-lease takes MAC=IP'],
    ['--static-lease zz=10.0.0.1', 'Not a MAC address'],
    ['--mtu big', '--mtu takes a number'],
    ['--mtu 10', 'Between 68 and 65535'],
    ['--ipv6 maybe', '--ipv6 takes'],
    ['--no-dhcp --dhcp 10.0.0.5-10.0.0.9', '--no-dhcp leaves nothing'],
    ['--bridge a-bridge-name-too-long', '15 characters'],
    ['a/b', 'can\'t hold'],
  ])('says what is wrong with %s', (line, message) => {
    expect(() => specOf(line)).toThrow(message);
  });
});

describe('parseInvocation', () => {
  it.each([
    [['frobnicate'], '“frobnicate” is not a command'],
    [['create', 'bridge', 'x'], '“create bridge” is not known'],
    [['inspect'], 'Something is missing'],
    [['inspect', 'a', 'b'], 'one word too many'],
    [['delete', 'network', 'h', 'n', '--plan', '--yes'], 'exclude each other'],
    [['hosts', '--frob'], 'Unknown option'],
  ])('refuses %j with a sentence', (argv, message) => {
    expect(() => parseInvocation(argv)).toThrow(message);
  });

  it('gives help for nothing, and wherever it is asked', () => {
    expect(parseInvocation([])).toEqual({ command: 'help' });
    expect(parseInvocation(['create', 'nat', '--help'])).toEqual({ command: 'help' });
  });
});
