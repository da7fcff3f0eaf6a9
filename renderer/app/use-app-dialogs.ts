import { shallowRef } from 'vue';

const palette = shallowRef(false);
const shortcuts = shallowRef(false);
const settings = shallowRef(false);
const about = shallowRef(false);

/** The dialogs of the window itself, each open or not. */
export function useAppDialogs() {
  return { palette, shortcuts, settings, about };
}
