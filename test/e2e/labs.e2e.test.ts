import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchApp } from './app';
import type { LaunchedApp } from './app';
import { takePicture } from './lab-window';
import { focused, goTo, openPracticeHost } from './practice-window';

describe('labs', () => {
  const userDataDir = mkdtempSync(path.join(tmpdir(), 'netwright-labs-'));
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

  const lab = (name: string) => launched.page.getByRole('region', { name, exact: true });

  it('is chosen by its card, made as a whole, and says what comes next', async () => {
    const { page } = launched;
    await goTo(launched, 'Labs');
    await page.getByRole('heading', { name: 'A lab is several networks that belong together' }).waitFor();
    await page.getByRole('list', { name: 'Templates' }).getByRole('link', { name: /^Storage/ }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('ceph');
    await page.getByRole('cell', { name: 'ceph-cluster' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Review: create the lab ceph' }).waitFor();
    await page.getByRole('button', { name: 'Create lab' }).click();
    await page.getByText('Done and verified').waitFor();
    await page.getByRole('region', { name: 'Connectivity test of ceph' }).getByText('Everybody reaches whom they should, and nobody else').waitFor();
    expect(await page.getByRole('button', { name: /^Plug a machine into ceph-/ }).count()).toBe(2);
    await page.getByRole('button', { name: 'See the lab' }).click();
    await lab('ceph').getByText('2 networks; no machine plugged in').waitFor();
  });

  it('shows which lab a network belongs to, and leads there', async () => {
    const { page } = launched;
    await goTo(launched, 'Networks');
    await page.locator('tr.row', { hasText: 'ceph-public' }).click();
    await page.getByRole('complementary', { name: 'ceph-public' }).getByRole('link', { name: 'ceph' }).click();
    await lab('ceph').waitFor();
    expect(await focused(launched)).toBe('ceph');
  });

  it('is changed in its file: errors at their line, the picture as it is typed, nothing to do once it is done', async () => {
    const { page } = launched;
    await lab('ceph').getByRole('button', { name: 'Edit…' }).click();
    await page.getByText('It fits Practice host').waitFor();
    const type = async (from: string, to: string): Promise<void> => {
      await page.locator('.cm-line', { hasText: from }).first().click();
      await page.keyboard.press('End');
      await page.keyboard.press('Shift+Home');
      await page.keyboard.type(to);
    };
    await type('mtu:', 'mtu: many');
    await page.getByRole('region', { name: 'Problems' }).getByRole('button', { name: /^error, Line \d+$/ }).waitFor();
    await type('mtu:', 'mtu: 8000');
    await page.getByText('It fits Practice host').waitFor();
    await page.keyboard.press('Control+s');
    await page.getByRole('button', { name: 'Change the lab ceph' }).click();
    await page.getByText('Done and verified').waitFor();
    await page.getByRole('button', { name: 'Done', exact: true }).click();
    await page.getByRole('button', { name: 'Preview…' }).click();
    await page.getByText('Nothing to do: Practice host is already as it should be.').waitFor();
    await page.getByRole('button', { name: 'Done', exact: true }).click();
    await page.getByRole('button', { name: 'Back to the labs' }).click();
  });

  it('takes a machine that is dragged onto one of its roles from their list, and lets it go by the machine\'s menu', async () => {
    const { page } = launched;
    await goTo(launched, 'Machines');
    const row = page.locator('tr.row', { hasText: 'git' }).first();
    await row.hover();
    await page.mouse.down();
    await page.mouse.move(500, 300, { steps: 4 });
    await page.getByRole('region', { name: 'Open roles' }).getByRole('listitem').filter({ hasText: 'node-1' }).hover();
    await page.mouse.up();
    const dialog = page.getByRole('dialog', { name: 'A role in a lab for git' });
    await dialog.getByText(/A NIC is plugged into ceph-public;.*DNS knows it as node-1/).waitFor();
    await dialog.getByRole('button', { name: 'Review…' }).click();
    await page.getByRole('button', { name: 'Change the lab ceph' }).click();
    await page.getByText('Done and verified').waitFor();
    await page.getByRole('button', { name: 'Done', exact: true }).click();
    await page.locator('tr.row', { hasText: 'ceph-cluster' }).waitFor();
    await row.click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Leave the role node-1 in ceph…' }).click();
    await page.getByRole('button', { name: 'Change the lab ceph' }).click();
    await page.getByText('Done and verified').waitFor();
    await page.getByRole('button', { name: 'Done', exact: true }).click();
    await page.locator('tr.row', { hasText: 'ceph-cluster' }).waitFor({ state: 'detached' });
  });

  it('has kept its file, remarks and all, with those of before', async () => {
    const { page } = launched;
    await goTo(launched, 'Labs');
    await lab('ceph').getByRole('button', { name: 'Edit…' }).click();
    await page.locator('.cm-line', { hasText: '# Say which machine plays a role' }).waitFor();
    await page.getByRole('button', { name: 'Earlier versions' }).click();
    await page.getByRole('menuitem', { name: /^Applied / }).last().click();
    await page.locator('.cm-line', { hasText: 'mtu: 9000' }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await lab('ceph').waitFor();
  });

  it('is cloned with subnets of its own, by its file', async () => {
    const { page } = launched;
    await lab('ceph').getByRole('button', { name: 'Clone…' }).click();
    await page.getByLabel('Name of the new lab').fill('rook');
    await page.keyboard.press('Enter');
    await page.getByText('It fits Practice host').waitFor();
    await page.getByRole('button', { name: 'Preview…' }).click();
    await page.getByRole('button', { name: 'Create the lab rook' }).click();
    await page.getByText('Done and verified').waitFor();
    await page.getByRole('button', { name: 'Done', exact: true }).click();
    await page.getByRole('button', { name: 'Back to the labs' }).click();
    await lab('rook').getByText('2 networks').waitFor();
  });

  it('is destroyed without a trace', async () => {
    const { page } = launched;
    for (const name of ['ceph', 'rook']) {
      await lab(name).getByRole('button', { name: 'Destroy…' }).click();
      await page.getByRole('button', { name: 'Destroy the lab' }).click();
      await page.getByText('Done and verified').waitFor();
      await page.getByRole('button', { name: 'Done', exact: true }).click();
    }
    await page.getByRole('heading', { name: 'A lab is several networks that belong together' }).waitFor();
    await goTo(launched, 'Networks');
    await page.locator('tr.row').first().waitFor();
    expect(await page.locator('tr.row', { hasText: /ceph|rook/ }).count()).toBe(0);
  });

  it('makes a jump box of its own, and says how to log in through it', async () => {
    const { page } = launched;
    await goTo(launched, 'Labs');
    await page.getByRole('list', { name: 'Templates' }).getByRole('link', { name: /^Isolated/ }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('iso');
    await page.getByRole('cell', { name: 'iso-inner' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Create lab' }).click();
    await page.getByText('Done and verified').waitFor();
    await page.getByRole('button', { name: 'See the lab' }).click();
    await lab('iso').locator('text', { hasText: 'jump box' }).last().waitFor();
    await goTo(launched, 'Machines');
    await page.locator('tr.row', { hasText: 'iso-jump-box' }).first().click();
    await page.getByRole('button', { name: 'More for iso-jump-box' }).click();
    await page.getByRole('menuitem', { name: 'Log in through it…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Log in through iso-jump-box' });
    await dialog.getByText(/^iso-jump-box-\w{8} ssh-ed25519 AAAA/).waitFor();
    expect(await dialog.getByLabel('Entry for ~/.ssh/config').textContent()).toMatch(/Host iso-jump-box\n {2}HostName [\d.]+\n {2}User jump\n/);
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await goTo(launched, 'Labs');
    await lab('iso').getByRole('button', { name: 'Destroy…' }).click();
    await page.getByRole('button', { name: 'Destroy the lab' }).click();
    await page.getByText('Done and verified').waitFor();
  });
});
