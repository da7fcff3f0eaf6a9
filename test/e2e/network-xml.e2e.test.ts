import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest';
import { launchApp } from './app';
import type { LaunchedApp } from './app';
import { takePicture } from './lab-window';
import { goTo, openPracticeHost } from './practice-window';

describe('a network as XML, in the window', () => {
  const userDataDir = mkdtempSync(path.join(tmpdir(), 'netwright-xml-'));
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

  /** Writes the whole document anew, as by pasting it. */
  async function write(change: (text: string) => string): Promise<void> {
    const { page } = launched;
    const content = page.getByRole('textbox', { name: /^XML definition of/ });
    const lines = await content.locator('.cm-line').allTextContents();
    await content.focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(change(lines.join('\n')));
  }

  it('is edited: a fault is shown at its line, mended, applied and undone', async () => {
    const { page } = launched;
    await goTo(launched, 'Networks');
    await page.getByRole('button', { name: 'Actions for default' }).click();
    await page.getByRole('menuitem', { name: 'Edit XML…' }).click();
    await page.getByText(/accepts it/).waitFor();

    await write((text) => text.replace('<domain', '<domian').replace('</dhcp>', '</dhcpp>'));
    const problems = page.getByRole('region', { name: 'Problems' });
    await problems.getByText(/mismatch/).waitFor();
    await problems.getByRole('button', { name: /^error, Line \d+/ }).waitFor();

    // What only the host's own libvirt knows.
    await write((text) => text.replace('</dhcpp>', '</dhcp>').replace('<domian', '<domain').replace("delay='0'", "delay='soon'"));
    await page.getByText(/refuses it: XML error: Invalid delay value/).waitFor();
    await write((text) => text.replace("delay='soon'", "delay='2'"));
    await page.getByText(/accepts it/).waitFor();

    await page.getByLabel('Restart it now').check();
    await page.keyboard.press('Control+s');
    await page.getByRole('button', { name: 'Change network' }).click();
    await page.getByRole('heading', { name: 'Done and verified' }).waitFor();
    await page.getByRole('button', { name: 'Done' }).click();

    await goTo(launched, 'History');
    await page.getByRole('row', { name: /Change the network default/ }).first().click();
    await page.getByRole('button', { name: /^Undo/ }).first().click();
    const review = page.getByRole('complementary', { name: 'Review of a change' });
    await review.getByRole('button', { name: 'Undo', exact: true }).click();
    await review.getByRole('heading', { name: 'Done and verified' }).waitFor();
    await page.getByRole('button', { name: 'Done' }).click();
  });

  it('is left by Escape and Tab, and asks before typed things are lost', async () => {
    const { page } = launched;
    await goTo(launched, 'Networks');
    await page.getByRole('button', { name: 'Actions for default' }).click();
    await page.getByRole('menuitem', { name: 'Edit XML…' }).click();
    const content = page.getByRole('textbox', { name: /^XML definition of/ });
    await content.focus();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    await page.waitForFunction(() => document.activeElement?.closest('.cm-editor') === null);
    await write((text) => `${text} `.replace('<network', '<network ipv6="no"'));
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Leave, forget it' }).click();
    await page.getByRole('row', { name: /^default/ }).waitFor();
  });

  it('is imported from the clipboard, as a network beside the one it meets', async () => {
    const { page } = launched;
    await goTo(launched, 'Networks');
    await page.getByRole('button', { name: 'XML', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Import XML…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Paste a definition' }).fill('<network><name>default</name><ip address="10.81.0.1" prefix="24"/></network>');
    await dialog.getByRole('button', { name: 'Take what is pasted' }).click();
    await dialog.getByText('A network beside it').waitFor();
    await dialog.getByRole('button', { name: 'Look it over…' }).click();
    await page.getByText(/accepts it/).waitFor();
    await page.getByRole('button', { name: 'Review…' }).click();
    await page.getByRole('button', { name: 'Create network' }).click();
    await page.getByRole('heading', { name: 'Done and verified' }).waitFor();
    await page.getByRole('row', { name: /^default-2/ }).waitFor();
  });
});
