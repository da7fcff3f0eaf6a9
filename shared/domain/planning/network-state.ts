import type { NetworkState } from '../plan';
import type { PlanningContext } from './planning-context';

/** How the host has a network now; null when it has none of this UUID. */
export function stateOf(uuid: string, { snapshot, xmlOf }: Pick<PlanningContext, 'snapshot' | 'xmlOf'>): NetworkState | null {
  const network = snapshot.networks.find((item) => item.uuid === uuid);
  if (!network) return null;
  const xml = xmlOf(uuid);
  return {
    uuid, name: network.name, active: network.active, autostart: network.autostart, persistent: network.persistent,
    xml: oneLineBreakAtTheEnd((network.persistent ? xml?.persistent : xml?.running) ?? null),
  };
}

/** virsh prints one more than the document has. */
function oneLineBreakAtTheEnd(xml: string | null): string | null {
  return xml === null ? null : `${xml.trim()}\n`;
}
