import { shallowRef } from 'vue';
import type { Ref } from 'vue';
import type { HostProfile } from '../../../shared/domain/host';

export type HostDialogRequest = { mode: 'add' } | { mode: 'edit'; profile: HostProfile } | { mode: 'remove'; profile: HostProfile }
  /** A name for a new group of this host, or another name for a group. */
  | { mode: 'new-group'; profile: HostProfile } | { mode: 'rename-group'; group: string };

const request = shallowRef<HostDialogRequest | null>(null);

/** Asks for the dialog that adds, edits, groups or removes a host, from wherever; the shell shows it. */
export function useHostDialog(): { request: Ref<HostDialogRequest | null>; open(next: HostDialogRequest): void; close(): void } {
  return {
    request,
    open: (next) => { request.value = next; },
    close: () => { request.value = null; },
  };
}
