import { describe, expect, it } from 'vitest';
import { configFile, conversionFacts, nicFacts } from '../../../../test/fakes/conversion-facts';
import type { ConversionFacts, LinkFacts } from '../facts';
import { surveyConversion } from '../survey-conversion';
import { nicSettings } from './nic-settings';
import { leaveRules } from './leave-rules';
import { leftSettingSchema } from './left-setting';

const address = (text: string, dynamic = false, prefix = text.includes(':') ? 64 : 24): LinkFacts['addresses'][number] => ({ family: text.includes(':') ? 'ipv6' : 'ipv4', address: text, prefix, scope: 'global', dynamic });
const route = (destination: string, gateway: string, protocol: string | null, device = 'eno1', metric: number | null = null): ConversionFacts['routes'][number] =>
  ({ family: gateway.includes(':') ? 'ipv6' : 'ipv4', destination, gateway, device, metric, table: 'main', protocol, type: 'unicast' });
const facts = (over: Partial<ConversionFacts> = {}): ConversionFacts => conversionFacts({
  links: [nicFacts({ addresses: [address('192.168.1.20'), address('10.77.7.1'), address('2001:db8::7', true), address('2001:db8::9', true, 128)] })],
  routes: [route('default', '192.168.1.1', 'static'), route('default', 'fe80::1', 'ra'), route('198.51.100.0/24', '192.168.1.2', 'static'), route('192.0.2.0/24', '10.77.7.254', 'static')], ...over,
});
const found = (host: ConversionFacts, ...leave: string[]): string[] => leaveRules(host, { nic: 'eno1', leave }).map(({ code }) => code);

describe('what may be left out', () => {
  it.each<[string, string[], string[], Partial<ConversionFacts>]>([
    ['nothing', [], [], {}],
    ['an address beside that of the session, with the route by it', ['10.77.7.1', 'route:192.0.2.0/24'], [], {}],
    ['a gateway\'s address alone does not go', ['10.77.7.1'], ['leave.route-gateway'], {}],
    ['the session\'s address stays', ['192.168.1.20'], ['leave.session', 'leave.gateway'], {}],
    ['the session\'s address of IPv6 stays, however it is written', ['ra'], ['leave.session', 'leave.default', 'leave.ra-for-dhcp6'], { session: { address: '2001:db8:0::7', client: '2001:db8:1::1' } }],
    ['what answers go by stays', ['route:198.51.100.0/24'], ['leave.answers'], { session: { address: '192.168.1.20', client: '198.51.100.7' } }],
    ['routers\' advertisements take IPv6\'s gateway along', ['ra', 'dhcp6'], ['leave.no-ipv6'], {}],
    ['a lease needs the router that names it', ['ra'], ['leave.no-ipv6', 'leave.ra-for-dhcp6'], {}],
    ['what isn\'t there', ['10.9.9.9', 'route:10.0.0.0/8', 'dhcp4'], ['leave.not-there', 'leave.not-there', 'leave.not-there'], {}],
    ['a session nobody knows of may come by any of them', ['10.77.7.1', 'route:192.0.2.0/24'], ['leave.session-unknown'], { session: null }],
  ])('%s', (_, leave, codes, over) => {
    expect(found(facts(over), ...leave)).toEqual(codes);
  });

  it('lets go of a lease unless the host\'s default route hangs on it', () => {
    const leased = (protocol: string | null, metric: number): ConversionFacts => facts({
      session: { address: '192.168.9.2', client: '192.168.9.5' },
      links: [nicFacts({ addresses: [address('192.168.1.20', true)] }), nicFacts({ name: 'eno2', addresses: [address('192.168.9.2')] })],
      routes: [route('default', '192.168.1.1', protocol, 'eno1', metric), route('default', '192.168.9.1', 'static', 'eno2', 100)],
    });
    expect(found(leased('dhcp', 200), 'dhcp4')).toEqual([]);
    expect(found(leased('dhcp', 50), 'dhcp4')).toEqual(['leave.default']);
    // dhclient's script marks nothing.
    expect(found(leased('boot', 50), 'dhcp4')).toEqual(['leave.default']);
  });
});

it.each([['dhcp4', true], ['10.0.0.7', true], ['fd00::7', true], ['route:10.0.0.0/8', true], ['10.0.0.7/24', false], ['everything', false], ['route:', false], ['default', false]])('%s is a word for it: %j', (word, isOne) => {
  expect(leftSettingSchema.safeParse(word).success).toBe(isOne);
});

describe('the settings of a NIC', () => {
  const text = 'auto eno1\niface eno1 inet static\n    address 192.168.1.20/24\n    gateway 192.168.1.1\n    up ip address add 10.77.7.1/24 dev eno1\n    up ip route add 192.0.2.0/24 via 10.77.7.254\n    up ip route add 198.51.100.0/24 via 192.168.1.2\n';

  it('say what has to move, and why', () => {
    const survey = surveyConversion(facts({ files: [configFile('/etc/network/interfaces', text)] }));
    expect(survey.devices[0]!.settings).toEqual([
      { word: 'dhcp6', kind: 'dhcp6', values: ['2001:db8::9/128'], fixed: 'ifupdown asks for the lease that a router names along with its other addresses.' },
      { word: 'ra', kind: 'ra', values: ['2001:db8::7/64'], fixed: null },
      { word: '192.168.1.20', kind: 'address', values: ['192.168.1.20/24'], fixed: 'This session comes in by it.' },
      { word: '10.77.7.1', kind: 'address', values: ['10.77.7.1/24'], fixed: null },
      { word: 'route:198.51.100.0/24', kind: 'route', values: ['198.51.100.0/24 by 192.168.1.2'], fixed: null },
      { word: 'route:192.0.2.0/24', kind: 'route', values: ['192.0.2.0/24 by 10.77.7.254'], fixed: null },
    ]);
  });

  it('are planned for where the rules have nothing against it alone, and not at all on a NIC that is refused', () => {
    const asked: string[] = [];
    const nic = facts({ files: [configFile('/etc/network/interfaces', text)] });
    nicSettings(nic, 'eno1', (word) => { asked.push(word); return []; });
    expect(asked).toEqual(['dhcp6', 'ra', '10.77.7.1', 'route:198.51.100.0/24', 'route:192.0.2.0/24', 'dns']);
    const port = { ...nic, links: nic.links.map((link) => ({ ...link, controller: 'br7' })) };
    expect(surveyConversion(port).devices[0]).toMatchObject({ refusal: { code: 'nic.port-already' }, settings: [] });
  });
});
