const frame = (): Promise<void> => new Promise((resolve) => { requestAnimationFrame(() => resolve()); });

/** Timers of the same delay come in the order they were set. */
const turn = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve, 0); });

const isObstructed = (): boolean => document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;

/**
 * Resolves when no menu or dialog is open and the last one has given the focus back to where it came from. Who takes the
 * focus sooner loses it again: a menu gives it back in a timer of its own, set when it left the page.
 */
export async function whenUnobstructed(): Promise<void> {
  while (isObstructed()) await frame();
  await frame();
  await turn();
}
