import { isOwnVeth, type HostInterface } from '../../shared/domain/host-network';
import type { HostView } from '../../shared/domain/host';
import { hasRoot } from '../../shared/domain/snapshot';

const kinds: readonly HostInterface['kind'][] = ['physical', 'bond', 'vlan'];

/** Whether the guide could make a bridge of a device; its preflight has the last word. */
export const isConvertible = (device: HostInterface): boolean => (kinds.includes(device.kind) && device.controller === null) || isOwnVeth(device);

/** Why no NIC of a host can be converted now, in a sentence; null: one can. */
export function convertRefusal(host: HostView | null): string | null {
  if (host?.session.phase !== 'connected') return 'Connect to the host first';
  return hasRoot(host.session) ? null : 'Only root may change the host’s network';
}
