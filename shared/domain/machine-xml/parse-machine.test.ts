import { describe, expect, it } from 'vitest';
import { transcript } from '../../../test/fixtures/read-transcript';
import { parseMachine } from './parse-machine';

const machine = (name: string) => parseMachine(transcript(`virsh-9.0.0/dumpxml-${name}`).stdout);

describe('parseMachine', () => {
  it('reads a running NIC on a network with its tap and bridge', () => {
    const web = machine('web');
    expect(web).toMatchObject({ name: 'web', title: null });
    expect(web.nics).toEqual([{
      mac: '52:54:00:00:00:05', type: 'network', network: 'lab nat\'s ü', portgroup: null, bridge: 'virbr-nat', isOvs: false, hostDevice: null, directMode: null,
      model: 'virtio', link: 'up', vlan: null, bandwidth: { inbound: null, outbound: null }, isolatedPort: false, bootOrder: null,
      pciAddress: '0000:01:00.0', alias: 'net0', target: expect.stringMatching(/^vnet\d+$/),
    }]);
  });

  it('reads portgroup and VLAN of a NIC on Open vSwitch, which shows as a bridge while it runs', () => {
    expect(machine('port').nics[0]).toMatchObject({
      type: 'bridge', network: 'switch', portgroup: 'servers', bridge: 'ovs0', vlan: { trunk: false, tags: [{ id: 10 }] },
    });
  });

  it('reads every other kind of NIC', () => {
    const [onNetwork, onBridge, direct, passedThrough, user] = machine('off').nics;
    expect(onNetwork).toMatchObject({ link: 'down', network: 'lab nat\'s ü', bridge: null, target: null });
    expect(onBridge).toMatchObject({ type: 'bridge', network: null, bridge: 'br-host', vlan: { trunk: true, tags: [{ id: 7 }, { id: 8, nativeMode: 'tagged' }] } });
    expect(direct).toMatchObject({ type: 'direct', hostDevice: 'enp2s0', bridge: null });
    expect(passedThrough).toMatchObject({ type: 'hostdev', hostDevice: '0000:03:10.1', model: null });
    expect(user).toMatchObject({ type: 'user', network: null, bridge: null, hostDevice: null });
  });

  it('refuses what is no machine', () => {
    expect(() => parseMachine('<network/>')).toThrow(/expected/);
    expect(parseMachine('<domain/>')).toEqual({ uuid: '', name: '', title: null, agent: null, labRoles: [], nics: [] });
  });
});
