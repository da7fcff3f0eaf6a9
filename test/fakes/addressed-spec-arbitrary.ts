import fc from 'fast-check';
import type { AddressedSpec } from '../../shared/domain/addressed-spec';

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
const range4 = fc.record({ start: ipv4Arbitrary, end: ipv4Arbitrary });
const range6 = fc.record({ start: ipv6Arbitrary, end: ipv6Arbitrary });

export const addressedSpecArbitrary: fc.Arbitrary<AddressedSpec> = fc.record({
  kind: fc.constantFrom('nat' as const),
  name: nameText,
  title: fc.option(nameText),
  bridge: fc.string({ unit: fc.constantFrom(...'abc019-_.'), minLength: 1, maxLength: 12 }).map((text) => `v${text}`),
  ipv4: fc.record({
    address: ipv4Arbitrary,
    prefix: fc.integer({ min: 8, max: 30 }),
    dhcp: fc.option(fc.record({
      ranges: fc.array(range4, { maxLength: 3 }),
      hosts: fc.uniqueArray(fc.record({ mac: macArbitrary, ip: ipv4Arbitrary, name: fc.option(hostname) }), { maxLength: 4, selector: (host) => host.mac }),
    })),
  }),
  ipv6: fc.option(fc.record({
    address: ipv6Arbitrary,
    prefix: fc.integer({ min: 48, max: 126 }),
    dhcp: fc.option(fc.record({ ranges: fc.array(range6, { maxLength: 2 }) })),
  })),
  domain: fc.option(fc.record({ name: hostname, localOnly: fc.boolean() })),
  dnsHosts: fc.uniqueArray(
    fc.record({ ip: fc.oneof(ipv4Arbitrary, ipv6Arbitrary), hostnames: fc.array(hostname, { minLength: 1, maxLength: 3 }) }),
    { maxLength: 3, selector: (host) => host.ip },
  ),
  dnsForwarders: fc.uniqueArray(fc.oneof(ipv4Arbitrary, ipv6Arbitrary), { maxLength: 3 }),
  mtu: fc.option(fc.integer({ min: 68, max: 65535 })),
  forwardDev: fc.option(fc.constantFrom('eth0', 'wlan0', 'enp1s0')),
  autostart: fc.boolean(),
});
