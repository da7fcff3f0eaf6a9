import type { AttachedDraft } from './attached-draft';

/** What is lost by leaving: the parts of a draft that differ from what it began as, in words. Empty: nothing was changed. */
export function describeLoss(draft: AttachedDraft, original: AttachedDraft): string[] {
  const differs = (...fields: (keyof AttachedDraft)[]): boolean => fields.some((field) => JSON.stringify(draft[field]) !== JSON.stringify(original[field]));
  const lost: string[] = [];
  if (differs('name')) lost.push(`the name “${draft.name}”`);
  if (differs('title', 'description')) lost.push('title and description');
  if (differs('place', 'moreDevices', 'createBridge', 'newBridge')) lost.push(`the choice of ${draft.createBridge ? draft.newBridge : draft.place}`);
  if (differs('portgroups')) lost.push(draft.portgroups.length === 1 ? '1 portgroup' : `${draft.portgroups.length} portgroups`);
  if (differs('vlan')) lost.push('the VLAN of the network');
  if (differs('mode', 'isolatedPorts', 'datapath', 'stp', 'managed', 'autostart', 'start')) lost.push('the options');
  return lost;
}
