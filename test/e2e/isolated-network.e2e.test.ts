import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchApp } from './app';
import type { LaunchedApp } from './app';
import { takePicture } from './lab-window';
import { goTo, openPracticeHost } from './practice-window';

describe('an isolated network', () => {
  const userDataDir = mkdtempSync(path.join(tmpdir(), 'netwright-isolated-'));
  let launched: LaunchedApp;

  beforeAll(async () => {
    launched = await launchApp({ userDataDir });
    launched.page.setDefaultTimeout(10_000);
    await openPracticeHost(launched);
  });
  afterAll(async () => {
    await launched?.close();
    rmSync(userDataDir, { recursive: true, force: true });
  });
  beforeEach(({ onTestFailed, task }) => onTestFailed(() => takePicture(launched, task.name)));

  it('is chosen by its card, made without the host on it, and verified', async () => {
    const { page } = launched;
    await goTo(launched, 'Networks');
    await page.getByRole('button', { name: 'New network' }).first().click();
    await page.getByRole('heading', { name: 'What kind of network?' }).waitFor();
    expect(await page.getByRole('list', { name: 'Kinds of networks' }).getByRole('link').count()).toBe(4);
    await page.getByRole('link', { name: /^Isolated/ }).click();
    await page.getByLabel('This host is not on it').check();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('malware');
    for (const heading of ['DHCP and names', 'Options', /^Review: /]) {
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByRole('heading', { name: heading, level: 2 }).waitFor();
    }
    await page.getByRole('button', { name: 'Create network' }).click();
    await page.getByText(/is up, without an address/).first().waitFor();
    await page.getByRole('button', { name: 'See the network' }).click();
    await page.locator('tr.row', { hasText: 'malware' }).waitFor();
  });

  it('keeps an address of another one for a machine, while it runs', async () => {
    const { page } = launched;
    await page.locator('tr.row', { hasText: 'sandbox' }).first().click();
    await page.getByRole('tab', { name: /Leases/ }).click();
    await page.getByRole('button', { name: /^Reserve 10\.55\.0\./ }).click();
    await page.getByText(/Add the reservation of 10\.55\.0\./).first().waitFor();
    await page.getByRole('button', { name: 'Change network' }).click();
    await page.getByText('The running network has the change').first().waitFor();
  });
});
