import type { HostSnapshot } from '../../../shared/domain/snapshot';
import type { Selection } from '../../stores/selection';
import type { MapNode } from './map-graph';

/** What the inspector shows for a node: a bridge with one network is that network, for people think in networks. */
export function selectionOf(node: MapNode, snapshot: HostSnapshot): Selection | null {
  switch (node.kind) {
    case 'nic': return { kind: 'interface', name: node.name };
    case 'machine': return { kind: 'machine', uuid: node.uuid };
    case 'bridge':
      if (node.networks.length === 1) return { kind: 'network', uuid: node.networks[0]!.uuid };
      if (snapshot.ovsBridges.some((bridge) => bridge.name === node.name)) return { kind: 'ovs-bridge', name: node.name };
      return snapshot.interfaces.some((candidate) => candidate.name === node.name) ? { kind: 'interface', name: node.name } : null;
    case 'internet': case 'group': return null;
  }
}
