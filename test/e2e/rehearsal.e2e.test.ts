/** A conversion rehearsed on the practice host, in the window, with the power cut in the middle of it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchApp } from './app';
import type { LaunchedApp } from './app';
import { takePicture } from './lab-window';
import { goTo, openPracticeHost } from './practice-window';

const patient = { timeout: 60_000 };

describe('a rehearsal in the window', () => {
  const userDataDir = mkdtempSync(path.join(tmpdir(), 'netwright-rehearsal-'));
  let launched: LaunchedApp;
  beforeAll(async () => {
    launched = await launchApp({ userDataDir });
    await openPracticeHost(launched);
  });
  afterAll(async () => {
    await launched?.close();
    rmSync(userDataDir, { recursive: true, force: true });
  });
  beforeEach(({ onTestFailed, task }) => onTestFailed(() => takePicture(launched, task.name)));

  const heading = (name: string | RegExp) => launched.page.getByRole('heading', { name });
  const button = (name: string | RegExp) => launched.page.getByRole('button', { name });

  async function convert(): Promise<void> {
    const { page } = launched;
    await goTo(launched, 'Switches & NICs');
    await button('Actions for eno1').click();
    await page.getByRole('menuitem', { name: /^Convert into a bridge/ }).click();
    await page.getByRole('radio', { name: /^eno1.*carries this session/ }).waitFor();
    await button('Next').click();
    await button('Next').click();
    await heading('Before you begin').waitFor();
    await page.getByRole('checkbox', { name: /go on/ }).check();
    await button('Next').click();
    await heading('Review: eno1 becomes a port of br1').waitFor();
    await page.getByRole('radio', { name: /^When I say so/ }).check();
    await button('Convert eno1').click();
    await heading(/eno1 → br1 on .*: on trial, and reached/).waitFor(patient);
  }

  it('goes back when the power fails in the trial', async () => {
    const { page } = launched;
    await convert();
    await page.getByText('What if …').click();
    await button('Cut the power').click();
    await page.getByText('happens now').waitFor();
    await page.getByText(/the host has no power/).first().waitFor(patient);
    await takePicture(launched, 'rehearsal-power');
    await heading(/eno1 → br1 on .*: the old network is back/).waitFor(patient);
    await page.getByText('the host was restarted before the change was confirmed').first().waitFor();
    await takePicture(launched, 'rehearsal-back');
    expect(await page.getByText('happens now').count()).toBe(0);
    await button('Done').click();
  }, 180_000);

  it('is kept when nothing goes wrong, and shows the bridge', async () => {
    await convert();
    await button('Keep br1').click();
    await heading(/eno1 → br1 on .*: kept/).waitFor(patient);
    await goTo(launched, 'Switches & NICs');
    await launched.page.getByRole('region', { name: /^br1,/ }).waitFor(patient);
    await takePicture(launched, 'rehearsal-kept');
  }, 180_000);
});
