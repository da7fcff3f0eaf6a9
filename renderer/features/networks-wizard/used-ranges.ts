import type { UsedRange } from '../../../shared/domain/used-range';

/** One line per range with everybody who uses it, in the order they were found. A network being edited is left out. */
export function groupUsedRanges(used: readonly UsedRange[], editedUuid: string | null): { cidr: string; owners: string; kind: UsedRange['kind'] }[] {
  const lines = new Map<string, { cidr: string; owners: string; kind: UsedRange['kind'] }>();
  for (const range of used) {
    if (editedUuid !== null && range.networkUuid === editedUuid) continue;
    const known = lines.get(range.cidr);
    if (!known) lines.set(range.cidr, { cidr: range.cidr, owners: range.owner, kind: range.kind });
    else known.owners = joinOwners(known.owners, range.owner);
  }
  return [...lines.values()];
}

/** “default on attic” and “default on basement” are “default on attic, basement”. */
function joinOwners(known: string, owner: string): string {
  const parts = known.split('; ');
  if (parts.includes(owner)) return known;
  const [, what = ''] = /^(.*? (?:on|of) )/.exec(owner) ?? [];
  const same = parts.findIndex((part) => what !== '' && part.startsWith(what));
  if (same === -1) return [...parts, owner].join('; ');
  const host = owner.slice(what.length);
  if (!parts[same]!.slice(what.length).split(', ').includes(host)) parts[same] += `, ${host}`;
  return parts.join('; ');
}
