import fc from 'fast-check';
import { stringify } from 'yaml';

/** Lab files called “gen” that the practice host can make, as text: every kind that needs nothing of the host, with or without addresses. */

const reservation = (subnet: string) => fc.record({ mac: fc.integer({ min: 0, max: 255 }).map((n) => `52:54:00:99:00:${n.toString(16).padStart(2, '0')}`), ip: fc.integer({ min: 10, max: 90 }).map((n) => `${subnet}.${n}`) });

const ipv4 = (subnet: string) => fc.oneof(
  fc.constant('auto'),
  fc.record({ address: fc.constant(`${subnet}.1/24`), dhcp: fc.oneof(fc.constant('auto'), fc.constant('none')) }),
  fc.record({
    address: fc.constant(`${subnet}.1/24`),
    dhcp: fc.record({
      ranges: fc.constantFrom([{ start: `${subnet}.100`, end: `${subnet}.150` }], [{ start: `${subnet}.200`, end: `${subnet}.210` }, { start: `${subnet}.100`, end: `${subnet}.150` }]),
      hosts: fc.uniqueArray(reservation(subnet), { maxLength: 3, selector: ({ mac }) => mac }).map((hosts) => hosts.filter(({ ip }, at) => hosts.findIndex((other) => other.ip === ip) === at)),
    }),
  }),
);

const extras = fc.record({
  mtu: fc.constantFrom(1400, 9000), stp: fc.boolean(), autostart: fc.boolean(),
  domain: fc.constantFrom({ name: 'gen.internal' }, { name: 'gen.internal', localOnly: true }),
  dnsHosts: fc.constantFrom([], [{ ip: '10.9.9.9', hostnames: ['nas', 'files'] }]),
}, { requiredKeys: [] });

const addressed = (at: number) => fc.record({ kind: fc.constantFrom('nat', 'routed', 'open', 'isolated'), ipv4: ipv4(`10.99.${at}`) }).chain((base) => extras.map((more) => ({ ...base, ...more })));
const dark = fc.record({ kind: fc.constant('isolated'), ipv4: fc.constant('none'), guestIpv6: fc.boolean(), portIsolation: fc.boolean() });
const ovs = fc.record({
  kind: fc.constant('ovs'), createBridge: fc.record({ stp: fc.boolean() }),
  portgroups: fc.constantFrom([], [{ name: 'staff', vlan: { mode: 'access', tag: 10 } }], [{ name: 'all', isDefault: true, vlan: { mode: 'trunk', tags: [10, 20] } }]),
});

export const labFileArbitrary: fc.Arbitrary<string> = fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 4 }).chain((places) => fc.record(Object.fromEntries(
  [...new Set(places)].map((at) => [`n${at}`, fc.oneof({ weight: 3, arbitrary: addressed(at) }, dark, ovs) as fc.Arbitrary<unknown>]),
))).map((networks) => stringify({ version: 1, name: 'gen', networks }, { aliasDuplicateObjects: false }));
