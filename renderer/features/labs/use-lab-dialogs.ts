import { shallowRef } from 'vue';
import type { ShallowRef } from 'vue';

/** What is asked for over the page of labs: a clone's name, or which networks a file is made of. */
export type LabDialog = { hostId: string } & ({ kind: 'clone'; lab: string } | { kind: 'from-networks' });

const dialog = shallowRef<LabDialog | null>(null);

export function useLabDialogs(): ShallowRef<LabDialog | null> {
  return dialog;
}
