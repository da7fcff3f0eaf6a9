import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchApp } from './app';
import type { LaunchedApp } from './app';
import { takePicture } from './lab-window';
import { focused, goTo, openPracticeHost } from './practice-window';

/** A key press as the system sends it to the window, so that the native menu sees it, too; Playwright's reaches the page only. */
async function pressNatively({ app }: LaunchedApp, keyCode: string, modifiers: ('control' | 'shift')[]): Promise<void> {
  await app.evaluate(({ BrowserWindow }, key) => {
    const contents = BrowserWindow.getAllWindows()[0]!.webContents;
    contents.sendInputEvent({ type: 'keyDown', ...key });
    contents.sendInputEvent({ type: 'keyUp', ...key });
  }, { keyCode, modifiers });
}

describe('every day', () => {
  const userDataDir = mkdtempSync(path.join(tmpdir(), 'netwright-everyday-'));
  const requests: string[] = [];
  let launched: LaunchedApp;

  async function start(): Promise<void> {
    launched = await launchApp({ userDataDir });
    launched.page.setDefaultTimeout(10_000);
    launched.page.on('request', (request) => requests.push(request.url()));
  }
  beforeAll(async () => {
    await start();
    await openPracticeHost(launched);
  });
  afterAll(async () => {
    await launched?.close();
    rmSync(userDataDir, { recursive: true, force: true });
  });
  beforeEach(({ onTestFailed, task }) => onTestFailed(() => takePicture(launched, task.name)));

  const isDark = (): Promise<boolean> => launched.page.evaluate(() => document.documentElement.classList.contains('dark'));

  it('goes anywhere and does anything from the palette', async () => {
    const { page } = launched;
    const palette = page.getByRole('dialog', { name: 'Go to, or do anything' });
    const run = async (words: string): Promise<void> => {
      await page.keyboard.press('Control+k');
      await palette.waitFor();
      await page.keyboard.type(words);
      await palette.getByRole('option').first().waitFor();
      await page.keyboard.press('Enter');
      await palette.waitFor({ state: 'detached' });
    };
    await run('malware-lab');
    await page.getByRole('complementary', { name: 'malware-lab' }).waitFor();
    await run('isolated');
    await page.getByRole('complementary', { name: 'sandbox' }).waitFor();
    await run('Switches & NICs');
    await page.getByRole('heading', { name: 'Bridges and switches' }).waitFor();
    await run('Dark theme');
    await expect.poll(isDark).toBe(true);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('nothing is called this');
    await palette.getByText('Nothing here is called “nothing is called this”.').waitFor();
    await page.keyboard.press('Escape');
  });

  it('puts the focus back where it was when a dialog closes', async () => {
    const { page } = launched;
    const returnsTo = async (name: string, open: () => Promise<void>, dialog: string): Promise<void> => {
      await page.getByRole('button', { name, exact: true }).first().focus();
      await open();
      await page.getByRole('dialog', { name: dialog }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog', { name: dialog }).waitFor({ state: 'detached' });
      await expect.poll(() => focused(launched)).toBe(name);
    };
    await returnsTo('Add a host', () => page.keyboard.press('Enter'), 'Add a host');
    await returnsTo('Settings', () => page.keyboard.press('Enter'), 'Settings');
    await returnsTo('About Netwright', () => page.keyboard.press('Enter'), 'About Netwright');
    await returnsTo('Settings', () => page.keyboard.press('Control+k'), 'Go to, or do anything');

    await goTo(launched, 'Networks');
    await page.getByRole('row', { name: /^old-lab/ }).click();
    const inspector = page.getByRole('complementary', { name: 'old-lab' });
    await inspector.getByRole('button', { name: 'Start…' }).focus();
    await page.keyboard.press('Enter');
    const review = page.getByRole('complementary', { name: 'Review of a change' });
    await review.getByRole('button', { name: 'Start network' }).waitFor();
    await page.keyboard.press('Escape');
    await review.waitFor({ state: 'detached' });
    expect(await focused(launched)).toBe('Start…');
  });

  it('does once what a key is for, though the native menu shows the same key', async () => {
    const { page } = launched;
    const toggle = page.getByRole('button', { name: /^(Close|Open) the dock$/ });
    expect(await toggle.getAttribute('aria-label')).toBe('Close the dock');
    await pressNatively(launched, 'J', ['control']);
    await page.getByRole('button', { name: 'Open the dock' }).waitFor();
    await pressNatively(launched, 'K', ['control']);
    await page.getByRole('dialog', { name: 'Go to, or do anything' }).waitFor();
    // Blocked under the dialog by either way: the settings don't open over it.
    await pressNatively(launched, ',', ['control']);
    await launched.app.evaluate(({ Menu }) => {
      const item = Menu.getApplicationMenu()!.items.flatMap((menu) => menu.submenu?.items ?? []).find(({ label }) => label === 'Settings…');
      item!.click();
    });
    await pressNatively(launched, 'K', ['control']);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.getByRole('button', { name: 'Open the dock' }).count()).toBe(1);
  });

  it('asks the host for nothing while nobody does anything', async () => {
    const { page } = launched;
    const countCommands = (): Promise<number> => page.evaluate(async () => {
      const { netwright } = window as unknown as { netwright: { invoke(name: string, input: unknown): Promise<{ value: unknown[] }> } };
      return (await netwright.invoke('activity.list', { hostId: 'practice' })).value.length;
    });
    // From here on the page's timers run by a clock that the test sets; other places set theirs.
    await page.clock.install();
    for (const place of ['Machines', 'Map', 'Networks'] as const) await goTo(launched, place);
    await page.getByRole('row', { name: /^default/ }).click();
    // What looking at them has started has ended once two counts agree.
    let last = -1;
    await expect.poll(async () => { const earlier = last; last = await countCommands(); return last === earlier; }, { interval: 300 }).toBe(true);
    const before = await countCommands();
    await page.clock.fastForward('02:00:00');
    await page.getByRole('complementary', { name: 'default' }).getByRole('tab', { name: /^Leases/ }).click();
    await page.getByRole('tabpanel', { name: /^Leases/ }).getByText('expired').first().waitFor();
    await page.clock.resume();
    expect(await countCommands()).toBe(before);
  });

  it('keeps theme, settings and the colours of networks over a restart', async () => {
    const { page } = launched;
    await page.keyboard.press('Control+,');
    await page.getByRole('dialog', { name: 'Settings' }).getByLabel('Practice host').check();
    await page.keyboard.press('Escape');
    const colours = (): Promise<string[]> => launched.page.locator('td .chip i').evaluateAll((chips) => chips.map((chip) => (chip as HTMLElement).style.background));
    const before = await colours();
    expect(new Set(before).size).toBe(5);
    await launched.close();
    await start();
    await expect.poll(isDark).toBe(true);
    await goTo(launched, 'Networks');
    await launched.page.getByRole('button', { name: 'New network' }).and(launched.page.locator(':enabled')).waitFor();
    await launched.page.getByRole('row', { name: /^default/ }).waitFor();
    expect(await colours()).toEqual(before);
    expect(await launched.page.getByRole('button', { name: 'Open the dock' }).count()).toBe(1);
  });

  it('asked the network for nothing, and wrote no error to its console', () => {
    expect(requests.filter((url) => !url.startsWith('app://netwright/') && !url.startsWith('data:'))).toEqual([]);
    expect(requests.length).toBeGreaterThan(2);
    expect(launched.pageErrors).toEqual([]);
  });
});
