/** Other addresses for the practice host, and the end of a bridge, in the window. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchApp } from './app';
import type { LaunchedApp } from './app';
import { takePicture } from './lab-window';
import { goTo, openPracticeHost, tabTo } from './practice-window';

const patient = { timeout: 60_000 };

describe('the host’s own network on the practice host', () => {
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

  async function begin(action: string): Promise<void> {
    const { page } = launched;
    await heading('Before you begin').waitFor();
    await page.getByRole('checkbox', { name: /go on/ }).check();
    await button('Next').click();
    await button(action).click();
  }

  it('gets another address from the palette, by the keyboard alone, and goes back when nobody says a word', async () => {
    const { page } = launched;
    await page.keyboard.press('ControlOrMeta+K');
    await page.keyboard.type('Change addresses of Practice');
    await page.keyboard.press('Enter');
    const device = page.getByRole('radio', { name: /^eno1.*carries this session/ });
    await device.waitFor();
    expect(await device.isChecked()).toBe(true);
    await tabTo(launched, device);
    await page.keyboard.press('Enter');
    await heading('Addresses of eno1').waitFor();
    await tabTo(launched, page.getByRole('radio', { name: /^From DHCP/ }));
    await page.keyboard.press('ArrowDown');
    const address = page.getByLabel('Address', { exact: true });
    await tabTo(launched, address);
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('192.168.1.255/24');
    await page.keyboard.press('Enter');
    await page.getByText(/192\.168\.1\.255\/24 can't be a host's address/).first().waitFor();
    await heading('Addresses of eno1').waitFor();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('192.168.1.40');
    await heading('Practice host moves from 192.168.1.20 to 192.168.1.40').waitFor();
    await page.keyboard.press('Enter');
    await heading('Before you begin').waitFor();
    await page.getByRole('checkbox', { name: /go on/ }).check();
    await button('Next').click();
    await heading('Review: other settings for eno1').waitFor();
    await page.getByRole('tab', { name: 'Files' }).click();
    await page.getByRole('region', { name: '/etc/network/interfaces' }).first().waitFor();
    await page.getByRole('radio', { name: /^When I say so/ }).check();
    await button('Change eno1').click();
    await heading('eno1 on Practice host: on trial, and reached').waitFor(patient);
    await button('Revert now').click();
    await heading('eno1 on Practice host: the old network is back').waitFor(patient);
    await page.getByText('Everything is as it was.').waitFor(patient);
    await button('Done').click();
  });

  it('keeps it as soon as the host was reached there', async () => {
    const { page } = launched;
    await goTo(launched, 'Switches & NICs');
    await button('Actions for eno1').click();
    await page.getByRole('menuitem', { name: 'Change addresses…' }).click();
    await page.getByRole('radio', { name: /^eno1/ }).waitFor();
    await button('Next').click();
    await page.getByRole('radio', { name: /^Fixed/ }).check();
    await page.getByLabel('Address', { exact: true }).fill('192.168.1.40/24');
    await button('Next').click();
    await begin('Change eno1');
    await heading('eno1 on Practice host: kept').waitFor(patient);
    await page.getByText('What has changed was asked for; the rest is as it was.').waitFor(patient);
    await button('Done').click();
    await page.getByRole('cell', { name: /192\.168\.1\.40\/24/ }).waitFor();
  });

  it('takes a bridge away again, from its inspector', async () => {
    const { page } = launched;
    await goTo(launched, 'Switches & NICs');
    await button('Actions for eno1').click();
    await page.getByRole('menuitem', { name: 'Convert into a bridge…' }).click();
    await page.getByRole('radio', { name: /^eno1/ }).waitFor();
    await button('Next').click();
    await page.getByLabel('Name', { exact: true }).fill('br9');
    await button('Next').click();
    await begin('Convert eno1');
    await heading('eno1 → br9 on Practice host: kept').waitFor(patient);
    await goTo(launched, 'Map');
    await button(/^Bridge br9/).click();
    await page.getByRole('link', { name: 'Take the bridge away…' }).click();
    await page.getByRole('radio', { name: /^br9/ }).waitFor();
    await button('Next').click();
    await begin('Take br9 away');
    await heading('br9 → eno1 on Practice host: kept').waitFor(patient);
    await page.getByText('Everything is as it was.').waitFor(patient);
    await goTo(launched, 'Map');
    await button(/^NIC eno1/).waitFor();
    expect(await button(/^Bridge br9/).count()).toBe(0);
    expect(launched.pageErrors).toEqual([]);
  });
});
