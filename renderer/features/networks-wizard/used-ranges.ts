import type { UsedRange } from '../../../shared/domain/nat-spec';

/** One line per range with everybody who uses it, in the order they were found. A network being edited is left out. */
export function groupUsedRanges(used: readonly UsedRange[], editedUuid: string | null): { cidr: string; owners: string; kind: UsedRange['kind'] }[] {
  const lines = new Map<string, { cidr: string; owners: string; kind: UsedRange['kind'] }>();
  for (const range of used) {
    if (editedUuid !== null && range.networkUuid === editedUuid) continue;
    const known = lines.get(range.cidr);
    if (!known) lines.set(range.cidr, { cidr: range.cidr, owners: range.owner, kind: range.kind });
    else if (!known.owners.split(', ').includes(range.owner)) known.owners += `, ${range.owner}`;
  }
  return [...lines.values()];
}
