import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

/** What the inspector shows. Names identify interfaces and switches, as in the kernel and in Open vSwitch. */
export type Selection =
  | { kind: 'network'; uuid: string }
  | { kind: 'machine'; uuid: string }
  | { kind: 'interface'; name: string }
  | { kind: 'ovs-bridge'; name: string };

export function isSameSelection(a: Selection | null, b: Selection | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The one selected thing of the host in view, shared by tables, map and inspector. */
export const useSelection = defineStore('selection', () => {
  const selected = shallowRef<Selection | null>(null);

  function select(next: Selection | null): void {
    selected.value = next;
  }

  const isSelected = (candidate: Selection): boolean => isSameSelection(selected.value, candidate);

  return { selected, select, isSelected };
});
