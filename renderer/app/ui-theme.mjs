// @ts-check
/**
 * Nuxt UI's theme: colours, icons and component classes. A plain module, because the bundler reads it too.
 * Heights: 26 px for buttons, 28 px for fields; 24 px is the least size of a target (WCAG 2.2, 2.5.8).
 * The tokens behind the names (primary, elevated, …) are in theme.css.
 */

const focusRing = 'outline-primary focus-visible:outline-2 focus-visible:outline-offset-1';
const field = 'h-7 px-2 py-0 text-sm/5';
const floating = 'ring-line-2 shadow-md shadow-black/10';
/** A menu is gone as soon as something is chosen: while it faded, a second Enter would choose the same again. */
const menu = `${floating} data-[state=closed]:animate-none`;
const menuItem = 'text-sm/5 py-1 px-2 gap-2';
const menuIcon = 'size-4 mt-0.5';

/** @type {NonNullable<import('@nuxt/ui/vite').NuxtUIOptions['ui']>} */
export const uiTheme = {
  colors: { primary: 'copper', secondary: 'graphite', success: 'green', info: 'sky', warning: 'amber', error: 'red', neutral: 'graphite' },
  button: {
    slots: { base: `${focusRing} whitespace-nowrap shrink-0` },
    variants: {
      size: {
        sm: { base: 'h-6 px-2 py-0 text-xs gap-1', leadingIcon: 'size-3.5', trailingIcon: 'size-3.5' },
        md: { base: 'h-[26px] px-3 py-0 text-sm gap-1.5', leadingIcon: 'size-4', trailingIcon: 'size-4' },
        lg: { base: 'h-8 px-4 py-0 text-sm gap-2', leadingIcon: 'size-4', trailingIcon: 'size-4' },
      },
    },
    compoundVariants: [
      { size: 'sm', square: true, class: 'p-0 w-6 justify-center' },
      { size: 'md', square: true, class: 'p-0 w-[26px] justify-center' },
      { color: 'primary', variant: 'solid', class: 'hover:bg-[var(--accent-2)] active:bg-[var(--accent-2)]' },
      { color: 'neutral', variant: 'outline', class: 'hover:bg-[var(--hover)] active:bg-sunk' },
      { color: 'neutral', variant: 'ghost', class: 'text-ink-2 hover:text-ink hover:bg-[var(--hover)] active:bg-sunk' },
      { color: 'neutral', variant: 'solid', class: 'text-panel' },
    ],
  },
  input: { slots: { root: 'w-full', base: field }, variants: { size: { md: { base: field, leadingIcon: 'size-4', trailingIcon: 'size-4' } } } },
  inputNumber: { slots: { root: 'w-full', base: field } },
  textarea: { slots: { root: 'w-full', base: 'px-2 py-1 text-sm/5' }, variants: { size: { md: { base: 'px-2 py-1 text-sm/5' } } } },
  select: {
    slots: { base: `${field} w-full`, content: floating },
    variants: { size: { md: { base: field, item: menuItem, trailingIcon: 'size-4', leadingIcon: 'size-4', itemTrailingIcon: 'size-4' } } },
  },
  selectMenu: {
    slots: { base: `${field} w-full`, content: floating },
    variants: { size: { md: { base: field, item: menuItem, trailingIcon: 'size-4', leadingIcon: 'size-4', itemTrailingIcon: 'size-4' } } },
  },
  formField: {
    slots: { error: 'mt-1 text-xs text-bad', help: 'mt-1 text-xs', description: 'text-xs', hint: 'text-xs', label: 'font-medium' },
  },
  checkbox: { slots: { base: focusRing, label: 'font-normal', description: 'text-xs' } },
  radioGroup: { slots: { legend: 'font-medium', label: 'font-normal', description: 'text-xs' } },
  switch: {
    slots: { base: `${focusRing} data-[state=unchecked]:bg-line-2`, label: 'font-normal', description: 'text-xs' },
    variants: { size: { md: { base: 'w-8', container: 'h-5', thumb: 'size-3.5 data-[state=checked]:translate-x-3 data-[state=checked]:rtl:-translate-x-3' } } },
  },
  modal: {
    slots: {
      overlay: 'bg-black/40', content: 'divide-line', header: 'px-4 sm:px-4 py-0 min-h-11', title: 'text-lg font-semibold', description: 'mt-0 text-sm',
      body: 'p-4 sm:p-4', footer: 'px-4 sm:px-4 py-2.5 gap-2 justify-end', close: 'top-2 end-2',
    },
    variants: { fullscreen: { false: { content: `w-[calc(100vw-2rem)] max-w-lg rounded-md shadow-xl shadow-black/20 ring-line-2` } }, overlay: { true: { overlay: 'bg-black/40' } } },
  },
  tooltip: { slots: { content: `h-auto min-h-6 py-1 px-2 max-w-80 ${floating}`, text: 'text-xs whitespace-pre-line overflow-visible' } },
  popover: { slots: { content: floating } },
  dropdownMenu: { slots: { content: menu }, variants: { size: { md: { item: menuItem, label: 'text-xs px-2 py-1 font-medium text-ink-3', itemLeadingIcon: menuIcon, itemTrailingIcon: menuIcon } } } },
  contextMenu: { slots: { content: menu }, variants: { size: { md: { item: menuItem, label: 'text-xs px-2 py-1 font-medium text-ink-3', itemLeadingIcon: menuIcon, itemTrailingIcon: menuIcon } } } },
  commandPalette: {
    slots: { viewport: 'focus-visible:outline-none' },
    variants: { size: { md: { input: '[&>input]:h-10 [&>input]:text-lg', item: 'text-sm/5 py-1 px-2 gap-2', label: 'text-xs p-2 pb-0.5 font-medium text-ink-3', itemLeadingIcon: menuIcon, itemTrailingIcon: 'size-4 mt-0.5', empty: 'py-6 text-sm' } } },
  },
  kbd: { base: 'font-mono text-[11px] rounded-sm text-ink-3 ring-line-2' },
  tabs: {
    slots: { trigger: `${focusRing} font-normal`, content: 'focus-visible:outline-2' },
    variants: { size: { md: { trigger: 'px-3 h-7 py-0 text-sm gap-1.5', leadingIcon: 'size-4' } } },
  },
  alert: { slots: { root: 'rounded-md p-3 gap-2.5', icon: 'size-4 mt-0.5', title: 'text-sm font-medium', description: 'text-sm opacity-100' } },
  toast: { slots: { root: `rounded-md p-3 gap-2.5 ${floating}`, icon: 'size-4 mt-0.5', description: 'text-sm selectable', progress: 'hidden' } },
  badge: { variants: { size: { md: { base: 'text-xs px-1.5 py-0 rounded-sm font-medium' } } } },
};
