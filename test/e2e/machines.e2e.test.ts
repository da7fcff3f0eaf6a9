import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchApp } from './app';
import type { LaunchedApp } from './app';
import { takePicture } from './lab-window';
import { goTo, openPracticeHost } from './practice-window';

describe('machines of the practice host in the window', () => {
  let launched: LaunchedApp;
  beforeAll(async () => {
    launched = await launchApp();
    launched.page.setDefaultTimeout(10_000);
    await openPracticeHost(launched);
    await goTo(launched, 'Machines');
  });
  afterAll(() => launched?.close());
  beforeEach(({ onTestFailed, task }) => onTestFailed(() => takePicture(launched, task.name)));

  const review = () => launched.page.getByRole('complementary', { name: 'Review of a change' });
  const git = () => launched.page.getByRole('complementary', { name: 'git', exact: true });

  async function apply(label: string): Promise<void> {
    await review().getByRole('button', { name: label, exact: true }).click();
    await review().getByRole('heading', { name: 'Done and verified' }).waitFor();
    await review().getByRole('button', { name: 'Done' }).click();
    await review().waitFor({ state: 'detached' });
  }
  /** The chip of a NIC, which is the way to its network. */
  const chip = (nic: string, network: string) => git().getByRole('heading', { name: new RegExp(`^${nic}`) }).getByRole('button', { name: network });

  it('get a second NIC: nothing typed is lost by a mistake, nor by a look at the review', async () => {
    const { page } = launched;
    await page.getByRole('row', { name: /^git running/ }).click();
    await git().getByRole('button', { name: 'Plug in a NIC…' }).click();
    const form = page.getByRole('dialog', { name: 'Plug a NIC into git' });
    await form.getByLabel('Network', { exact: true }).selectOption('sandbox');
    await form.getByLabel('MAC address').fill('52:54:00:1e:a7:03');
    await form.getByRole('button', { name: 'Review…' }).click();
    await form.getByText(/jellyfin has this MAC already/).waitFor();
    await form.getByLabel('MAC address').fill('52-54-00-AA-00-01');
    await form.getByRole('button', { name: 'Review…' }).click();
    await review().getByRole('button', { name: 'Back' }).click();
    expect(await form.getByLabel('MAC address').inputValue()).toBe('52-54-00-AA-00-01');
    await form.getByRole('button', { name: 'Review…' }).click();
    await apply('Plug it in');
    await chip('NIC 2', 'sandbox').waitFor();
    await page.getByRole('row', { name: /^git NIC 2.*sandbox/ }).waitFor();
  });

  it('have it moved to another network while they run', async () => {
    const { page } = launched;
    await git().getByRole('group', { name: 'Actions for the NIC 52:54:00:aa:00:01' }).getByRole('button', { name: 'Move to' }).click();
    await page.getByRole('menuitem', { name: /^lan/ }).click();
    await apply('Change this NIC');
    await chip('NIC 2', 'lan').waitFor();
  });

  it('have its link taken down, and that taken back in History', async () => {
    const { page } = launched;
    await git().getByRole('button', { name: 'More for the NIC 52:54:00:aa:00:01' }).click();
    await page.getByRole('menuitem', { name: 'Link down…' }).click();
    await apply('Change this NIC');
    await git().getByText('down: the cable is pulled').waitFor();

    await goTo(launched, 'History');
    await page.getByRole('row').nth(1).click();
    await page.getByRole('button', { name: 'Undo…' }).click();
    await review().getByRole('button', { name: 'Undo', exact: true }).click();
    await review().getByRole('heading', { name: /^Done/ }).waitFor();
    await review().getByRole('button', { name: 'Done' }).click();
    await goTo(launched, 'Machines');
    await page.getByRole('row', { name: /^git NIC 2.*lan/ }).click();
    await git().getByText('up', { exact: true }).nth(1).waitFor();
    expect(await git().getByText('down: the cable is pulled').count()).toBe(0);
  });

  it('are found in the palette with what can be done with them', async () => {
    const { page } = launched;
    await page.keyboard.press('Control+k');
    await page.keyboard.type('Plug a NIC into pihole');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Plug a NIC into pihole' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('wrote nothing of an error to its console', () => {
    expect(launched.pageErrors).toEqual([]);
  });
});
