import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

/** A document on its way into the XML editor: imported, or a copy of another network. */
export interface XmlDraft {
  id: string;
  hostId: string;
  /** Of the network it will be; one that is there, where the document is to replace its definition. */
  uuid: string;
  xml: string;
  /** Where it comes from, for the editor's heading: `lab.xml`, `a copy of default`. */
  origin: string;
}

/** A file, or something pasted, that waits in the import dialog; `problem`: why it has no text. */
export interface ImportedFile { name: string; text: string | null; problem: string | null }

/** Documents that are not on any host yet. They last as long as the window. */
export const useXmlDrafts = defineStore('xml-drafts', () => {
  const drafts = new Map<string, XmlDraft>();
  /** Waiting to be imported, by host. */
  const files = shallowRef<ReadonlyMap<string, readonly ImportedFile[]>>(new Map());

  function add(draft: Omit<XmlDraft, 'id'>): XmlDraft {
    const added = { ...draft, id: crypto.randomUUID() };
    drafts.set(added.id, added);
    return added;
  }

  return {
    files, add,
    of: (id: string): XmlDraft | null => drafts.get(id) ?? null,
    filesOf: (hostId: string): readonly ImportedFile[] => files.value.get(hostId) ?? [],
    setFiles(hostId: string, waiting: readonly ImportedFile[]): void {
      files.value = new Map([...files.value, [hostId, waiting]]);
    },
  };
});
