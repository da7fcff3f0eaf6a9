import { describe, expect, it } from 'vitest';
import { explainProbe, parseProbeResults, probeNetworksCommand } from '../../electron/commands/probes/probe-networks';
import type { Probe, ProbeTry } from '../../shared/domain/labs/connectivity/probe-plan';
import { natXml } from './contract-host';
import type { ContractSession } from './contract-host';

const ovs = 'nwcovs';
const port = 47077;
const probe = (n: number, more: Partial<Probe>): Probe => ({
  n, role: 'first', kind: 'linux', device: 'nwcbr0', mtu: 1500, wireAddress: `198.18.0.${n + 1}`, addresses: [], prefix: null, gateway: null, routes: [], tag: null, options: [], ...more,
});
const onNat = { addresses: ['10.111.1.250', '10.111.1.249'], prefix: 24, gateway: '10.111.1.1' };
const onRouted = { device: 'nwcbr2', addresses: ['10.111.3.250'], prefix: 24, gateway: '10.111.3.1' };

const probes: Probe[] = [
  probe(0, onNat), probe(1, { ...onNat, addresses: ['10.111.1.248'], options: ['isolated'] }), probe(2, { ...onNat, addresses: ['10.111.1.247'], options: ['isolated'] }),
  probe(3, onRouted), probe(4, { device: 'nwcbr3' }), probe(5, { device: 'nwcbr3' }), probe(6, { device: 'nwcnone' }),
  probe(7, { kind: 'ovs', device: ovs, options: ['tag=10'] }), probe(8, { kind: 'ovs', device: ovs, options: ['tag=10'] }), probe(9, { kind: 'ovs', device: ovs, options: ['tag=20'] }),
  probe(10, { kind: 'ovs', device: ovs, options: ['vlan_mode=native-untagged', 'tag=10', 'trunks=10,20'] }),
];

/** From, to, and whether a connection and pings get there. */
const tries: [from: number | 'host', to: ProbeTry['to'], ports: number[], outcome: Record<string, unknown>][] = [
  [0, { probe: 1, wire: false }, [port], { tcp: [[port, 'open']], ping: true }],
  [1, { probe: 0, wire: true }, [port], { tcp: [[port, 'open']], ping: true }],
  [1, { probe: 2, wire: false }, [port], { connected: false, ping: false }],
  [0, { probe: 3, wire: false }, [port], { tcp: [[port, 'open']], ping: true }],
  [3, { probe: 0, wire: false }, [port], { tcp: [[port, 'refused']], ping: false }],
  [4, { probe: 5, wire: true }, [port], { tcp: [[port, 'open']], ping: true }],
  [0, { probe: 4, wire: true }, [port], { connected: false, ping: false }],
  [0, { address: '10.111.1.1' }, [53], { tcp: [[53, 'open']], ping: true }],
  [4, { address: '10.111.1.1' }, [53], { connected: false, ping: false }],
  ['host', { probe: 0, wire: false }, [port], { tcp: [[port, 'open']], ping: true }],
  [7, { probe: 8, wire: true }, [port], { tcp: [[port, 'open']], ping: true }],
  [7, { probe: 9, wire: true }, [port], { connected: false, ping: false }],
  [7, { probe: 10, wire: true }, [port], { tcp: [[port, 'open']], ping: true }],
];

export function describeProbes(current: () => ContractSession): void {
  describe('a connectivity test', () => {
    it('has probes reach whom their networks let them reach', async () => {
      const session = current();
      const routed = natXml('nwc-b', { bridge: 'nwcbr2', subnet: '10.111.3' }).replace(/mode=(['"])nat\1/, 'mode=\'route\'');
      for (const xml of [natXml('nwc-a'), routed, '<network><name>nwc-c</name><bridge name="nwcbr3" stp="off"/></network>']) await session.define(xml);
      for (const name of ['nwc-a', 'nwc-b', 'nwc-c']) await session.virsh(['net-start', name]);
      await session.run('ovs-vsctl', 'add-br', ovs, '--', 'set', 'bridge', ovs, 'datapath_type=netdev');
      const command = probeNetworksCommand({ probes, waits: [{ n: 0, from: 4, address: '10.111.9.9', port: null, seconds: 1 }], tries: tries.map(([from, to, ports], n) => ({ n, from, to, ports })), settleSeconds: 15, limitSeconds: 60 });
      const result = await session.runner.run(command, { timeoutMs: 70_000 });
      expect(explainProbe(result, command)).toBeNull();
      const results = parseProbeResults(result.stdout);
      expect([...results.probes].filter(([, { state }]) => state !== 'up').map(([n, { state }]) => [n, state])).toEqual([[6, 'failed']]);
      expect(results.probes.get(0)).toEqual({ state: 'up', address: '10.111.1.250' });
      expect([...results.waits]).toEqual([[0, false]]);
      const seen = tries.map(([, , , outcome], n) => {
        const { tcp, ping } = results.tries.get(n) ?? { tcp: new Map(), ping: null };
        return 'connected' in outcome ? { connected: [...tcp.values()].includes('open'), ping } : { tcp: [...tcp], ping };
      });
      expect(seen).toEqual(tries.map(([, , , outcome]) => outcome));
    }, 90_000);
  });
}
