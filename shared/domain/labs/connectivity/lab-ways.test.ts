import { describe, expect, it } from 'vitest';
import { fakeRouter } from '../../../../test/fakes/lab-test-routers';
import type { FakeFace } from '../../../../test/fakes/lab-test-routers';
import { access, addressedInner, darkInner, labHost, labNetwork, vlanInner } from '../../../../test/fakes/lab-test-networks';
import { makeMachine } from '../../../../test/fakes/snapshot-fixture';
import type { LabTestNetwork } from './lab-places';
import { promisesOf } from './lab-promises';
import type { LabPromise } from './lab-promises';
import { labTestRouter } from './lab-test-router';
import type { LabTestRouter } from './lab-test-router';
import { planLabTest } from './plan-probes';

const promised = (networks: readonly LabTestNetwork[], routers: readonly LabTestRouter[]): LabPromise[] => promisesOf(networks, labHost(networks), routers);
/** `from>to` and what is promised. */
const reachIn = (networks: readonly LabTestNetwork[], routers: readonly LabTestRouter[]): Record<string, string> => Object.fromEntries(promised(networks, routers).map(({ from, to, reach }) => [`${from.id}>${to.id}`, reach]));
const becauseOf = (promises: readonly LabPromise[], from: string, to: string): string => promises.find((item) => item.from.id === from && item.to.id === to)?.because ?? '';

const firewall = [labNetwork('outside', addressedInner(1, 'nat')), labNetwork('inside', darkInner(2)), labNetwork('dmz', darkInner(3))];
const wan: FakeFace = ['outside', 'wan', '10.99.1.254/24', { gateway: '10.99.1.1' }];
const lan: FakeFace = ['inside', 'lan', '10.99.2.1/24', { dhcp: { start: '10.99.2.200', end: '10.99.2.254' } }];
const dmz: FakeFace = ['dmz', 'dmz', '10.99.3.1/24'];
const gateway = (allow: [string, string][], more: Parameters<typeof fakeRouter>[4] = {}) => fakeRouter(firewall, 'gw', [wan, lan, dmz], allow, more);

