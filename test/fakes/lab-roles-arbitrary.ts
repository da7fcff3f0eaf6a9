import fc from 'fast-check';
import { stringify } from 'yaml';

/**
 * Lab files called “gen” with roles, as text: some played by the practice host's machines (running ones and one that is off), some open, with NICs on
 * networks that hand out addresses, on dark ones, and on a switch.
 */

const networks = {
  web: { kind: 'nat', ipv4: { address: '10.99.1.1/24' } },
  db: { kind: 'nat', ipv4: { address: '10.99.2.1/24', dhcp: { ranges: [], hosts: [{ mac: '52:54:00:99:00:01', ip: '10.99.2.9', name: 'old' }] } } },
  dark: { kind: 'isolated', ipv4: 'none' },
  sw: { kind: 'ovs', createBridge: {}, portgroups: [{ name: 'staff', vlan: { mode: 'access', tag: 10 } }, { name: 'all', isDefault: true, vlan: { mode: 'trunk', tags: [10, 20] } }] },
};

const places = fc.constantFrom<Record<string, string>>(
  { network: 'web' }, { network: 'web', address: '10.99.1.N' }, { network: 'db', address: '10.99.2.N' }, { network: 'dark', address: '10.5.5.N' }, { network: 'dark' },
  { network: 'sw' }, { network: 'sw', portgroup: 'staff' }, { network: 'web', model: 'e1000e' },
);
const machines = fc.shuffledSubarray(['git', 'jellyfin', 'cameras', 'homeassistant'], { minLength: 0, maxLength: 4 });

export const labRolesArbitrary: fc.Arbitrary<string> = fc.record({
  machines, open: fc.boolean(), nics: fc.array(fc.array(places, { minLength: 1, maxLength: 3 }), { minLength: 5, maxLength: 5 }), left: fc.subarray(['dark', 'sw'] as const),
}).map(({ machines: names, open, nics, left }) => {
  let last = 20;
  const nicsOf = (at: number) => (nics[at] ?? []).filter(({ network }) => !(left as string[]).includes(network ?? ''))
    .map(({ address, ...nic }) => ({ ...nic, ...address === undefined ? {} : { address: address.replace('N', String(last++)) } }));
  const roles = [...names.map((machine, at) => [`r${at}`, { machine, nics: nicsOf(at) }] as const), ...open ? [['open', { nics: nicsOf(4) }] as const] : []].filter(([, { nics: list }]) => list.length > 0);
  return stringify({
    version: 1, name: 'gen', networks: Object.fromEntries(Object.entries(networks).filter(([key]) => !(left as string[]).includes(key))), machines: Object.fromEntries(roles),
  }, { aliasDuplicateObjects: false });
});
