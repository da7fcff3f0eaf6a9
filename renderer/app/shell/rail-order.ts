import type { HostView } from '../../../shared/domain/host';

/** Hosts under one heading. `null`: those in no group, which stand before all headings. */
export interface RailSection {
  group: string | null;
  hosts: HostView[];
}

const isMovable = (host: HostView): boolean => host.profile.connection.kind !== 'practice';

/** The rail's sections: hosts without a group, then the groups in the order of their first hosts. The practice host is in none. */
export function railSections(hosts: readonly HostView[]): RailSection[] {
  const sections = new Map<string | null, HostView[]>([[null, []]]);
  for (const host of hosts.filter(isMovable)) {
    const { group } = host.profile;
    sections.set(group, [...sections.get(group) ?? [], host]);
  }
  return [...sections].map(([group, members]) => ({ group, hosts: members }));
}

const idsOf = (sections: readonly RailSection[]): string[] => sections.flatMap((section) => section.hosts.map((host) => host.profile.id));

function swapped<T>(list: readonly T[], at: number, by: 1 | -1): T[] | null {
  const [one, other] = [list[at], list[at + by]];
  if (one === undefined || other === undefined) return null;
  return list.map((item, index) => (index === at ? other : index === at + by ? one : item));
}

/** The order with a host one place up or down among those of its group; null where it can't go on. */
export function moveHost(hosts: readonly HostView[], hostId: string, by: 1 | -1): string[] | null {
  const sections = railSections(hosts);
  const section = sections.find((candidate) => candidate.hosts.some((host) => host.profile.id === hostId));
  const members = section && swapped(section.hosts, section.hosts.findIndex((host) => host.profile.id === hostId), by);
  return members ? idsOf(sections.map((candidate) => (candidate === section ? { ...candidate, hosts: members } : candidate))) : null;
}

/** The order with a group, as a whole, one place up or down among the groups; null where it can't go on. */
export function moveGroup(hosts: readonly HostView[], group: string, by: 1 | -1): string[] | null {
  const [ungrouped, ...groups] = railSections(hosts);
  const moved = swapped(groups, groups.findIndex((section) => section.group === group), by);
  return moved && idsOf([ungrouped!, ...moved]);
}

/** Where a dragged host would go: before another one, or (`null`) to the end of a section. */
export interface DropPlace {
  group: string | null;
  beforeId: string | null;
}

/** The order with a host dropped there. Its group is the place's; null when that is where it was. */
export function dropHost(hosts: readonly HostView[], hostId: string, place: DropPlace): string[] | null {
  const dragged = hosts.find((host) => host.profile.id === hostId);
  if (!dragged || place.beforeId === hostId) return null;
  const sections = railSections(hosts).map((section) => ({ ...section, hosts: section.hosts.filter((host) => host !== dragged) }));
  const target = sections.find((section) => section.group === place.group);
  if (!target) return null;
  const at = target.hosts.findIndex((host) => host.profile.id === place.beforeId);
  target.hosts.splice(at < 0 ? target.hosts.length : at, 0, dragged);
  const order = idsOf(sections);
  const isSame = dragged.profile.group === place.group && order.join() === idsOf(railSections(hosts)).join();
  return isSame ? null : order;
}
