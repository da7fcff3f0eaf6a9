import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

/** What is to be done with a machine, as somebody asked for it from a table, an inspector, the map or the palette. */
export type MachineDialogRequest = { hostId: string } & (
  /** A new NIC for a machine; `network` is already chosen when it is not null. */
  | { mode: 'attach'; uuid: string; network: string | null }
  /** A NIC as it is, by its MAC. */
  | { mode: 'edit'; uuid: string; mac: string }
  /** A network is chosen, the machine not yet. */
  | { mode: 'plug-in'; network: string }
  | { mode: 'jump-box'; uuid: string }
  /** A role in a lab; `chosen` when it is known already which. */
  | { mode: 'role'; uuid: string; chosen: { lab: string; role: string } | null }
);

/**
 * The dialog about a machine. Screens ask for one with `open`; the shell shows it (features/machines/MachineDialogs.vue),
 * which calls `close`. One at a time.
 */
export const useMachineDialog = defineStore('machine-dialog', () => {
  const request = shallowRef<MachineDialogRequest | null>(null);

  function open(next: MachineDialogRequest): void {
    request.value = next;
  }

  function close(): void {
    request.value = null;
  }

  return { request, open, close };
});