describe('a lab with a router', () => {
  it('promises what its firewall lets begin, and nothing else: inward it is shut', () => {
    const routers = [gateway([['lan', 'wan'], ['lan', 'dmz'], ['dmz', 'wan']])];
    expect(reachIn(firewall, routers)).toMatchObject({
      'inside>outside': 'yes', 'inside>dmz': 'yes', 'dmz>outside': 'yes', 'inside>internet': 'yes', 'inside>inside': 'yes', 'inside>host': 'yes', 'dmz>internet': 'yes',
      'dmz>inside': 'no', 'outside>inside': 'no', 'outside>dmz': 'no', 'host>inside': 'no', 'internet>dmz': 'no',
      'inside>gw': 'yes', 'dmz>gw': 'yes', 'outside>gw': 'no', 'outside>internet': 'yes',
    });
    const promises = promised(firewall, routers);
    expect(becauseOf(promises, 'inside', 'dmz')).toBe('gw lets it pass');
    expect(becauseOf(promises, 'dmz', 'inside')).toBe('gw lets nobody of dmz begin to talk to lan');
    expect(becauseOf(promises, 'outside', 'inside')).toBe('gw lets nobody of wan begin to talk to lan');
    expect(becauseOf(promises, 'inside', 'internet')).toBe('gw leads there under its own address');
    expect(promises.find(({ from, to }) => from.id === 'inside' && to.id === 'dmz')?.by?.name).toBe('try-gw');
  });

  it('promises no way that takes a route which machines do not have', () => {
    const promises = promised(firewall, [gateway([['wan', 'lan'], ['lan', 'dmz']])]);
    const of = (from: string, to: string) => promises.find((item) => item.from.id === from && item.to.id === to)?.reach;
    expect([of('outside', 'inside'), of('outside', 'dmz'), of('inside', 'outside'), of('inside', 'internet'), of('inside', 'host'), of('host', 'inside')]).toEqual(['partly', 'no', 'no', 'no', 'no', 'partly']);
    expect(becauseOf(promises, 'outside', 'inside')).toBe('gw lets wan begin to talk to lan, and it takes a route to it');
    // Without translation, machines outside answer the host, who knows nothing of it.
    expect(reachIn(firewall, [gateway([['lan', 'wan']], { masquerade: [] })])).toMatchObject({ 'inside>outside': 'partly', 'inside>internet': 'partly', 'outside>inside': 'no' });
  });

  it('tells a fake internet: machines reach the router, and nothing beyond it', () => {
    const cell = [labNetwork('cell', darkInner(1))];
    const promises = promised(cell, [fakeRouter(cell, 'internet', [['cell', 'cell', '10.99.1.1/24']], [])]);
    expect(promises.filter(({ from }) => from.id === 'cell').map(({ to, reach }) => `${to.kind} ${reach}`)).toEqual(['network yes', 'host no', 'lan no', 'internet no', 'router yes']);
    expect(becauseOf(promises, 'cell', 'internet')).toMatch(/internet has no way on|it serves cell/);
  });

  it('knows the VLANs of a router on a stick', () => {
    const trunk = '<vlan trunk="yes"><tag id="10"/><tag id="20"/></vlan>';
    const lab = [labNetwork('outside', addressedInner(1, 'nat')), labNetwork('campus', vlanInner('ovs0', [['staff', access(10)], ['guests', access(20)], ['trunk', trunk]]))];
    const stick = fakeRouter(lab, 'gw', [
      wan, ['campus', 'staff', '10.99.2.1/24', { portgroup: 'trunk', vlan: 10, mac: '52:54:00:00:00:05' }], ['campus', 'guests', '10.99.3.1/24', { portgroup: 'trunk', vlan: 20, mac: '52:54:00:00:00:05' }],
    ], [['staff', 'wan'], ['staff', 'guests'], ['guests', 'wan']]);
    expect(reachIn(lab, [stick])).toMatchObject({
      'campus/staff>campus/guests': 'yes', 'campus/guests>campus/staff': 'no', 'campus/staff>outside': 'yes', 'outside>campus/staff': 'no', 'campus/staff>campus/trunk VLAN 10': 'yes', 'campus/staff>campus/trunk VLAN 20': 'yes',
      'campus>campus/staff': 'no', 'campus/guests>internet': 'yes', 'campus/guests>gw': 'yes',
    });
  });

  it('follows a way by several routers, there and back', () => {
    const lab = [...['left', 'middle', 'right'].map((key, at) => labNetwork(key, darkInner(at + 1)))];
    const allow: [string, string][] = [['in', 'out'], ['out', 'in']];
    const one = fakeRouter(lab, 'r1', [['left', 'in', '10.99.1.1/24'], ['middle', 'out', '10.99.2.1/24', { gateway: '10.99.2.2' }]], allow);
    const two = (pairs = allow) => fakeRouter(lab, 'r2', [['right', 'in', '10.99.3.1/24'], ['middle', 'out', '10.99.2.2/24', { gateway: '10.99.2.1' }]], pairs);
    const promises = promised(lab, [one, two()]);
    expect(reachIn(lab, [one, two()])).toMatchObject({ 'left>right': 'yes', 'right>left': 'yes', 'left>middle': 'yes', 'left>internet': 'no' });
    expect(becauseOf(promises, 'left', 'right')).toBe('r1 and r2 let it pass');
    expect(becauseOf(promises, 'left', 'internet')).toBe('r2 lets nobody of out begin to talk to out');
    expect(reachIn(lab, [one, two([['in', 'out']])])).toMatchObject({ 'left>right': 'no', 'right>left': 'yes' });
  });

  it('says of a router whose definition does not tell what it does that only it knows', () => {
    const machine = { ...makeMachine('try-gw', 'try-inside', 'vnet0'), labRouter: { lab: 'try', key: 'gw', addresses: [] } };
    const nics = ['try-inside', 'try-dmz'].map((network) => ({ ...machine.nics[0]!, network }));
    const router = labTestRouter({ ...machine, nics }, 'gw', '<domain><name>try-gw</name><uuid>00000000-0000-4000-8000-00000000000b</uuid></domain>', firewall);
    expect(router.isOpaque).toBe(true);
    const promises = promised(firewall, [router]);
    expect(Object.fromEntries(promises.map(({ from, to, reach }) => [`${from.id}>${to.id}`, reach]))).toMatchObject({ 'inside>dmz': 'partly', 'dmz>inside': 'partly', 'inside>internet': 'partly', 'outside>inside': 'no', 'inside>inside': 'yes' });
    expect(promises.some(({ to }) => to.kind === 'router')).toBe(false);
    expect(becauseOf(promises, 'inside', 'dmz')).toBe('what gw lets pass its definition does not say');
  });

  it('leaves a network alone that no router is on', () => {
    const lab = [...firewall, labNetwork('other', addressedInner(4, 'nat'))];
    const [without, withRouter] = [reachIn(lab, []), reachIn(lab, [gateway([['lan', 'dmz']])])];
    for (const pair of ['other>outside', 'outside>other', 'other>internet', 'other>inside', 'outside>internet']) expect(withRouter[pair]).toBe(without[pair]);
    expect(withRouter).not.toHaveProperty('other>gw');
  });
});

