import { describe, expect, it } from 'vitest';
import { conversionFacts, nicFacts } from '../../../test/fakes/conversion-facts';
import { bridgeNameProblem } from './bridge-name';
import { compareOutlooks, outlookOf } from './outlook';
import { surveyConversion } from './survey-conversion';

const bare = { addresses: [] };

describe('what of a host could become a port', () => {
  it('puts the NIC of this session first, then what can be converted, then what can not, and why', () => {
    const { devices, suggestedBridge } = surveyConversion(conversionFacts({
      links: [
        nicFacts({ name: 'wlp2s0', kind: 'wireless', ...bare }), nicFacts({ name: 'enp9s0', operState: 'DOWN', ...bare }), nicFacts(), nicFacts({ name: 'br0', kind: 'bridge', ...bare }),
        nicFacts({ name: 'vnet0', kind: 'tap', ...bare }), nicFacts({ name: 'lo', kind: 'loopback', ...bare }), nicFacts({ name: 'veth12ab', kind: 'veth', ...bare }),
      ],
    }));
    expect(devices.map(({ outlook, carriesSession, hasLink, refusal }) => [outlook.device, carriesSession, hasLink, refusal?.code ?? null])).toEqual([
      ['eno1', true, true, null], ['enp9s0', false, false, null], ['wlp2s0', false, true, 'nic.wireless'],
    ]);
    expect(suggestedBridge).toBe('br1');
  });

  it('marks everything that the session goes through', () => {
    const { devices } = surveyConversion(conversionFacts({
      links: [nicFacts({ name: 'eno1', controller: 'bond0', ...bare }), nicFacts({ name: 'bond0', kind: 'bond', ...bare }), nicFacts({ name: 'bond0.7', kind: 'vlan', parent: 'bond0', vlanId: 7 })],
    }));
    expect(devices.filter(({ carriesSession }) => carriesSession).map(({ outlook }) => outlook.device).sort()).toEqual(['bond0', 'bond0.7', 'eno1']);
  });

  it('knows nobody to be the owner where several claim it', () => {
    const facts = conversionFacts({ networkd: { eno1: { state: 'configured', file: '/etc/systemd/network/a.network' } } });
    expect(surveyConversion(facts).devices[0]!.owner).toBe('systemd-networkd');
    const device = { state: 'connected', uuid: 'u', name: 'Wired', file: null };
    expect(surveyConversion({ ...facts, networkManager: { eno1: device } }).devices[0]!.owner).toBeNull();
  });
});

describe('the name of a bridge', () => {
  it.each([['br0', null], ['a23456789012345', null], ['a234567890123456', 'bridge.name'], ['', 'bridge.name'], ['0br', 'bridge.name'], ['br 0', 'bridge.name'], ['eno1', 'bridge.exists']])('%j: %j', (name, code) => {
    expect(bridgeNameProblem(name, ['eno1'])?.code ?? null).toBe(code);
  });
});

describe('how a device is seen', () => {
  it('leaves out addresses that change by themselves, and names default routes', () => {
    const address = (text: string, scope = 'global') => ({ family: 'ipv6' as const, address: text, prefix: 64, scope, dynamic: true });
    const facts = conversionFacts({ links: [nicFacts({ addresses: [...nicFacts().addresses, address('fe80::1', 'link'), address('2001:db8::7'), address('2001:db8::dead')], temporary: ['2001:db8::dead'] })] });
    expect(outlookOf(facts, 'eno1')).toEqual({ device: 'eno1', mac: '52:54:00:0a:0b:0c', mtu: 1500, addresses: ['192.168.1.20/24', '2001:db8::7/64'], gateways: ['192.168.1.1, metric 100'] });
    expect(outlookOf(facts, 'eno9')).toBeNull();
  });

  it('is compared line by line', () => {
    const before = outlookOf(conversionFacts(), 'eno1')!;
    expect(compareOutlooks(before, { ...before, device: 'br0' }).every(({ same }) => same)).toBe(true);
    expect(compareOutlooks(before, { ...before, addresses: ['192.168.1.99/24'], gateways: [] }).filter(({ same }) => !same)).toEqual([
      { what: 'Address', before: '192.168.1.20/24', after: '', same: false }, { what: 'Address', before: '', after: '192.168.1.99/24', same: false },
      { what: 'Default route', before: '192.168.1.1, metric 100', after: '', same: false },
    ]);
  });
});

describe('what of a host could be changed otherwise', () => {
  const address = { family: 'ipv4' as const, address: '192.168.1.20', prefix: 24, scope: 'global', dynamic: false };
  const host = conversionFacts({
    links: [
      nicFacts({ controller: 'br0', addresses: [] }), nicFacts({ name: 'br0', kind: 'bridge', addresses: [address] }), nicFacts({ name: 'virbr0', kind: 'bridge', addresses: [{ ...address, address: '192.168.122.1' }] }),
      nicFacts({ name: 'vnet0', kind: 'tap', controller: 'virbr0', addresses: [] }), nicFacts({ name: 'eno2', addresses: [{ ...address, address: '10.5.0.2', dynamic: true }] }),
    ],
    networkd: { br0: { state: 'configured', file: '/etc/systemd/network/br0.network' }, eno1: { state: 'configured', file: '/etc/systemd/network/br0.network' } },
    routes: [{ family: 'ipv4', destination: 'default', gateway: '192.168.1.1', device: 'br0', metric: 100, table: 'main', protocol: 'static', type: 'unicast' }],
  });

  it('are bridges with a NIC, without those of machines alone', () => {
    expect(surveyConversion(host).bridges.map(({ outlook, uplinks, carriesSession, refusal }) => [outlook.device, uplinks, carriesSession, refusal])).toEqual([['br0', ['eno1'], true, null]]);
  });

  it('are addresses of the host\'s own, with what would be replaced and who could be told', () => {
    const { addressed } = surveyConversion(host);
    expect(addressed.map(({ outlook, kind, replaced, isLeased, gateway, refusal }) => [outlook.device, kind, replaced, isLeased, gateway, refusal?.code ?? null])).toEqual([
      ['br0', 'bridge', '192.168.1.20/24', false, '192.168.1.1', null], ['eno2', 'nic', '10.5.0.2/24', true, null, 'owner.none'],
    ]);
  });
});
