import { defineStore } from 'pinia';

/** A lab file on its way into the editor. */
export interface LabDraft {
  id: string;
  hostId: string;
  text: string;
  /** Where it comes from, for the editor's heading: `office.yaml`, `a copy of ceph`. */
  origin: string;
}

/** Lab files that are no lab of any host yet. They last as long as the window. */
export const useLabDrafts = defineStore('lab-drafts', () => {
  const drafts = new Map<string, LabDraft>();

  function add(draft: Omit<LabDraft, 'id'>): LabDraft {
    const added = { ...draft, id: crypto.randomUUID() };
    drafts.set(added.id, added);
    return added;
  }

  return { add, of: (id: string): LabDraft | null => drafts.get(id) ?? null };
});
