import { describe, expect, it } from 'vitest';
import { address, defaultXml, makeInterface, makeNetwork, makeSnapshot } from '../../test/fakes/snapshot-fixture';
import { attachedKinds } from './network-kinds';
import type { AttachedSpec } from './attached-spec';
import type { AttachedKind } from './network-kinds';
import { attachCandidates } from './attach-candidates';
import { nothingToAttach, proposeAttached } from './propose-attached';
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

const propose = (kind: AttachedKind, snapshot: HostSnapshot = rich): AttachedSpec => proposeAttached(kind, { snapshot });

describe('proposeAttached', () => {
  it('says of every bridge what it is, and why not', () => {
    const candidates = attachCandidates('bridged', rich);
    expect(propose('bridged')).toMatchObject({ name: 'lan-2', bridge: 'br0' });
    expect(candidates).toEqual([
      { name: 'docker0', facts: 'no NIC, no address of the host', refusal: expect.stringMatching(/^docker0 is Docker’s/), caution: expect.stringMatching(/^No NIC/) },
      { name: 'virbr0', facts: 'no NIC, subnet 192.168.122.0/24', refusal: 'virbr0 belongs to libvirt’s network “default”: plug machines into that network itself.', caution: expect.any(String) },
      { name: 'br0', facts: 'uplink enp1s0, LAN 10.0.0.0/24, used by lan', refusal: null, caution: null },
    ]);
  });

  it('takes the first NIC that is free, and a card with functions', () => {
    expect(propose('macvtap')).toMatchObject({ devices: ['enp2s0'], mode: 'bridge' });
    expect(attachCandidates('macvtap', rich)[0]).toMatchObject({ name: 'enp1s0', refusal: expect.stringMatching(/port of br0/) });
    expect(propose('sriov')).toMatchObject({ device: 'enp2s0' });
    expect(attachCandidates('sriov', rich)).toMatchObject([{ facts: '8 virtual functions, no address of the host' }]);
  });

  it('makes a switch along where there is none', () => {
    expect(propose('ovs')).toMatchObject({ bridge: 'ovsbr0', createBridge: { datapath: 'system' } });
    const withSwitch = { ...rich, ovsBridges: [{ name: 'sw0', datapathType: '', failMode: null, stp: false, ports: [], problem: null }] };
    expect(propose('ovs', withSwitch)).toMatchObject({ bridge: 'sw0', createBridge: null });
  });

  it.each(attachedKinds)('proposes a %s network that passes its own rules', (kind) => {
    expect(validateAttachedSpec(propose(kind), { snapshot: rich, used: [], uuid: null })).toEqual([]);
  });

  it('says what is missing', () => {
    const bare = makeSnapshot({ interfaces: [makeInterface('eno1', { controller: 'bond0' }), makeInterface('bond0', { kind: 'other' })] });
    expect(nothingToAttach('bridged', bare)).toEqual({ inHealth: false, text: expect.stringMatching(/guided conversion/) });
    expect(() => propose('bridged', bare)).toThrow(/guided conversion/);
    expect(nothingToAttach('macvtap', bare)).toMatchObject({ inHealth: false });
    expect(nothingToAttach('ovs', bare)).toMatchObject({ inHealth: true });
    expect(nothingToAttach('sriov', bare)).toMatchObject({ text: expect.stringMatching(/sriov_numvfs/) });
  });
});
