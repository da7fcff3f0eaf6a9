import type { NicSource } from '../machine-intent';
import type { NicSettings } from '../machine';

/**
 * Where a NIC's other end is, in words that are the same for the same place: `network default`, `network ovs, portgroup web`,
 * `bridge br0`, `macvtap on eno1 (bridge)`.
 */
export function placeOf(nic: Pick<NicSettings, 'type' | 'network' | 'portgroup' | 'bridge' | 'hostDevice' | 'directMode'>): string {
  if (nic.network !== null) return `network ${nic.network}${nic.portgroup === null ? '' : `, portgroup ${nic.portgroup}`}`;
  if (nic.type === 'direct') return `macvtap on ${nic.hostDevice ?? '?'} (${nic.directMode ?? 'vepa'})`;
  if (nic.type === 'hostdev') return `host device ${nic.hostDevice ?? '?'}`;
  if (nic.bridge !== null) return `bridge ${nic.bridge}`;
  return nic.type === 'user' ? 'user-mode networking' : nic.type;
}

/** The same of a source that is wanted. */
export function placeOfSource(source: NicSource): string {
  switch (source.kind) {
    case 'network': return placeOf({ type: 'network', network: source.network, portgroup: source.portgroup, bridge: null, hostDevice: null, directMode: null });
    case 'bridge': return placeOf({ type: 'bridge', network: null, portgroup: null, bridge: source.bridge, hostDevice: null, directMode: null });
    case 'direct': return placeOf({ type: 'direct', network: null, portgroup: null, bridge: null, hostDevice: source.device, directMode: source.mode });
  }
}
