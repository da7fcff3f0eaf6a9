import type { DropdownMenuItem } from '@nuxt/ui';
import type { ObjectMenu } from '../../ui/object-menu';
import type { Selection } from '../../stores/selection';
import type { MapNode } from './map-graph';

/**
 * The menu of a thing on the map: to look at it here, then what its table's row has. A bridge that several networks share has a menu for each
 * of them. Empty: there is nothing to do with it.
 */
export function mapMenu(node: MapNode, target: Selection | null, ofObject: ObjectMenu, choose: () => void): DropdownMenuItem[][] {
  if (node.kind === 'internet') return [];
  if (node.kind === 'group') return [[{ label: 'Show them', icon: 'i-lucide-unfold-vertical', onSelect: choose }]];
  const look: DropdownMenuItem[][] = target === null ? [] : [[{ label: 'Open here', icon: 'i-lucide-panel-right-open', onSelect: choose }]];
  if (node.kind === 'bridge' && node.networks.length > 1) {
    return [...look, node.networks.map(({ uuid, name }): DropdownMenuItem => ({ label: `Network ${name}`, icon: 'i-lucide-network', children: ofObject({ kind: 'network', uuid }) }))];
  }
  return [...look, ...target === null ? [] : ofObject(target)];
}
