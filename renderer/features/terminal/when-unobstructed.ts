const frame = (): Promise<void> => new Promise((resolve) => { requestAnimationFrame(() => resolve()); });

const isObstructed = (): boolean => document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;

/**
 * Resolves when no menu or dialog is open and the last one has given the focus back to where it came from. Who takes the
 * focus sooner loses it again.
 */
export async function whenUnobstructed(): Promise<void> {
  while (isObstructed()) await frame();
  await frame();
}
