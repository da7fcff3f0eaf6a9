import type { NicDraft } from './nic-draft';

/** The parts of a NIC that change as one: a network and its port group are one choice. */
const parts: { name: string; fields: readonly (keyof NicDraft)[] }[] = [
  { name: 'where it is plugged in', fields: ['source', 'network', 'portgroup', 'bridge', 'device', 'mode'] },
  { name: 'its MAC', fields: ['mac'] },
  { name: 'its model', fields: ['model'] },
  { name: 'its link', fields: ['linkUp'] },
  { name: 'its bandwidth', fields: ['inbound', 'outbound'] },
];

const pick = (draft: NicDraft, fields: readonly (keyof NicDraft)[]): string => JSON.stringify(fields.map((field) => draft[field]));

/** What differs between two states of a NIC, in words. The extent is no part of the NIC. */
export const draftDifferences = (a: NicDraft, b: NicDraft): string[] => parts.filter(({ fields }) => pick(a, fields) !== pick(b, fields)).map(({ name }) => name);

/** The host's new state with what the user changed on top: a three-way merge, part by part. `mine` wins where both changed. */
export function mergeDrafts(base: NicDraft, mine: NicDraft, theirs: NicDraft): NicDraft {
  const merged: NicDraft = { ...theirs, extent: mine.extent };
  for (const { fields } of parts) {
    if (pick(base, fields) !== pick(mine, fields)) Object.assign(merged, Object.fromEntries(fields.map((field) => [field, mine[field]])));
  }
  return merged;
}
