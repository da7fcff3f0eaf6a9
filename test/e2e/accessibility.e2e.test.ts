/** Every main screen of the real window by axe-core's rules for WCAG 2.2 AA, in both themes. */
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchApp } from './app';
import type { LaunchedApp } from './app';
import { goTo, openPracticeHost, setTheme } from './practice-window';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

let launched: LaunchedApp;
beforeAll(async () => {
  launched = await launchApp();
  launched.page.setDefaultTimeout(10_000);
  // What fades in would be measured half-transparent.
  await launched.page.emulateMedia({ reducedMotion: 'reduce' });
});
afterAll(async () => { await launched.close(); });

/** What the rules find in the window as it stands, light and dark: rule, element, reason. */
async function violations(): Promise<string[]> {
  const { page } = launched;
  const found: string[] = [];
  for (const theme of ['light', 'dark'] as const) {
    await setTheme(launched, theme);
    // Transitions of colour, however short, end before colours are measured.
    await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))));
    // Legacy mode: the other opens a second page for its result, and the app allows none.
    const axe = new AxeBuilder({ page }).setLegacyMode();
    // Of all rules only this one depends on the theme.
    if (theme === 'light') axe.withTags(rules);
    else axe.withRules('color-contrast');
    // Its field moves through the list by the arrow keys (aria-activedescendant): the list needs no place of its own.
    if (await page.locator('[role="listbox"] [data-slot="viewport"]').count() > 0) axe.disableRules('scrollable-region-focusable');
    // What is behind an open dialog is out of reach, by the focus trap and aria-hidden.
    if (await page.locator('[role="dialog"][data-state="open"]').count() > 0) axe.include('[role="dialog"]');
    // Reka's toast region catches Tab with two hidden spans that pass the focus on.
    axe.exclude('[role="region"] > span[aria-hidden="true"]');
    const results = await axe.analyze();
    for (const violation of results.violations) {
      found.push(...violation.nodes.map((node) => `${theme}: ${violation.id} at ${node.target.join(' ')}: ${node.failureSummary ?? ''}`));
    }
  }
  return found;
}

/** Soft: what comes after it in the same test is still looked at. */
async function expectNone(): Promise<void> {
  expect.soft(await violations()).toEqual([]);
}

