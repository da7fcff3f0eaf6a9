import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { transcript } from '../../../test/fixtures/read-transcript';
import { joinNics } from './join-nics';
import { nicDocuments } from './nic-documents';
import { parseMachine } from './parse-machine';
import type { NicInXml } from './parse-machine';

describe('nicDocuments', () => {
  it('gives a running NIC on Open vSwitch back as one on its network', () => {
    const [document] = nicDocuments(transcript('virsh-9.0.0/dumpxml-port').stdout);
    expect(document?.xml).toMatch(/^<interface type='network'>\n  <mac /);
    expect(document?.xml).toContain('<source network=\'switch\' portgroup=\'servers\'/>');
    expect(document?.xml).not.toMatch(/portid|bridge=|<target|<alias/);
    // By it the port stays the same one.
    expect(document?.xml).toContain('interfaceid');
    expect(document?.xml).toMatch(/\n<\/interface>$/);
  });

  it('leaves a definition as it is', () => {
    const { stdout } = transcript('virsh-9.0.0/dumpxml-off');
    const documents = nicDocuments(stdout);
    expect(documents).toHaveLength(5);
    for (const { xml } of documents) expect(stdout).toContain(xml.split('\n').join('\n    '));
  });
});

describe('joinNics', () => {
  const nic = (mac: string, more: Partial<NicInXml> = {}): NicInXml => ({
    mac, type: 'network', network: 'a', portgroup: null, bridge: null, isOvs: false, hostDevice: null, directMode: null, model: 'virtio', link: 'up', vlan: null,
    bandwidth: { inbound: null, outbound: null }, isolatedPort: false, bootOrder: null, pciAddress: null, alias: null, target: null, ...more,
  });
  const pendings = (running: NicInXml[], next: NicInXml[] | null) => joinNics(running, next).map((item) => [item.mac, item.pending, item.next?.mac ?? null]);

  it('sees what the next boot adds, takes and changes', () => {
    expect(pendings([nic('1'), nic('2'), nic('3')], [nic('1'), nic('3', { model: 'e1000e' }), nic('4')]))
      .toEqual([['1', null, null], ['2', 'removed', null], ['3', 'changed', '3'], ['4', 'added', null]]);
    expect(pendings([nic('1')], null)).toEqual([['1', null, null]]);
  });

  it('takes what a network gave a running NIC for no change', () => {
    expect(pendings([nic('1', { type: 'bridge', bridge: 'ovs0', isOvs: true, vlan: { trunk: false, tags: [{ id: 10 }] } })], [nic('1')])).toEqual([['1', null, null]]);
    expect(pendings([nic('1', { type: 'bridge', network: null, bridge: 'br0' })], [nic('1', { type: 'bridge', network: null, bridge: 'br1' })])).toEqual([['1', 'changed', '1']]);
  });

  it('knows which pool a virtual function came from, which only the definition says', () => {
    const nicsOf = (name: string) => parseMachine(readFileSync(`test/fixtures/machine-documents/function-${name}.xml`, 'utf8')).nics;
    const [running, definition] = [nicsOf('running'), nicsOf('definition')];
    expect(running[1]).toMatchObject({ type: 'hostdev', network: null, hostDevice: '0000:03:10.0' });
    expect(joinNics(running, definition)[1]).toMatchObject({ type: 'hostdev', network: 'pool', hostDevice: '0000:03:10.0', pending: null, next: null });
    expect(joinNics(running, definition.map((nic) => ({ ...nic, model: 'e1000e' })))[1]).toMatchObject({ network: 'pool', pending: 'changed', next: { network: 'pool', model: 'e1000e' } });
    expect(joinNics(running, definition.slice(0, 1))[1]).toMatchObject({ network: null, pending: 'removed' });
  });

  it('knows a NIC with another MAC by its place, unless more is another', () => {
    const at = { pciAddress: '0000:01:00.0' };
    expect(pendings([nic('1', at)], [nic('2', at)])).toEqual([['1', 'changed', '2']]);
    expect(pendings([nic('1', at)], [nic('2', { ...at, network: 'b' })])).toEqual([['1', 'removed', null], ['2', 'added', null]]);
  });
});
