import { ref, shallowRef } from 'vue';

/** Where a menu stands (an element, or a point as a rectangle of no size), and what gets the focus back when it closes. */
export interface MenuPlace {
  reference: HTMLElement | { getBoundingClientRect(): DOMRect };
  focus: HTMLElement;
}

/**
 * A row's menu, by its button and by the right mouse button or the keyboard's menu key. `place` is null until it is first
 * wanted: RailMenu.vue is loaded and built then, and the window's first picture goes without.
 */
export function useRailMenu() {
  const place = shallowRef<MenuPlace | null>(null);
  const isOpen = ref(false);

  function show(next: MenuPlace): void {
    place.value = next;
    isOpen.value = true;
  }

  /** For `contextmenu`; `focus`: what the row is focused by. */
  function openAt(event: MouseEvent, focus: HTMLElement): void {
    event.preventDefault();
    const point = new DOMRect(event.clientX, event.clientY, 0, 0);
    show({ reference: { getBoundingClientRect: () => point }, focus });
  }

  /** For a button's `click`. */
  function toggleBeside(button: HTMLElement): void {
    if (isOpen.value && place.value?.reference === button) isOpen.value = false;
    else show({ reference: button, focus: button });
  }

  return { place, isOpen, openAt, toggleBeside };
}