describe('accessibility of', () => {
  it('the first page', async () => {
    await launched.page.getByRole('heading', { name: /^See what a change/ }).waitFor();
    await expectNone();
  });

  it('the form for a host, with its complaints', async () => {
    const { page } = launched;
    await page.getByRole('button', { name: 'Add a host' }).first().click();
    await page.getByLabel('User').fill('no body');
    await page.getByRole('button', { name: 'Add and connect' }).click();
    await page.getByText('Not a user name').waitFor();
    await expectNone();
    await page.keyboard.press('Escape');
  });

  it('the map and the inspector', async () => {
    await openPracticeHost(launched);
    await launched.page.getByRole('button', { name: /^Machine git/ }).click();
    await launched.page.getByRole('complementary', { name: 'git' }).waitFor();
    await expectNone();
    await launched.page.getByRole('button', { name: 'List', exact: true }).click();
    await expectNone();
  });

  it('labs: the gallery, the wizard, a lab and its file', async () => {
    const { page } = launched;
    await goTo(launched, 'Labs');
    await page.getByRole('list', { name: 'Templates' }).getByRole('link', { name: /^Point-to-point/ }).click();
    await page.getByRole('table', { name: 'Networks of the lab' }).waitFor();
    await expectNone();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Create lab' }).click();
    await page.getByText('Done and verified').waitFor();
    await expectNone();
    await page.getByRole('button', { name: 'See the lab' }).click();
    const lab = page.getByRole('region', { name: 'point-to-point', exact: true });
    await lab.waitFor();
    await expectNone();
    await lab.getByRole('button', { name: 'Edit…' }).click();
    await page.getByText('It fits Practice host').waitFor();
    await expectNone();
  });

  it('the guided conversion, from its first step to its report', async () => {
    const { page } = launched;
    const next = (): Promise<void> => page.getByRole('button', { name: 'Next' }).click();
    await goTo(launched, 'Switches & NICs');
    await page.getByRole('button', { name: 'Convert a NIC…' }).click();
    await page.getByRole('radio', { name: /^eno1/ }).waitFor();
    await expectNone();
    await next();
    await page.getByLabel('Name', { exact: true }).fill('lo');
    await page.getByText('There is a lo already.').waitFor();
    await expectNone();
    await page.getByLabel('Name', { exact: true }).fill('br9');
    await next();
    await page.getByRole('checkbox', { name: /go on/ }).check();
    await expectNone();
    await next();
    for (const tab of ['Commands', 'Files', 'The way back', 'What happens']) {
      await page.getByRole('tab', { name: tab }).click();
      await expectNone();
    }
    await page.getByRole('radio', { name: /^When I say so/ }).check();
    await page.getByRole('button', { name: 'Convert eno1' }).click();
    await page.getByRole('heading', { name: /on trial, and reached$/ }).waitFor({ timeout: 60_000 });
    await expectNone();
    await page.getByRole('button', { name: 'Revert now' }).click();
    await page.getByRole('heading', { name: /the old network is back$/ }).waitFor({ timeout: 60_000 });
    await expectNone();
    await page.getByRole('button', { name: 'Done' }).click();
  }, 180_000);

  it('the tables', async () => {
    const { page } = launched;
    await goTo(launched, 'Networks');
    await page.getByRole('row', { name: /^default/ }).click();
    await expectNone();
    await page.getByRole('complementary', { name: 'default' }).getByRole('tab', { name: 'XML' }).click();
    await page.getByRole('tabpanel', { name: 'XML' }).getByText('virbr0').first().waitFor();
    await expectNone();
    await goTo(launched, 'Machines');
    await page.getByRole('row', { name: /^git/ }).waitFor();
    await expectNone();
    await goTo(launched, 'Switches & NICs');
    await page.getByRole('heading', { name: 'Bridges and switches' }).waitFor();
    await expectNone();
  });

  it('the wizard: fields with complaints, review and result', async () => {
    const { page } = launched;
    await page.getByRole('button', { name: 'New network' }).click();
    await page.getByText('Rarer kinds:').click();
    await expectNone();
    await page.getByRole('link', { name: /^NAT/ }).click();
    await page.getByLabel('Name', { exact: true }).fill('default');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('There is a network “default”').waitFor();
    await expectNone();
    await page.getByLabel('Name', { exact: true }).fill('access');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Add a static lease' }).click();
    await page.getByLabel('IPv6 as well').check();
    await expectNone();
    await page.getByRole('button', { name: 'Remove static lease 1' }).click();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('heading', { name: 'Options' }).waitFor();
    await expectNone();
    await page.getByRole('button', { name: 'Next' }).click();
    for (const view of ['What happens', 'XML', 'Undo']) {
      await page.getByRole('tab', { name: view }).click();
      await expectNone();
    }
    await page.getByRole('button', { name: 'Create network' }).click();
    await page.getByRole('heading', { name: 'Done and verified' }).waitFor();
    await expectNone();
    await page.getByRole('button', { name: 'See the network' }).click();
  });

  it('the review of a deletion, and history', async () => {
    const { page } = launched;
    await page.getByRole('button', { name: 'Actions for access' }).click();
    await page.getByRole('menu').waitFor();
    await expectNone();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    const review = page.getByRole('complementary', { name: 'Review of a change' });
    await review.getByRole('button', { name: 'Delete network' }).waitFor();
    await expectNone();
    await review.getByRole('button', { name: 'Cancel' }).click();
    await goTo(launched, 'History');
    await page.getByRole('grid', { name: 'Changes' }).getByRole('row', { name: /access/ }).click();
    await page.getByRole('tabpanel', { name: 'What ran' }).waitFor();
    await expectNone();
  });

  it('terminals: one, panes, find, and one that has ended', async () => {
    const { page } = launched;
    const rows = page.locator('.xterm-rows > div');
    await page.getByRole('button', { name: 'New terminal', exact: true }).click();
    await rows.filter({ hasText: /#\s*$/ }).first().waitFor();
    await expectNone();
    await page.getByRole('button', { name: 'Split right' }).click();
    await page.locator('.xterm').nth(1).waitFor();
    await page.getByRole('button', { name: 'Find in the terminal' }).click();
    await page.getByRole('textbox', { name: 'Find' }).fill('help');
    await page.getByRole('search').getByText(/of \d/).waitFor();
    await expectNone();
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.classList.contains('xterm-helper-textarea'));
    await page.keyboard.type('exit\n');
    await page.getByText(/^Ended/).waitFor();
    await expectNone();
    await page.getByRole('tab', { name: 'Activity' }).click();
  });

  it.each([
    ['the palette', 'Control+k', 'Go to, or do anything'],
    ['the settings', 'Control+,', 'Settings'],
    ['the list of keys', '?', 'Keyboard shortcuts'],
  ])('%s', async (_what, keys, name) => {
    const { page } = launched;
    await page.keyboard.press(keys);
    await page.getByRole('dialog', { name }).waitFor();
    await expectNone();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name }).waitFor({ state: 'detached' });
  });
});
