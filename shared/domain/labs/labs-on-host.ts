import type { Machine } from '../machine';
import type { Network } from '../network';
import type { HostSnapshot } from '../snapshot';
import { roleIn } from './role-in';

/** The networks that a lab made on this host. */
export function networksOfLab(lab: string, { networks }: Pick<HostSnapshot, 'networks'>): Network[] {
  return networks.filter((network) => network.lab?.lab === lab);
}

/** The machines that play a role in a lab on this host. */
export function machinesOfLab(lab: string, { machines }: Pick<HostSnapshot, 'machines'>): Machine[] {
  return machines.filter((machine) => roleIn(lab, machine) !== null);
}

/** The routers that a lab made on this host. */
export function routersOfLab(lab: string, { machines }: Pick<HostSnapshot, 'machines'>): Machine[] {
  return machines.filter((machine) => machine.labRouter?.lab === lab);
}

/** A lab of a host, as the marks on its networks and machines tell. */
export interface LabOfHost { lab: string; networks: Network[]; routers: Machine[]; machines: Machine[] }

/** The labs of this host by name. */
export function labsOnHost(snapshot: Pick<HostSnapshot, 'networks' | 'machines'>): LabOfHost[] {
  const names = [...snapshot.networks.flatMap((network) => network.lab?.lab ?? []), ...snapshot.machines.flatMap(({ labRoles, labRouter }) => [...labRoles, ...labRouter ? [labRouter] : []].map(({ lab }) => lab))];
  return [...new Set(names)].sort().map((lab) => ({ lab, networks: networksOfLab(lab, snapshot), routers: routersOfLab(lab, snapshot), machines: machinesOfLab(lab, snapshot) }));
}

/** The switches that a lab made on this host, whether or not they are there now. */
export function switchesOfLab(lab: string, snapshot: Pick<HostSnapshot, 'networks'>): string[] {
  return networksOfLab(lab, snapshot).flatMap((network) => (network.lab?.madeSwitch && network.bridge ? [network.bridge.name] : []));
}
