/**
 * For the `content` of dialogs in which something is typed or decided: a click beside them throws nothing away. Escape
 * does what Cancel does (WAI-ARIA dialog pattern).
 */
export const keepOnOutsideClick = { onInteractOutside: (event: Event): void => event.preventDefault() };
