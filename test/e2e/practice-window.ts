/** Steps that several window tests take on the practice host. */
import type { Locator } from 'playwright-core';
import type { LaunchedApp } from './app';

/** From the welcome page to the practice host's map, as a first-time user goes. */
export async function openPracticeHost({ page }: LaunchedApp): Promise<void> {
  await page.getByRole('button', { name: 'Try the practice host' }).click();
  await page.getByRole('group', { name: /^Map of/ }).getByText('git', { exact: true }).waitFor();
}

/** Goes to a place by the rail. */
export async function goTo({ page }: LaunchedApp, place: 'Map' | 'Networks' | 'Machines' | 'Switches & NICs' | 'Labs' | 'History' | 'Health'): Promise<void> {
  await page.getByRole('navigation', { name: 'Hosts and places' }).getByRole('link', { name: new RegExp(`^${place}`) }).click();
}

/** Moves the focus by Tab until it stands on the target; fails after a hundred steps. */
export async function tabTo({ page }: LaunchedApp, target: Locator): Promise<void> {
  await target.waitFor();
  for (let step = 0; step < 100; step += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${String(target)} can't be reached by Tab.`);
}

/** The role and name of what has the focus, as a screen reader would say it. */
export function focused({ page }: LaunchedApp): Promise<string> {
  return page.evaluate(() => {
    const { activeElement } = document;
    return activeElement === null || activeElement === document.body ? 'nothing' : activeElement.getAttribute('aria-label') ?? activeElement.textContent?.trim() ?? '';
  });
}

/** By the settings, as a user would; resolves when the page has it. */
export async function setTheme({ page }: LaunchedApp, theme: 'light' | 'dark'): Promise<void> {
  await page.evaluate(async (wanted) => {
    const { netwright } = window as unknown as { netwright: { invoke(name: string, input: unknown): Promise<unknown> } };
    await netwright.invoke('settings.update', { theme: wanted });
  }, theme);
  await page.waitForFunction((isDark) => document.documentElement.classList.contains('dark') === isDark, theme === 'dark');
}
