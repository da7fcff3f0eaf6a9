import { isMap } from 'yaml';
import type { Pair, YAMLMap } from 'yaml';
import type { ConversionFacts } from '../facts';
import { keyOf, mapIn } from './netplan-file';
import type { NetplanFile } from './netplan-file';

/** Keys about the device itself; they stay. Source: netplan-yaml. */
export const deviceKeys = new Set([
  'match', 'set-name', 'mtu', 'wakeonlan', 'macaddress', 'openvswitch', 'emit-lldp', 'activation-mode', 'interfaces', 'parameters', 'id', 'link',
  'receive-checksum-offload', 'transmit-checksum-offload', 'tcp-segmentation-offload', 'tcp6-segmentation-offload', 'generic-segmentation-offload',
  'generic-receive-offload', 'large-receive-offload', 'virtual-function-count', 'embedded-switch-mode', 'delay-virtual-functions-rebind', 'infiniband-mode',
]);
/** Keys about addresses and routes; the bridge has them from now on. */
export const addressKeys = new Set([
  'dhcp4', 'dhcp6', 'dhcp-identifier', 'dhcp4-overrides', 'dhcp6-overrides', 'accept-ra', 'ra-overrides', 'addresses', 'optional-addresses', 'ipv6-address-generation',
  'ipv6-address-token', 'ipv6-privacy', 'ipv6-mtu', 'gateway4', 'gateway6', 'nameservers', 'routes', 'routing-policy', 'link-local', 'critical', 'ignore-carrier', 'neigh-suppress',
]);
/** Keys that both need. */
export const sharedKeys = new Set(['renderer', 'optional']);

/** Kinds of devices that can be a bridge's port. */
export const sections = ['ethernets', 'bonds', 'vlans'];

/** What netplan calls the device: it names the files that it writes by it. */
export function netplanId(facts: ConversionFacts, nic: string): string {
  const file = facts.networkd[nic]?.file ?? '';
  const profile = facts.networkManager[nic]?.file ?? '';
  return /\/\d+-netplan-([^/]+)\.network$/.exec(file)?.[1] ?? /\/netplan-([^/]+)\.nmconnection$/.exec(profile)?.[1] ?? nic;
}

export const networkOf = (file: NetplanFile): YAMLMap | undefined => mapIn(file, isMap(file.document.contents) ? file.document.contents : undefined, 'network');

export function entryOf(file: NetplanFile, section: string, id: string): Pair | undefined {
  const pair = mapIn(file, networkOf(file), section)?.items.find((item) => keyOf(item) === id);
  // Refuses what is no mapping.
  if (pair) mapIn(file, mapIn(file, networkOf(file), section), id);
  return pair;
}
