import fc from 'fast-check';
import { addressedKinds } from '../../shared/domain/network-kinds';
import type { AddressedSpec } from '../../shared/domain/addressed-spec';
import type { AddressedKind } from '../../shared/domain/network-kinds';

/** Specs of every shape for property tests: each value well-formed, the whole not always sensible. */

const octet = fc.integer({ min: 0, max: 255 });
export const ipv4Arbitrary = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join('.'));
export const ipv6Arbitrary = fc.tuple(fc.integer({ min: 1, max: 0xffff }), fc.integer({ min: 1, max: 0xffff }))
  .map(([a, b]) => `fd00:${a.toString(16)}::${b.toString(16)}`);
export const macArbitrary = fc.tuple(octet, octet, octet)
  .map((parts) => ['52', '54', '00', ...parts.map((part) => part.toString(16).padStart(2, '0'))].join(':'));

const word = fc.string({ unit: fc.constantFrom(...'abcxyz019-'), minLength: 1, maxLength: 8 }).map((text) => `h${text}0`);
const hostname = fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'));
const nameText = fc.string({ unit: fc.constantFrom(...'abz 019-&<>\'"_.äß€'), minLength: 1, maxLength: 20 }).map((text) => `n${text}n`);
const duid = macArbitrary.map((mac) => `00:03:00:01:${mac}`);
const range4 = fc.record({ start: ipv4Arbitrary, end: ipv4Arbitrary });
const range6 = fc.record({ start: ipv6Arbitrary, end: ipv6Arbitrary });

const ports = fc.tuple(fc.integer({ min: 1, max: 65535 }), fc.integer({ min: 1, max: 65535 })).map(([start, end]) => ({ start, end }));
const small = fc.integer({ min: 0, max: 65535 });
const limit = fc.record({ averageKBps: fc.integer({ min: 1, max: 99999 }), peakKBps: fc.option(fc.integer({ min: 1, max: 99999 })), burstKiB: fc.option(fc.integer({ min: 1, max: 99999 })) });
const word1 = fc.constantFrom('ldap', 'sip', 'xmpp-client', 'kerberos');
const service = fc.record({
  service: word1, protocol: fc.constantFrom('tcp' as const, 'udp' as const), domain: fc.option(hostname), target: fc.option(fc.oneof(hostname, fc.constant('.'))),
  port: fc.option(fc.integer({ min: 1, max: 65535 })), priority: fc.option(small), weight: fc.option(small),
});
const cidr = fc.oneof(
  fc.tuple(ipv4Arbitrary, fc.integer({ min: 0, max: 32 })).map(([address, prefix]) => `${address}/${prefix}`),
  fc.tuple(ipv6Arbitrary, fc.integer({ min: 0, max: 128 })).map(([address, prefix]) => `${address}/${prefix}`),
);
const path = fc.constantFrom('/srv/tftp', '/var/lib/tftpboot', '/srv/it\'s & "b"');

const fields = {
  name: nameText,
  title: fc.option(nameText),
  description: fc.option(nameText),
  bridge: fc.string({ unit: fc.constantFrom(...'abc019-_.'), minLength: 1, maxLength: 12 }).map((text) => `v${text}`),
  stp: fc.boolean(),
  delaySeconds: fc.integer({ min: 0, max: 30 }),
  macTableManager: fc.constantFrom('kernel' as const, 'libvirt' as const),
  zone: fc.option(fc.constantFrom('trusted', 'home', 'lab-1')),
  portIsolation: fc.boolean(),
  ipv6: fc.option(fc.record({
    address: ipv6Arbitrary,
    prefix: fc.integer({ min: 48, max: 126 }),
    dhcp: fc.option(fc.record({
      ranges: fc.array(range6, { maxLength: 2 }),
      hosts: fc.uniqueArray(fc.record({ duid, ip: ipv6Arbitrary, name: fc.option(hostname) }), { maxLength: 3, selector: (host) => host.duid }),
    })),
  })),
  guestIpv6: fc.boolean(),
  domain: fc.option(fc.record({ name: hostname, localOnly: fc.boolean() })),
  dnsEnabled: fc.boolean(),
  dnsHosts: fc.uniqueArray(
    fc.record({ ip: fc.oneof(ipv4Arbitrary, ipv6Arbitrary), hostnames: fc.array(hostname, { minLength: 1, maxLength: 3 }) }),
    { maxLength: 3, selector: (host) => host.ip },
  ),
  dnsForwarders: fc.uniqueArray(
    fc.record({ address: fc.option(fc.oneof(ipv4Arbitrary, ipv6Arbitrary)), domain: fc.option(hostname) }).filter(({ address, domain }) => address !== null || domain !== null),
    { maxLength: 3, selector: ({ address, domain }) => `${address} ${domain}` },
  ),
  dnsServices: fc.array(service, { maxLength: 3 }),
  dnsTexts: fc.array(fc.record({ name: word, value: nameText }), { maxLength: 3 }),
  mtu: fc.option(fc.integer({ min: 68, max: 65535 })),
  bandwidth: fc.record({ inbound: fc.option(limit), outbound: fc.option(limit) }),
  routes: fc.array(fc.record({ destination: cidr, gateway: fc.oneof(ipv4Arbitrary, ipv6Arbitrary), metric: fc.option(fc.integer({ min: 1, max: 999 })) }), { maxLength: 3 }),
  autostart: fc.boolean(),
};

const ipv4 = fc.record({
  address: ipv4Arbitrary,
  prefix: fc.integer({ min: 8, max: 30 }),
  dhcp: fc.option(fc.record({
    ranges: fc.array(range4, { maxLength: 3 }),
    hosts: fc.uniqueArray(fc.record({ mac: macArbitrary, ip: ipv4Arbitrary, name: fc.option(hostname) }), { maxLength: 4, selector: (host) => host.mac }),
    bootp: fc.option(fc.record({ file: path, server: fc.option(ipv4Arbitrary) })),
  })),
  tftpRoot: fc.option(path),
});

const none = fc.constant(null);
const device = fc.option(fc.constantFrom('eth0', 'wlan0', 'enp1s0'));

/** Specs of one kind: what only NAT or only forwarding networks have is left out elsewhere, as in their XML. */
export function addressedSpecOf(kind: AddressedKind): fc.Arbitrary<AddressedSpec> {
  return fc.record({
    ...fields, kind: fc.constant(kind),
    ipv4: kind === 'isolated' ? fc.option(ipv4) : ipv4,
    forwardDev: kind === 'isolated' ? none : device,
    natAddresses: kind === 'nat' ? fc.option(range4) : none,
    natPorts: kind === 'nat' ? fc.option(ports) : none,
  });
}

export const addressedSpecArbitrary: fc.Arbitrary<AddressedSpec> = fc.oneof(...addressedKinds.map(addressedSpecOf));
