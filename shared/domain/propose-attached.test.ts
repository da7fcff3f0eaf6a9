import { describe, expect, it } from 'vitest';
import { address, defaultXml, makeInterface, makeNetwork, makeSnapshot } from '../../test/fakes/snapshot-fixture';
import { attachedKindSchema } from './attached-spec';
import { proposeAttached } from './propose-attached';
import type { HostSnapshot } from './snapshot';
import { validateAttachedSpec } from './validate-attached-spec';

const bridge = { stp: false, forwardDelaySeconds: 0, vlanFiltering: false };
const base = makeSnapshot();
const rich: HostSnapshot = makeSnapshot({
  system: { ...base.system, ovsVersion: '3.1.0' },
  networks: [makeNetwork(defaultXml), makeNetwork('<network><name>lan</name><uuid>1</uuid><forward mode="bridge"/><bridge name="br0"/></network>')],
  interfaces: [
    makeInterface('docker0', { kind: 'bridge', bridge }), makeInterface('virbr0', { kind: 'bridge', bridge, addresses: [address('192.168.122.1/24')] }),
    makeInterface('enp1s0', { controller: 'br0' }), makeInterface('enp2s0', { virtualFunctions: 8 }), makeInterface('br0', { kind: 'bridge', bridge, addresses: [address('10.0.0.5/24')] }),
  ],
  routes: [{ ...base.routes[0]!, device: 'br0' }],
});

describe('proposeAttached', () => {
  it('says of every bridge what it is, and why not', () => {
    const { spec, candidates } = proposeAttached('bridged', rich);
    expect(spec).toMatchObject({ name: 'lan-2', bridge: 'br0' });
    expect(candidates).toEqual([
      { name: 'docker0', facts: 'no NIC, no address of the host', refusal: expect.stringMatching(/^docker0 is Docker’s/), caution: expect.stringMatching(/^No NIC/) },
      { name: 'virbr0', facts: 'no NIC, subnet 192.168.122.0/24', refusal: 'virbr0 belongs to libvirt’s network “default”: plug machines into that network itself.', caution: expect.any(String) },
      { name: 'br0', facts: 'uplink enp1s0, LAN 10.0.0.0/24, used by lan', refusal: null, caution: null },
    ]);
  });

  it('takes the first NIC that is free, and a card with functions', () => {
    expect(proposeAttached('macvtap', rich).spec).toMatchObject({ devices: ['enp2s0'], mode: 'bridge' });
    expect(proposeAttached('macvtap', rich).candidates[0]).toMatchObject({ name: 'enp1s0', refusal: expect.stringMatching(/port of br0/) });
    expect(proposeAttached('sriov', rich)).toMatchObject({ spec: { device: 'enp2s0' }, candidates: [{ facts: '8 virtual functions, no address of the host' }] });
  });

  it('makes a switch along where there is none', () => {
    expect(proposeAttached('ovs', rich).spec).toMatchObject({ bridge: 'ovsbr0', createBridge: { datapath: 'system' } });
    const withSwitch = { ...rich, ovsBridges: [{ name: 'sw0', datapathType: '', failMode: null, stp: false, ports: [], problem: null }] };
    expect(proposeAttached('ovs', withSwitch).spec).toMatchObject({ bridge: 'sw0', createBridge: null });
  });

  it.each(attachedKindSchema.options)('proposes a %s network that passes its own rules', (kind) => {
    const { spec } = proposeAttached(kind, rich);
    if (!spec) throw new Error('nothing was proposed');
    expect(validateAttachedSpec(spec, { snapshot: rich, uuid: null })).toEqual([]);
  });

  it('says what is missing', () => {
    const bare = makeSnapshot({ interfaces: [makeInterface('eno1', { controller: 'bond0' }), makeInterface('bond0', { kind: 'other' })] });
    expect(proposeAttached('bridged', bare)).toMatchObject({ spec: null, missing: { inHealth: false, text: expect.stringMatching(/guided conversion/) } });
    expect(proposeAttached('macvtap', bare)).toMatchObject({ spec: null });
    expect(proposeAttached('ovs', bare)).toMatchObject({ spec: null, missing: { inHealth: true } });
    expect(proposeAttached('sriov', bare)).toMatchObject({ spec: null, missing: { text: expect.stringMatching(/sriov_numvfs/) } });
  });
});
