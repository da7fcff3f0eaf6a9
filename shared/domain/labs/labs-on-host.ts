import type { Network } from '../network';
import type { HostSnapshot } from '../snapshot';

/** The networks that a lab made on this host. */
export function networksOfLab(lab: string, { networks }: Pick<HostSnapshot, 'networks'>): Network[] {
  return networks.filter((network) => network.lab?.lab === lab);
}

/** The labs of this host by name, each with its networks. */
export function labsOnHost(snapshot: Pick<HostSnapshot, 'networks'>): { lab: string; networks: Network[] }[] {
  const names = [...new Set(snapshot.networks.flatMap((network) => network.lab?.lab ?? []))].sort();
  return names.map((lab) => ({ lab, networks: networksOfLab(lab, snapshot) }));
}

/** The switches that a lab made on this host, whether or not they are there now. */
export function switchesOfLab(lab: string, snapshot: Pick<HostSnapshot, 'networks'>): string[] {
  return networksOfLab(lab, snapshot).flatMap((network) => (network.lab?.madeSwitch && network.bridge ? [network.bridge.name] : []));
}
