/** Keeping many hosts in order: names, places, groups, colours, and hosts that are not in use. None of them is ever reached. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newHostProfile } from '../../shared/domain/host';
import type { HostProfile } from '../../shared/domain/host';
import { launchApp } from './app';
import type { LaunchedApp } from './app';
import { takePicture } from './lab-window';
import { focused } from './practice-window';

/** TEST-NET-1 (RFC 5737): nobody answers there. */
const connection = {
  kind: 'ssh' as const, address: '192.0.2.1', port: 22, user: 'root', auth: 'auto' as const, keyPath: null, sshConfigAlias: null, useSudo: false, proxyJump: null, client: 'builtin' as const,
};

describe('many hosts', () => {
  const userDataDir = mkdtempSync(path.join(tmpdir(), 'netwright-hosts-'));
  let launched: LaunchedApp;

  async function start(): Promise<void> {
    launched = await launchApp({ userDataDir });
    launched.page.setDefaultTimeout(10_000);
    await host('beta').waitFor();
  }
  beforeAll(async () => {
    mkdirSync(userDataDir, { recursive: true });
    const hosts = ['alpha', 'beta', 'gamma', 'delta'].map((name) => newHostProfile(`id-${name}`, name, connection));
    writeFileSync(path.join(userDataDir, 'hosts.json'), JSON.stringify({ version: 1, hosts }));
    writeFileSync(path.join(userDataDir, 'settings.json'), JSON.stringify({ connectAtStart: ['practice'] }));
    await start();
  });
  afterAll(async () => {
    await launched?.close();
    rmSync(userDataDir, { recursive: true, force: true });
  });
  beforeEach(({ onTestFailed, task }) => onTestFailed(() => takePicture(launched, task.name)));

  const rail = (): Locator => launched.page.getByRole('navigation', { name: 'Hosts and places' });
  const host = (name: string): Locator => rail().getByRole('link', { name: new RegExp(`^${name}\\b`) });
  const names = (): Promise<string[]> => rail().locator('.hosts .name').allTextContents();
  const kept = (): HostProfile[] => (JSON.parse(readFileSync(path.join(userDataDir, 'hosts.json'), 'utf8')) as { hosts: HostProfile[] }).hosts;
  const choose = async (name: string, ...entries: (string | RegExp)[]): Promise<void> => {
    await host(name).click({ button: 'right' });
    for (const entry of entries) await launched.page.locator('[role^="menuitem"]').filter({ hasText: entry }).last().click();
    await launched.page.getByRole('menu').first().waitFor({ state: 'detached' });
  };

  it('connects to those, and only those, that are to be connected to at start', async () => {
    await host('Practice host').filter({ hasText: ', connected' }).waitFor();
    expect(await rail().getByRole('link', { name: /, not connected/ }).count()).toBe(4);
  });

  it('renames a host where it stands, and keeps what was typed when the name is taken', async () => {
    const { page } = launched;
    await host('alpha').focus();
    await page.keyboard.press('F2');
    const field = rail().getByLabel('New name of alpha');
    await field.fill('beta');
    await page.keyboard.press('Enter');
    await rail().getByRole('alert').filter({ hasText: 'There is a host named beta already.' }).waitFor();
    expect(await field.inputValue()).toBe('beta');
    await field.fill('first');
    await page.keyboard.press('Enter');
    await expect.poll(names).toEqual(['first', 'beta', 'gamma', 'delta', 'Practice host']);
    await expect.poll(() => focused(launched)).toContain('first');
    await page.keyboard.press('F2');
    await rail().getByLabel('New name of first').fill('never');
    await page.keyboard.press('Escape');
    await expect.poll(names).toContain('first');
    expect(kept()[0]?.name).toBe('first');
  });

  it('moves hosts by the keyboard, which stays on the host that moves', async () => {
    const { page } = launched;
    await host('first').focus();
    await page.keyboard.press('Alt+ArrowDown');
    await page.keyboard.press('Alt+ArrowDown');
    await expect.poll(names).toEqual(['beta', 'gamma', 'first', 'delta', 'Practice host']);
    expect(await focused(launched)).toContain('first');
    await page.keyboard.press('Alt+ArrowUp');
    await rail().getByRole('status').filter({ hasText: 'first, 2 of 4' }).waitFor();
    await expect.poll(() => kept().map(({ name }) => name)).toEqual(['beta', 'first', 'gamma', 'delta']);
  });

  it('opens the same menu by mouse, by keyboard, and by its button', async () => {
    const { page } = launched;
    const entries = async (): Promise<string[]> => {
      await page.getByRole('menu').waitFor();
      const texts = await page.getByRole('menu').locator('[role^="menuitem"] [data-slot="itemLabel"]').allTextContents();
      await page.keyboard.press('Escape');
      await page.getByRole('menu').waitFor({ state: 'detached' });
      return texts.map((text) => text.trim());
    };
    await host('beta').click({ button: 'right' });
    const byMouse = await entries();
    await host('beta').focus();
    await page.keyboard.press('Shift+F10');
    expect(await entries()).toEqual(byMouse);
    const hasFocus = (element: Element): boolean => element === document.activeElement;
    await expect.poll(() => host('beta').evaluate(hasFocus)).toBe(true);
    const button = rail().getByRole('button', { name: 'Actions for beta' });
    await button.focus();
    await page.keyboard.press('Enter');
    expect(await entries()).toEqual(byMouse);
    await expect.poll(() => button.evaluate(hasFocus)).toBe(true);
    await button.click();
    await page.getByRole('menu').waitFor();
    await button.click();
    await page.getByRole('menu').waitFor({ state: 'detached' });
    expect(byMouse).toEqual([
      'Connect', 'Open a terminal', 'Rename', 'Edit…', 'Group', 'Colour', 'Move up', 'Move down', 'Connect at start', 'Disable', 'Forget kept secrets', 'Remove…',
    ]);
  });

  it('groups hosts under a heading that folds, by menu and by dragging', async () => {
    const { page } = launched;
    await choose('gamma', 'Group', 'New group…');
    const dialog = page.getByRole('dialog', { name: 'New group for gamma' });
    await dialog.getByLabel('Name of the group').fill('Rack');
    await dialog.getByRole('button', { name: 'Make the group' }).click();
    await rail().getByRole('button', { name: /^Rack/, expanded: true }).waitFor();
    await choose('delta', 'Group', 'Rack');
    await expect.poll(names).toEqual(['beta', 'first', 'Rack', 'gamma', 'delta', 'Practice host']);
    await host('first').dragTo(host('delta'), { targetPosition: { x: 40, y: 4 } });
    await expect.poll(names).toEqual(['beta', 'Rack', 'gamma', 'first', 'delta', 'Practice host']);
    await expect.poll(() => kept().filter(({ group }) => group === 'Rack').map(({ name }) => name)).toEqual(['gamma', 'first', 'delta']);
    await rail().getByRole('button', { name: /^Rack/ }).click();
    await expect.poll(names).toEqual(['beta', 'Rack', 'Practice host']);
  });

  it('does not connect to a disabled host, and says why', async () => {
    const { page } = launched;
    await choose('beta', 'Disable');
    await host('beta').filter({ hasText: 'disabled' }).click();
    await page.getByRole('heading', { name: 'beta is disabled' }).waitFor();
    const reply = await page.evaluate(() => (window as unknown as { netwright: { invoke(name: string, input: unknown): Promise<unknown> } }).netwright.invoke('sessions.connect', { hostId: 'id-beta' }));
    expect(reply).toMatchObject({ ok: false, error: { code: 'host.disabled', title: 'beta is disabled' } });
  });

  it('remembers all of it', async () => {
    await choose('beta', 'Colour', 'Teal');
    await expect.poll(() => kept()[0]?.colour).toBe('teal');
    await launched.close();
    await start();
    await rail().getByRole('button', { name: /^Rack/, expanded: false }).click();
    await expect.poll(names).toEqual(['beta', 'Rack', 'gamma', 'first', 'delta', 'Practice host']);
    expect(await host('beta').textContent()).toContain('disabled');
    await choose('beta', 'Enable');
    await expect.poll(() => kept()[0]?.disabled).toBe(false);
  });

  it('made no errors in the page', () => {
    expect(launched.pageErrors).toEqual([]);
  });
});
