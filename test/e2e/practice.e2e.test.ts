import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchApp } from './app';
import type { LaunchedApp } from './app';
import { takePicture } from './lab-window';
import { goTo, openPracticeHost, tabTo } from './practice-window';

/** A network that another tool has made: with parts that the wizard doesn't show. */
function plantForeignParts(userDataDir: string): void {
  const file = path.join(userDataDir, 'practice.json');
  const state = JSON.parse(readFileSync(file, 'utf8')) as { networks: { name: string; persistent: Record<string, unknown> & { dns: Record<string, unknown> } }[] };
  const oldLab = state.networks.find((network) => network.name === 'old-lab')!.persistent;
  oldLab.metadata = ['<lab:owner xmlns:lab="https://lab.example/1">mara</lab:owner>'];
  oldLab.dns.srv = [[['service', 'ldap'], ['protocol', 'tcp'], ['target', 'dc1.lab.internal'], ['port', '389']]];
  writeFileSync(file, JSON.stringify(state));
}

describe('the practice host in the window', () => {
  const userDataDir = mkdtempSync(path.join(tmpdir(), 'netwright-practice-'));
  let launched: LaunchedApp;

  async function start(): Promise<void> {
    launched = await launchApp({ userDataDir });
    launched.page.setDefaultTimeout(10_000);
  }
  beforeAll(start);
  afterAll(async () => {
    await launched?.close();
    rmSync(userDataDir, { recursive: true, force: true });
  });
  beforeEach(({ onTestFailed, task }) => onTestFailed(() => takePicture(launched, task.name)));

  it('is one click away for somebody who has no other, and shows its map', async () => {
    const { page } = launched;
    await openPracticeHost(launched);
    for (const name of ['Machine git, running', 'NIC eno1', 'Bridge virbr0']) await page.getByRole('button', { name: new RegExp(`^${name}`) }).waitFor();
    await page.getByText('Practice', { exact: true }).first().waitFor();
  });

  it('gets a network by keyboard alone', async () => {
    const { page } = launched;
    await page.keyboard.press('Control+n');
    await tabTo(launched, page.getByRole('link', { name: /^NAT/ }));
    await page.keyboard.press('Enter');
    await tabTo(launched, page.getByLabel('Name', { exact: true }));
    await page.keyboard.press('Control+a');
    await page.keyboard.type('keys');
    await tabTo(launched, page.getByLabel('Subnet'));
    await page.keyboard.press('Control+a');
    await page.keyboard.type('10.80.0.0/24');
    for (const step of [/^DHCP and names/, /^Options/, /^Review/]) {
      await tabTo(launched, page.getByRole('button', { name: 'Next' }));
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: step }).waitFor();
    }
    await page.getByText('virsh -c qemu:///system net-start keys').waitFor();
    const views = page.getByRole('tablist', { name: 'Views of the plan' });
    await tabTo(launched, views.getByRole('tab', { name: 'What happens' }));
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.getByRole('tabpanel', { name: 'XML' }).getByText('<name>keys</name>').waitFor();
    await tabTo(launched, page.getByRole('button', { name: 'Create network' }));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Done and verified' }).waitFor();
    await tabTo(launched, page.getByRole('button', { name: 'See the network' }));
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /^keys active/ }).waitFor();
  });

  it('says beside each field what is wrong with it, and loses nothing that was typed', async () => {
    const { page } = launched;
    await page.getByRole('button', { name: 'New network' }).click();
    await page.getByRole('link', { name: /^NAT/ }).click();
    const fill = async (label: string | RegExp, text: string): Promise<void> => {
      const field = page.getByLabel(label, typeof label === 'string' ? { exact: true } : {});
      await field.fill(text);
      await field.blur();
    };
    const says = async (label: string | RegExp, sentence: string): Promise<void> => {
      const field = page.getByLabel(label, typeof label === 'string' ? { exact: true } : {});
      expect(await field.getAttribute('aria-invalid')).toBe('true');
      const described = await field.evaluate((element) => (element.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' '));
      expect(described).toContain(sentence);
    };
    await page.getByText(/^More: title/).click();
    await fill('Name', 'default');
    await says('Name', 'There is a network “default” on this host already.');
    await fill('Name', 'a/b');
    await says('Name', 'can\'t hold “/”');
    await fill('Subnet', '192.168.122.0/25');
    await says('Subnet', '192.168.122.0/25 overlaps 192.168.122.0/24, which is in use: default on Practice host.');
    await fill('Subnet', '224.0.0.0/24');
    await says('Subnet', 'is reserved for');
    await fill('Subnet', '10.81.0.0/24');
    await fill('Bridge', 'virbr-far-too-long');
    await says('Bridge', 'Linux allows 15 characters');
    await page.getByRole('button', { name: 'Next' }).click();
    expect(await page.getByLabel('Name', { exact: true }).evaluate((element) => element === document.activeElement)).toBe(true);
    await fill('Name', 'typed');
    await fill('Bridge', 'virbr81');
    await page.getByRole('button', { name: 'Next' }).click();

    await fill('Last address, row 1', '10.82.0.9');
    await says('Last address, row 1', '10.82.0.9 is outside the subnet 10.81.0.0/24.');
    await fill('Last address, row 1', '10.81.0.20');
    await says('Last address, row 1', 'The range is reversed');
    await fill('First address, row 1', '10.81.0.10');
    for (const row of [1, 2]) {
      await page.getByRole('button', { name: 'Add a static lease' }).click();
      await fill(`MAC address, row ${row}`, '52:54:00:12:34:56');
      await fill(new RegExp(`^Address, row ${row}`), `10.81.0.10${row}`);
    }
    await says('MAC address, row 2', '52:54:00:12:34:56 has a lease already');
    await page.getByRole('button', { name: 'Remove static lease 2' }).click();
    await page.getByLabel('IPv6 as well').check();
    const ipv6 = page.getByLabel('Host’s address', { exact: true });
    await ipv6.fill('fd00::xyz/64');
    await ipv6.blur();
    await says('Host’s address', '“fd00::xyz” is not an IPv6 address');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('heading', { name: 'DHCP and names' }).waitFor();
    await ipv6.fill('fd12:3456:789a::1/64');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('heading', { name: /^Review/ }).waitFor();

    await page.getByRole('button', { name: 'Name and addresses' }).click();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('typed');
    await page.getByRole('button', { name: 'DHCP and names' }).click();
    expect(await page.getByLabel('MAC address, row 1').inputValue()).toBe('52:54:00:12:34:56');
    await page.getByRole('button', { name: 'Cancel' }).click();
    const question = page.getByRole('dialog', { name: 'Leave without making this change?' });
    await question.getByRole('button', { name: 'Stay' }).click();
    expect(await page.getByLabel('MAC address, row 1').inputValue()).toBe('52:54:00:12:34:56');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await question.getByRole('button', { name: 'Leave, forget it' }).click();
    await page.getByRole('grid', { name: 'Networks' }).waitFor();
  });

  it('keeps its state, its history and the last snapshot over a restart; the snapshot is marked stale', async () => {
    await launched.close();
    plantForeignParts(userDataDir);
    await start();
    const { page } = launched;
    await page.getByText(/^Not connected\. You see Practice host as it was at/).waitFor();
    await goTo(launched, 'Networks');
    await page.getByRole('row', { name: /^keys active/ }).waitFor();
    expect(await page.getByRole('button', { name: 'New network' }).isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'New network' }).getAttribute('title')).toBe('Connect to the host first');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByText(/^Not connected\./).waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /^keys active/ }).waitFor();
    await goTo(launched, 'History');
    await page.getByRole('row', { name: /Create the NAT network keys/ }).waitFor();
  });

  it('changes only what was changed of a network that holds more than the wizard shows', async () => {
    const { page } = launched;
    await goTo(launched, 'Networks');
    await page.getByRole('row', { name: /^old-lab/ }).dblclick();
    await page.getByRole('heading', { name: 'Name and addresses' }).waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('textbox', { name: /^Domain(?!,)/ }).first().fill('old.internal');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('tab', { name: 'XML' }).click();
    const change = page.getByRole('region', { name: /changed$/ });
    expect((await change.locator('.added code').allInnerTexts()).map((line) => line.trim())).toEqual(["<domain name='old.internal' localOnly='yes'/>"]);
    expect(await change.locator('.removed').count()).toBe(0);
    await page.getByRole('button', { name: 'Change network' }).click();
    await page.getByRole('heading', { name: 'Done and verified' }).waitFor();
    await page.getByRole('button', { name: 'See the network' }).click();
    await page.getByRole('row', { name: /^old-lab/ }).click();
    const inspector = page.getByRole('complementary', { name: 'old-lab' });
    await inspector.getByRole('tab', { name: 'XML' }).click();
    const xml = inspector.getByRole('tabpanel', { name: 'XML' });
    for (const part of ['old.internal', 'dc1.lab.internal', 'https://lab.example/1', '52:54:00:90:11:ee']) await xml.getByText(part).first().waitFor();
  });

  it('says what a deletion costs before it is done, and takes it back', async () => {
    const { page } = launched;
    await page.getByRole('button', { name: 'Actions for sandbox' }).click();
    await page.getByRole('menuitem', { name: 'Delete…' }).click();
    const review = page.getByRole('complementary', { name: 'Review of a change' });
    await review.getByText('malware-lab runs on sandbox and loses this network at once.').waitFor();
    await review.getByRole('button', { name: 'Delete network' }).click();
    await review.getByRole('heading', { name: 'Done and verified' }).waitFor();
    await review.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('row', { name: /^sandbox/ }).waitFor({ state: 'detached' });

    await goTo(launched, 'History');
    await page.getByRole('row', { name: /Delete the network sandbox/ }).click();
    await page.getByRole('button', { name: 'Undo…' }).click();
    await review.getByRole('button', { name: 'Undo', exact: true }).click();
    await review.getByRole('heading', { name: /^Done/ }).waitFor();
    await review.getByRole('button', { name: 'Done' }).click();
    await goTo(launched, 'Networks');
    await page.getByRole('row', { name: /^sandbox active/ }).waitFor();
  });

  it('wrote nothing of an error to its console', () => {
    expect(launched.pageErrors).toEqual([]);
  });
});
