/** Logging in where something is wrong on this computer: a real sshd on the loopback interface, and a user's own files. */
import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SshDaemon } from '../integration/support/ssh-daemon';
import { launchApp } from './app';
import type { LaunchedApp } from './app';
import { takePicture } from './lab-window';

const passphrase = 'correct horse';

describe('logging in', () => {
  let daemon: SshDaemon;
  let launched: LaunchedApp;

  beforeAll(async () => {
    daemon = await SshDaemon.start();
    daemon.authorize(daemon.makeKey('id_locked', { passphrase }));
    const sshFolder = mkdtempSync(path.join(tmpdir(), 'netwright-ssh-'));
    for (const name of ['id_locked', 'id_locked.pub']) cpSync(path.join(daemon.folder, name), path.join(sshFolder, name));
    writeFileSync(path.join(sshFolder, 'id_closed'), 'a key that nobody may read\n');
    writeFileSync(path.join(sshFolder, 'id_text'), 'not a key\n');
    writeFileSync(path.join(sshFolder, 'config'), `Host attic\n  HostName 10.0.0.12\n  Port many\nHost shed\n  HostName 10.0.0.13\n`);
    try {
      launched = await launchApp({ sshFolder });
    } finally {
      rmSync(sshFolder, { recursive: true });
    }
    chmodSync(path.join(launched.homeDir, '.ssh', 'id_closed'), 0);
    launched.page.setDefaultTimeout(10_000);
  });
  afterAll(async () => {
    await launched?.close();
    await daemon?.remove();
  });
  beforeEach(({ onTestFailed, task }) => onTestFailed(() => takePicture(launched, task.name)));

  /** The form for the daemon with a key file, filled in but not sent. */
  async function fillForm(name: string, keyPath: string): Promise<Locator> {
    const { page } = launched;
    await page.getByRole('button', { name: 'Add a host' }).first().click();
    const form = page.getByRole('dialog', { name: 'Add a host' });
    await form.getByLabel('Address').fill(`${daemon.user}@127.0.0.1:${daemon.port}`);
    await form.getByLabel('Name in Netwright').fill(name);
    await form.getByRole('combobox', { name: 'Log in with' }).click();
    await page.getByRole('option', { name: 'A key file' }).click();
    await form.getByLabel('Key file').fill(keyPath);
    return form;
  }

  async function acceptHostKey(name: string): Promise<void> {
    await launched.page.getByRole('dialog', { name: `Is this ${name}?` }).getByRole('button', { name: 'Accept the key and connect' }).click();
  }

  it('says which line of ~/.ssh/config is wrong, and offers the hosts that could be read', async () => {
    const { page } = launched;
    await page.getByRole('button', { name: 'Add a host' }).first().click();
    const form = page.getByRole('dialog', { name: 'Add a host' });
    await form.getByText(/The SSH configuration has a mistake\. .*\.ssh\/config, line 3: .+/).waitFor();
    await form.getByText('Pick a host you already have').click();
    await page.getByRole('option', { name: /^shed/ }).click();
    expect(await form.getByLabel('Address').inputValue()).toBe('10.0.0.13');
    await form.getByRole('button', { name: 'Cancel' }).click();
    await form.waitFor({ state: 'detached' });
  });

  it('says beside the fields what the form can\'t be sent with, and keeps what was typed', async () => {
    const form = await fillForm('typed', 'id_relative');
    await form.getByLabel('Port').fill('70000');
    await form.getByRole('button', { name: 'Add and connect' }).click();
    await form.getByText('A full path, or one that starts with ~/').waitFor();
    await form.getByText('A port is 1 to 65535').waitFor();
    expect(await form.getByLabel('Name in Netwright').inputValue()).toBe('typed');
    await form.getByRole('button', { name: 'Cancel' }).click();
  });

  it.each([
    ['missing', '~/.ssh/id_gone', /id_gone.*(does not exist|not exist|missing|no such file)/i],
    ['closed', '~/.ssh/id_closed', /id_closed/],
    ['text', '~/.ssh/id_text', /id_text/],
  ])('says what is wrong with a key file: %s', async (name, keyPath, sentence) => {
    const { page } = launched;
    const form = await fillForm(name, keyPath);
    await form.getByRole('button', { name: 'Add and connect' }).click();
    await page.getByRole('heading', { name: `Can’t connect to ${name}` }).or(page.getByRole('dialog', { name: `Is this ${name}?` })).first().waitFor();
    if (await page.getByRole('dialog', { name: `Is this ${name}?` }).isVisible()) await acceptHostKey(name);
    await page.getByRole('heading', { name: `Can’t connect to ${name}` }).waitFor();
    const notice = page.getByRole('main').getByRole('alert').filter({ hasText: sentence });
    await notice.waitFor();
    await notice.getByRole('button', { name: 'Edit the host…' }).click();
    const editor = page.getByRole('dialog', { name: `Edit ${name}` });
    expect(await editor.getByLabel('Key file').inputValue()).toBe(keyPath);
    await editor.getByRole('button', { name: 'Cancel' }).click();
  });

  it('asks again after a wrong passphrase, and says so', async () => {
    const { page } = launched;
    const form = await fillForm('locked', '~/.ssh/id_locked');
    await form.getByRole('button', { name: 'Add and connect' }).click();
    const dialog = page.getByRole('dialog', { name: 'Passphrase of the key · locked' });
    await dialog.or(page.getByRole('dialog', { name: 'Is this locked?' })).first().waitFor();
    if (!(await dialog.isVisible())) await acceptHostKey('locked');
    const field = dialog.getByLabel(/^Passphrase for .*id_locked/);
    await field.fill('wrong');
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await dialog.getByText('That passphrase does not open the key.').waitFor();
    await field.fill(passphrase);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: /^locked.*, connected/ }).waitFor();
  });

  it('wrote nothing of an error to its console', () => {
    expect(launched.pageErrors).toEqual([]);
  });
});
