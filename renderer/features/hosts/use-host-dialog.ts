import { shallowRef } from 'vue';
import type { Ref } from 'vue';
import type { HostProfile } from '../../../shared/domain/host';

export type HostDialogRequest = { mode: 'add' } | { mode: 'edit'; profile: HostProfile } | { mode: 'remove'; profile: HostProfile };

const request = shallowRef<HostDialogRequest | null>(null);

/** Asks for the dialog that adds, edits or removes a host, from wherever; the shell shows it. */
export function useHostDialog(): { request: Ref<HostDialogRequest | null>; open(next: HostDialogRequest): void; close(): void } {
  return {
    request,
    open: (next) => { request.value = next; },
    close: () => { request.value = null; },
  };
}
