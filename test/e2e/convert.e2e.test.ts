/** The guided bridge conversion rehearsed on the practice host, in the window. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchApp } from './app';
import type { LaunchedApp } from './app';
import { takePicture } from './lab-window';
import { focused, goTo, openPracticeHost, tabTo } from './practice-window';

const patient = { timeout: 60_000 };

describe('a conversion on the practice host', () => {
  let launched: LaunchedApp;
  beforeAll(async () => {
    launched = await launchApp();
    launched.page.setDefaultTimeout(15_000);
    await openPracticeHost(launched);
  });
  afterAll(() => launched?.close());
  beforeEach(({ onTestFailed, task }) => onTestFailed(() => takePicture(launched, task.name)));

  const heading = (name: string | RegExp) => launched.page.getByRole('heading', { name });
  const button = (name: string | RegExp) => launched.page.getByRole('button', { name });

  it('goes from the map’s inspector to a running trial by the keyboard alone', async () => {
    const { page } = launched;
    await button(/^NIC eno1/).focus();
    await page.keyboard.press('Enter');
    await tabTo(launched, page.getByRole('link', { name: 'Convert into a bridge…' }));
    await page.keyboard.press('Enter');
    const nic = page.getByRole('radio', { name: /^eno1/ });
    await nic.waitFor();
    expect(await nic.isChecked()).toBe(true);
    await tabTo(launched, nic);
    await page.keyboard.press('Enter');
    const name = page.getByLabel('Name', { exact: true });
    await tabTo(launched, name);
    expect(await name.inputValue()).toMatch(/^br\d$/);
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('br9');
    await page.keyboard.press('Enter');
    await heading('Before you begin').waitFor();
    await tabTo(launched, page.getByRole('checkbox', { name: /go on/ }));
    await page.keyboard.press('Space');
    await tabTo(launched, button('Next'));
    await page.keyboard.press('Enter');
    await heading('Review: eno1 becomes a port of br9').waitFor();
    await tabTo(launched, page.getByRole('radio', { name: /^As soon as/ }));
    await page.keyboard.press('ArrowDown');
    await tabTo(launched, button('Convert eno1'));
    expect(await focused(launched)).toBe('Convert eno1');
    await page.keyboard.press('Enter');
    await heading('eno1 → br9 on Practice host: on trial, and reached').waitFor(patient);
  });

  it('goes back when the gateway no longer answers, and shows which probe failed', async () => {
    const { page } = launched;
    await page.getByText(/^What if …/).click();
    await button('Silence it').click();
    await heading('eno1 → br9 on Practice host: the old network is back').waitFor(patient);
    await page.getByText(/^The change did not last\. The gateway \S+ does not answer through br9\.$/).waitFor();
    await button('Plan it again').click();
    await page.getByRole('radio', { name: /^eno1/ }).waitFor();
  });

  it('can be left running, says so everywhere, and is kept as soon as the host was reached', async () => {
    const { page } = launched;
    await button('Next').click();
    await page.getByLabel('Name', { exact: true }).fill('br9');
    await button('Next').click();
    await page.getByRole('checkbox', { name: /go on/ }).check();
    await button('Next').click();
    await button('Convert eno1').click();
    await button('Leave it running').click();
    await page.getByText(/^eno1 → br9: /).waitFor();
    await page.getByText('eno1 → br9: kept.').waitFor(patient);
    await page.getByRole('link', { name: 'See the report' }).click();
    await page.getByText('Everything is as it was.').waitFor(patient);
    await goTo(launched, 'Map');
    await button(/^Bridge br9/).waitFor();
    expect(launched.pageErrors).toEqual([]);
  });
});