describe('probes of a lab with a router', () => {
  const plan = (routers: readonly LabTestRouter[], more: Parameters<typeof labHost>[1] = {}) => planLabTest(firewall, labHost(firewall, more), '192.0.2.1', routers);

  it('have addresses of the router\'s subnet that it does not hand out, and it for their gateway', () => {
    const { probes: { probes }, places } = plan([gateway([])]);
    const on = (key: string) => probes.filter(({ device }) => device === { outside: 'br-1', inside: 'br-2', dmz: 'br-3' }[key]);
    expect(on('inside').map(({ addresses, gateway: by }) => [addresses[0], by])).toEqual([['10.99.2.199', '10.99.2.1'], ['10.99.2.198', '10.99.2.1']]);
    expect(on('dmz')[0]).toMatchObject({ prefix: 24, gateway: '10.99.3.1', routes: [] });
    // Not the router's own, which is the last of the host's subnet; and the ways in are tried by somebody who knows them.
    expect(on('outside')[0]).toMatchObject({ addresses: ['10.99.1.253', '10.99.1.251', '10.99.1.249'], gateway: '10.99.1.1', routes: [{ subnet: '10.99.2.0/24', via: '10.99.1.254' }, { subnet: '10.99.3.0/24', via: '10.99.1.254' }] });
    expect(places.map(({ end, hostAddress, hostBeyond }) => [end.id, hostAddress, hostBeyond])).toEqual([['outside', '10.99.1.1', null], ['inside', null, '10.99.1.1'], ['dmz', null, '10.99.1.1']]);
  });

  it('wait for a router that runs, and for none that does not', () => {
    expect(plan([gateway([])]).probes.waits).toEqual([{ n: 0, from: 2, address: '10.99.2.1', port: 53, seconds: 25 }]);
    expect(plan([gateway([], { isOn: false })]).probes.waits).toEqual([]);
    const jump = gateway([]);
    const faces = jump.faces.map((face) => ({ ...face, takesLogins: face.zone === 'wan' }));
    expect(plan([{ ...jump, faces }]).probes.waits.map(({ address, port }) => [address, port])).toEqual([['10.99.1.254', 22], ['10.99.2.1', 53]]);
    expect(promised(firewall, [{ ...jump, faces }]).find(({ from, to }) => from.id === 'outside' && to.id === 'gw')).toMatchObject({ reach: 'yes', because: 'people log in to it from wan' });
    const { system } = labHost(firewall);
    expect(plan([gateway([])], { system: { ...system, kvm: false } }).probes.waits[0]?.seconds).toBe(90);
  });

  it('are asked by the host only where it has a route to them', () => {
    const asked = (more: Parameters<typeof labHost>[1] = {}): number => plan([gateway([])], more).probes.tries.filter(({ from, to }) => from === 'host' && 'probe' in to).length;
    expect(asked()).toBe(1);
    const { routes } = labHost(firewall);
    expect(asked({ routes: [...routes, { ...routes[0]!, destination: '10.99.2.0/24', gateway: '10.99.1.254' }] })).toBe(2);
  });
});
