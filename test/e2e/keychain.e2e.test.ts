/** A passphrase in a real keychain: GNOME's keyring, by way of Electron's safeStorage. */
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SshDaemon } from '../integration/support/ssh-daemon';
import { launchApp } from './app';
import type { LaunchedApp } from './app';
import { takePicture } from './lab-window';

const passphrase = 'kept-in-a-real-keyring-Jw4';

describe('a secret that is remembered', () => {
  const [homeDir, userDataDir, sshFolder] = ['home', 'data', 'ssh'].map((name) => mkdtempSync(path.join(tmpdir(), `netwright-keychain-${name}-`))) as [string, string, string];
  let daemon: SshDaemon;
  let launched: LaunchedApp;

  async function start(withKeys = false): Promise<void> {
    launched = await launchApp({ homeDir, userDataDir, keyring: true, ...withKeys ? { sshFolder } : {} });
    launched.page.setDefaultTimeout(15_000);
  }
  beforeAll(async () => {
    daemon = await SshDaemon.start();
    daemon.authorize(daemon.makeKey('id_locked', { passphrase }));
    for (const name of ['id_locked', 'id_locked.pub']) cpSync(path.join(daemon.folder, name), path.join(sshFolder, name));
    await start(true);
  });
  afterAll(async () => {
    await launched?.close();
    await daemon?.remove();
    for (const folder of [homeDir, userDataDir, sshFolder]) rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(({ onTestFailed, task }) => onTestFailed(() => takePicture(launched, task.name)));

  const link = (): Locator => launched.page.getByRole('link', { name: /^vault/ });
  const connected = (): Promise<void> => link().filter({ hasText: ', connected' }).waitFor();
  const question = (): Locator => launched.page.getByRole('dialog', { name: 'Passphrase of the key · vault' });
  const choose = async (entry: string): Promise<void> => {
    await link().click({ button: 'right' });
    await launched.page.getByRole('menuitem', { name: entry, exact: true }).click();
  };
  /** All that the app and the keyring wrote. */
  const files = (): string[] => [homeDir, userDataDir].flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)))
    .filter((name) => existsSync(name) && statSync(name).isFile());
  const kept = (): string[] => Object.keys((JSON.parse(readFileSync(path.join(userDataDir, 'secrets.json'), 'utf8')) as { secrets: Record<string, string> }).secrets);

  it('is offered to be kept in the keychain, and kept in no file in clear', async () => {
    const { page } = launched;
    await page.getByRole('button', { name: 'Add a host' }).first().click();
    const form = page.getByRole('dialog', { name: 'Add a host' });
    await form.getByLabel('Address').fill(`${daemon.user}@127.0.0.1:${daemon.port}`);
    await form.getByLabel('Name in Netwright').fill('vault');
    await form.getByRole('combobox', { name: 'Log in with' }).click();
    await page.getByRole('option', { name: 'A key file' }).click();
    await form.getByLabel('Key file').fill('~/.ssh/id_locked');
    await form.getByRole('button', { name: 'Add and connect' }).click();
    const trust = page.getByRole('dialog', { name: 'Is this vault?' });
    await trust.or(question()).first().waitFor();
    if (await trust.isVisible()) await trust.getByRole('button', { name: 'Accept the key and connect' }).click();
    await question().locator('input[type="password"]').fill(passphrase);
    await question().getByRole('checkbox', { name: 'Remember it in the keychain' }).click();
    await question().getByRole('button', { name: 'Continue' }).click();
    await connected();
    expect(kept()).toEqual([expect.stringContaining('/passphrase/')]);
    expect(files().some((name) => name.includes('/keyrings/'))).toBe(true);
    const holders = files().filter((name) => [passphrase, Buffer.from(passphrase).toString('base64').slice(0, -2)].some((text) => readFileSync(name).includes(text)));
    expect(holders).toEqual([]);
  });

  it('is not asked for again after a restart', async () => {
    await launched.close();
    await start();
    await choose('Connect');
    await connected();
  });

  it('is forgotten with one click, which says so, and then asked for again', async () => {
    const { page } = launched;
    await choose('Edit…');
    const form = page.getByRole('dialog', { name: 'Edit vault' });
    await form.getByText('in the keychain', { exact: true }).waitFor();
    await form.getByRole('button', { name: 'Forget it' }).click();
    await form.getByText('Forgotten: you are asked at the next connect.').waitFor();
    expect(kept()).toEqual([]);
    await form.getByRole('button', { name: 'Cancel' }).click();
    await form.waitFor({ state: 'detached' });
    await choose('Disconnect');
    await link().filter({ hasText: ', not connected' }).waitFor();
    await choose('Connect');
    await question().getByRole('button', { name: 'Cancel' }).click();
    await link().filter({ hasText: ', not connected' }).waitFor();
  });
});
