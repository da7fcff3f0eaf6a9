import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest';
import { launchApp } from './app';
import type { LaunchedApp } from './app';
import { takePicture } from './lab-window';
import { goTo, openPracticeHost } from './practice-window';

describe('an Open vSwitch network in the window', () => {
  const userDataDir = mkdtempSync(path.join(tmpdir(), 'netwright-ovs-'));
  let launched: LaunchedApp;
  beforeAll(async () => {
    launched = await launchApp({ userDataDir });
    launched.page.setDefaultTimeout(10_000);
  });
  afterAll(async () => {
    await launched?.close();
    rmSync(userDataDir, { recursive: true, force: true });
  });
  beforeEach(({ onTestFailed, task }) => onTestFailed(() => takePicture(launched, task.name)));

  it('is made with a new switch and two VLANs, changed while it runs, and undone with its switch', async () => {
    const { page } = launched;
    await openPracticeHost(launched);
    await goTo(launched, 'Networks');
    await page.getByRole('button', { name: 'New network' }).click();
    await page.getByRole('link', { name: /^Open vSwitch/ }).click();
    await page.getByLabel('Name', { exact: true }).fill('house');
    await page.getByLabel('Make a new one').check();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Trusted and guests' }).click();
    await page.getByLabel('VLAN of guests').fill('4095');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('VLANs go from 1 to 4094').waitFor();
    await page.getByLabel('VLAN of guests').fill('20');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('ovs-vsctl --timeout=10 add-br ovsbr1').first().waitFor();
    await page.getByRole('button', { name: 'Create network' }).click();
    await page.getByRole('heading', { name: 'Done and verified' }).waitFor();
    await page.getByRole('button', { name: 'See the network' }).click();

    await page.getByRole('button', { name: 'Actions for house', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Edit…' }).click();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByLabel('VLAN of guests').fill('21');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByLabel(/^At once, while it runs/).waitFor();
    await page.getByRole('button', { name: 'Change network' }).click();
    await page.getByRole('heading', { name: 'Done and verified' }).waitFor();
    await page.getByRole('button', { name: 'See the network' }).click();

    for (const title of [/Change the network house/, /Create the Open vSwitch network house/]) {
      await goTo(launched, 'History');
      await page.getByRole('row', { name: title }).last().click();
      await page.getByRole('button', { name: 'Undo…' }).click();
      const review = page.getByRole('complementary', { name: 'Review of a change' });
      await review.getByRole('button', { name: 'Undo', exact: true }).click();
      await review.getByRole('heading', { name: 'Done and verified' }).waitFor();
      await review.getByRole('button', { name: 'Done' }).click();
    }
    await goTo(launched, 'Switches & NICs');
    await page.getByRole('button', { name: 'ovsbr0', exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'ovsbr1', exact: true }).waitFor({ state: 'detached' });
  });
});
