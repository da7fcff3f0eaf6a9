import { describe, expect, it } from 'vitest';
import { defaultXml, makeInterface, makeMachine, makeNetwork, makeSnapshot } from '../../test/fakes/snapshot-fixture';
import type { NicSpec } from './machine-intent';
import { proposeMac } from './propose-mac';
import { validateNicSpec } from './validate-nic-spec';
import type { NicContext } from './validate-nic-spec';

const machine = makeMachine('web', 'default', 'vnet0');
const own = machine.nics[0]!.mac;
const snapshot = makeSnapshot({
  networks: [makeNetwork(defaultXml), makeNetwork('<network><name>switch</name><forward mode="bridge"/><bridge name="ovs0"/><virtualport type="openvswitch"/></network>')], machines: [machine],
  interfaces: [makeInterface('eno1'), makeInterface('br0', { kind: 'bridge', mac: null }), makeInterface('vnet0', { kind: 'tap', mac: 'fe:54:00:aa:00:01' }), makeInterface('macvtap0', { kind: 'macvtap', mac: '52:54:00:aa:00:07' })],
});
const context: NicContext = { snapshot, machine, mac: null, now: true, elsewhere: [{ mac: '52:54:00:AA:00:99', machine: 'db', host: 'cellar' }] };
const spec = (more: Partial<NicSpec> = {}): NicSpec => ({
  source: { kind: 'network', network: 'default', portgroup: null }, mac: '52:54:00:00:00:01', model: 'virtio', linkUp: true, bandwidth: { inbound: null, outbound: null }, ...more,
});
const limit = (averageKBps: number, peakKBps: number | null) => ({ averageKBps, peakKBps, burstKiB: null });
const issues = (more: Partial<NicSpec>, about: Partial<NicContext> = {}) => validateNicSpec(spec(more), { ...context, ...about }).map(({ severity, path }) => `${severity} ${path}`);

describe('validateNicSpec', () => {
  it.each<[string, Partial<NicSpec>, string[], Partial<NicContext>?]>([
    ['a sound one', {}, []],
    ['a MAC of this machine', { mac: own.toUpperCase() }, ['error mac']],
    ['its own MAC', { mac: own }, [], { mac: own }],
    ['a MAC of the host', { mac: '52:54:00:01:02:03' }, ['error mac']],
    ['a MAC of a network\'s bridge', { mac: '52:54:00:99:c3:f8' }, ['error mac']],
    ['the MAC that a macvtap has from its guest', { mac: '52:54:00:aa:00:07' }, []],
    ['a MAC on another host', { mac: '52:54:00:aa:00:99' }, ['warning mac']],
    ['a MAC of groups', { mac: '01:00:5e:00:00:01' }, ['error mac']],
    ['the broadcast MAC', { mac: 'ff:ff:ff:ff:ff:ff' }, ['error mac']],
    ['no network', { source: { kind: 'network', network: 'gone', portgroup: null } }, ['error source.network']],
    ['no portgroup', { source: { kind: 'network', network: 'default', portgroup: 'x' } }, ['error source.portgroup']],
    ['a bridge', { source: { kind: 'bridge', bridge: 'br0', isOvs: false } }, []],
    ['a bridge that is none', { source: { kind: 'bridge', bridge: 'eno1', isOvs: false } }, ['error source.bridge']],
    ['a switch that is none', { source: { kind: 'bridge', bridge: 'br0', isOvs: true } }, ['error source.bridge']],
    ['macvtap', { source: { kind: 'direct', device: 'eno1', mode: 'bridge' } }, []],
    ['macvtap on nothing', { source: { kind: 'direct', device: 'eno9', mode: 'bridge' } }, ['error source.device']],
    ['a limit on a Linux bridge', { bandwidth: { inbound: limit(100, null), outbound: null } }, []],
    ['a limit without a peak on Open vSwitch', { source: { kind: 'network', network: 'switch', portgroup: null }, bandwidth: { inbound: limit(100, null), outbound: null } }, ['warning bandwidth.inbound.peakKBps']],
    ['limits on Open vSwitch', { source: { kind: 'network', network: 'switch', portgroup: null }, bandwidth: { inbound: limit(100, 100), outbound: limit(100, null) } }, []],
    ['a strange model', { model: 'virtoi' }, ['warning model']],
  ])('judges %s', (_what, more, expected, about) => {
    expect(issues(more, about)).toEqual(expected);
  });

  it('takes an inactive network for the next boot only', () => {
    const inactive = { snapshot: { ...snapshot, networks: [makeNetwork(defaultXml, { active: false })] } };
    expect(issues({}, inactive)).toEqual(['error source.network']);
    expect(issues({}, { ...inactive, now: false })).toEqual(['warning source.network']);
  });
});

describe('proposeMac', () => {
  it('takes the first that is free, in QEMU\'s own range', () => {
    const bytes = [[1, 2, 3], [1, 2, 4]];
    expect(proposeMac(['52:54:00:01:02:03'], () => bytes.shift() ?? [])).toBe('52:54:00:01:02:04');
    expect(() => proposeMac(['52:54:00:00:00:00'], () => [0, 0, 0])).toThrow(/No free MAC/);
  });
});
