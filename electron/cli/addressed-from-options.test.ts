import { describe, expect, it } from 'vitest';
import { plainOptions } from '../../shared/domain/addressed-spec';
import type { AddressedSpec } from '../../shared/domain/addressed-spec';
import { parseInvocation } from './arguments';
import { addressedSpecFromOptions } from './addressed-from-options';
import type { OptionHelp } from './addressed-from-options';

const base: AddressedSpec = {
  ...plainOptions, kind: 'nat', name: 'lab-net', bridge: 'virbr1',
  ipv4: { address: '192.168.150.1', prefix: 24, dhcp: { ranges: [{ start: '192.168.150.100', end: '192.168.150.199' }], hosts: [], bootp: null }, tftpRoot: null },
  ipv6: null, autostart: true,
};
const help: OptionHelp = { ipv6: { address: 'fd12:3456:789a::1', prefix: 64 }, rangeWithin: (address, prefix) => (prefix > 28 ? null : { start: address, end: address }) };

function specOf(line: string) {
  const invocation = parseInvocation(['create', 'nat', 'attic', ...line.split(' ').filter(Boolean)]);
  if (invocation.command !== 'create-addressed') throw new Error('not create');
  return addressedSpecFromOptions(base, invocation.name, invocation.options, help);
}

describe('addressedSpecFromOptions', () => {
  it('keeps the proposal where nothing is said', () => {
    expect(specOf('')).toEqual(base);
  });

  it('takes a subnet with or without the host\'s own address, and fits DHCP to it', () => {
    expect(specOf('web --subnet 10.20.30.0/24')).toMatchObject({ name: 'web', ipv4: { address: '10.20.30.1', prefix: 24 } });
    expect(specOf('--subnet 10.20.30.5/24').ipv4?.address).toBe('10.20.30.5');
    expect(specOf('--subnet 10.20.30.0/30').ipv4?.dhcp).toBeNull();
  });

  it('reads leases, records, forwarders, IPv6 and switches', () => {
    const spec = specOf('--static-lease 52:54:00:00:00:01=192.168.150.20,web1 --dns 192.168.150.20=web1,www --forwarder 9.9.9.9 --ipv6 auto --mtu 1400 --no-autostart --domain lab.internal --domain-local-only');
    expect(spec.ipv4?.dhcp?.hosts).toEqual([{ mac: '52:54:00:00:00:01', ip: '192.168.150.20', name: 'web1' }]);
    expect(spec.ipv4?.dhcp?.ranges).toHaveLength(1);
    expect(spec.dnsHosts).toEqual([{ ip: '192.168.150.20', hostnames: ['web1', 'www'] }]);
    expect(spec).toMatchObject({
      dnsForwarders: [{ address: '9.9.9.9', domain: null }], ipv6: { address: 'fd12:3456:789a::1', prefix: 64, dhcp: null }, mtu: 1400, autostart: false,
      domain: { name: 'lab.internal', localOnly: true },
    });
  });

  it('reads the rarer options', () => {
    const spec = specOf('--dns-srv ldap/tcp.lab.internal=db:389,5,6 --dns-txt note=a,b --forwarder corp.example=10.1.1.1 --forwarder local.example --route 10.50.0.0/16=192.168.150.9,5 --tftp-root /srv/tftp --boot-file pxelinux.0,192.168.150.7 --nat-addresses 10.0.0.5 --nat-ports 2000-3000 --inbound 100,200,300 --outbound 50 --port-isolation --zone trusted --no-stp --delay 4 --no-dns --ipv6 fd00:1::1/64 --ipv6-dhcp fd00:1::10-fd00:1::20 --ipv6-lease 00:03:00:01:52:54:00:00:00:0a=fd00:1::5,db --mac-table libvirt --guest-ipv6');
    expect(spec).toMatchObject({
      dnsServices: [{ service: 'ldap', protocol: 'tcp', domain: 'lab.internal', target: 'db', port: 389, priority: 5, weight: 6 }], dnsTexts: [{ name: 'note', value: 'a,b' }],
      dnsForwarders: [{ address: '10.1.1.1', domain: 'corp.example' }, { address: null, domain: 'local.example' }],
      routes: [{ destination: '10.50.0.0/16', gateway: '192.168.150.9', metric: 5 }], natAddresses: { start: '10.0.0.5', end: '10.0.0.5' }, natPorts: { start: 2000, end: 3000 },
      bandwidth: { inbound: { averageKBps: 100, peakKBps: 200, burstKiB: 300 }, outbound: { averageKBps: 50, peakKBps: null, burstKiB: null } },
      portIsolation: true, zone: 'trusted', stp: false, delaySeconds: 4, dnsEnabled: false, guestIpv6: true,
      ipv6: { dhcp: { ranges: [{ start: 'fd00:1::10', end: 'fd00:1::20' }], hosts: [{ duid: '00:03:00:01:52:54:00:00:00:0a', ip: 'fd00:1::5', name: 'db' }] } }, macTableManager: 'libvirt',
      ipv4: { tftpRoot: '/srv/tftp', dhcp: { bootp: { file: 'pxelinux.0', server: '192.168.150.7' } } },
    });
    expect(specOf('--no-address').ipv4).toBeNull();
    expect(specOf('--dns-srv sip/udp.lab.internal=.').dnsServices).toEqual([{ service: 'sip', protocol: 'udp', domain: 'lab.internal', target: '.', port: null, priority: null, weight: null }]);
  });

  it('changes of an existing network only what is said', () => {
    const existing: AddressedSpec = { ...base, autostart: false, domain: { name: 'lab.internal', localOnly: true } };
    const invocation = parseInvocation(['edit', 'attic', 'lab-net', '--domain', '', '--autostart', '--when', 'now']);
    if (invocation.command !== 'edit') throw new Error('not edit');
    expect(addressedSpecFromOptions(existing, null, invocation.options, help)).toEqual({ ...existing, domain: null, autostart: true });
    expect(invocation.options.when).toBe('now');
    expect(parseInvocation(['reserve', 'attic', 'lab-net', '52:54:00:00:00:01', '192.168.150.7', '--name', 'web'])).toMatchObject({ command: 'reserve', network: 'lab-net', mac: '52:54:00:00:00:01', ip: '192.168.150.7', options: { name: 'web' } });
  });

  it.each([
    ['--subnet 10.20.30', '--subnet takes a range'],
    ['--dhcp 10.0.0.5', '--dhcp takes START-END'],
    ['--static-lease nonsense', '--static-lease takes MAC=IP'],
    ['--static-lease zz=10.0.0.1', 'Not a MAC address'],
    ['--dns-srv ldap', '--dns-srv takes SERVICE'],
    ['--dns-txt note', '--dns-txt takes NAME'],
    ['--route 10.0.0.0/8', '--route takes CIDR'],
    ['--inbound fast', '--inbound takes AVERAGE'],
    ['--nat-ports 5', '--nat-ports takes START-END'],
    ['--no-address --dhcp 10.0.0.5-10.0.0.9', '--dhcp needs an IPv4 address'],
    ['--ipv6-dhcp fd00::1-fd00::2', '--ipv6-dhcp needs --ipv6'],
    ['--autostart --no-autostart', 'exclude each other'],
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
