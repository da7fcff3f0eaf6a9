import type { DropdownMenuItem } from '@nuxt/ui';
import type { InjectionKey } from 'vue';
import type { Selection } from '../stores/selection';

/** The entries of what can be done with a thing of the host, as in its table's row; empty: nothing. */
export type ObjectMenu = (subject: Selection) => DropdownMenuItem[][];

/** Features don't know each other: the shell, which knows them all, hands their menus to places that show things of every kind. */
export const objectMenuKey: InjectionKey<ObjectMenu> = Symbol('object menu');
