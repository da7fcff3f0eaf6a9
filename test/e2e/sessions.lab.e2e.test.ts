import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LAB_USERS, LabHost } from '../lab/lab';
import type { LaunchedApp } from './app';
import { addHost, launchWithLabKey, takePicture } from './lab-window';

describe('sessions in the window', () => {
  let host: LabHost;
  let bare: LabHost;
  let launched: LaunchedApp;

  beforeAll(async () => {
    [host, bare] = await Promise.all([LabHost.up('e2e-session'), LabHost.up('e2e-bare', { variant: 'no-libvirt' })]);
    launched = await launchWithLabKey(`${await host.knownHostsLine()}\n${await bare.knownHostsLine()}\n`);
  });
  afterAll(async () => {
    await launched?.close();
    await Promise.all([host?.down(), bare?.down()]);
  });
  beforeEach(({ onTestFailed, task }) => onTestFailed(() => takePicture(launched, task.name)));

  it('comes back by itself when sshd is restarted, showing the last snapshot as stale meanwhile', async () => {
    const { page } = launched;
    await addHost(launched, host, { name: 'attic' });
    await page.getByRole('link', { name: /^Networks/ }).click();
    await page.getByRole('row', { name: /^default/ }).waitFor();
    await host.cutLink();
    await host.restartSshd();
    await host.restoreLink();
    await page.getByText(/reconnecting/i).first().waitFor();
    expect(await page.getByRole('row', { name: /^default/ }).isVisible()).toBe(true);
    await page.getByRole('button', { name: 'New network' }).and(page.locator(':enabled')).waitFor();
  });

  it('finds out within seconds after a sleep that the connection is dead, and that the host is back', async () => {
    const { app, page } = launched;
    /** As the system says it; Electron's own object, so that all of the app's wiring is tried. */
    const wakeUp = (): Promise<unknown> => app.evaluate(({ powerMonitor }) => powerMonitor.emit('resume'));
    const link = page.getByRole('link', { name: /^attic/ });
    await link.filter({ hasText: ', connected' }).waitFor();
    await host.cutLink();
    const wokeAt = Date.now();
    await wakeUp();
    await link.filter({ hasText: /, (reaching the host|reconnecting)/ }).waitFor();
    // Unanswered keepalives would take 45 s.
    expect(Date.now() - wokeAt).toBeLessThan(8_000);
    await host.restoreLink();
    await wakeUp();
    await link.filter({ hasText: ', connected' }).waitFor();
  });

  it('shows what a host without libvirt has, and says what is missing', async () => {
    const { page } = launched;
    await addHost(launched, bare, { name: 'bare' });
    await page.getByRole('status').getByText('libvirt is not installed.').waitFor();
    const create = page.getByRole('button', { name: 'New network' });
    expect([await create.isDisabled(), await create.getAttribute('title')]).toEqual([true, 'There is no libvirt']);
    await page.getByRole('link', { name: /^Networks/ }).click();
    await page.getByRole('heading', { name: 'There is no libvirt' }).waitFor();
    expect(await page.getByText('virsh is not installed on this host.').count()).toBe(1);
    await page.getByRole('link', { name: /^Switches/ }).click();
    await page.getByText('enp1s0').first().waitFor();
  });

  it('lets a user without rights look, and says how to get them', async () => {
    const { page } = launched;
    await addHost(launched, host, { name: 'as plain', user: 'plain' });
    await page.getByRole('status').getByText('plain may only look.').waitFor();
    await page.getByRole('link', { name: /^Networks/ }).click();
    await page.getByRole('row', { name: /^default/ }).waitFor();
  });

  it('asks for sudo\'s password, says when it was wrong, and keeps it out of everything that is written', async () => {
    const { page } = launched;
    await addHost(launched, host, { name: 'as admin', user: 'admin', sudo: true });
    const dialog = page.getByRole('dialog', { name: /Password for sudo/ });
    await dialog.getByLabel('sudo password for admin').fill('not-the-password');
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await dialog.getByText(/not accept|wrong/i).first().waitFor();
    await dialog.getByLabel('sudo password for admin').fill(LAB_USERS.admin.password);
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('link', { name: /^Networks/ }).click();
    await page.getByRole('row', { name: /^default/ }).waitFor();
    const activity = await page.evaluate(async () => {
      const { netwright } = window as unknown as { netwright: { invoke(name: string, input: unknown): Promise<unknown> } };
      const hosts = (await netwright.invoke('hosts.list', undefined)) as { value: { profile: { id: string } }[] };
      return JSON.stringify(await Promise.all(hosts.value.map(({ profile }) => netwright.invoke('activity.list', { hostId: profile.id }))));
    });
    expect(activity).toContain('net-list');
    expect(activity).not.toContain(LAB_USERS.admin.password);
  });

  it('blocks a host whose key changed, says why, and sends nothing', async () => {
    const { page } = launched;
    const knownHosts = path.join(launched.homeDir, '.ssh', 'known_hosts');
    const lines = readFileSync(knownHosts, 'utf8');
    const other = (await bare.knownHostsLine()).replaceAll(bare.address, host.address);
    writeFileSync(knownHosts, `${other}\n`);
    const logins = async (): Promise<number> => Number(await host.execOrThrow('journalctl -t sshd --no-pager | grep -c Accepted || true'));
    const before = await logins();
    expect(before).toBeGreaterThan(0);
    await addHost(launched, host, { name: 'impostor' });
    await page.getByText(/host key.*changed|changed.*host key/i).first().waitFor();
    await page.getByRole('link', { name: /^impostor can’t connect/ }).waitFor();
    expect(await logins()).toBe(before);
    writeFileSync(knownHosts, lines);
  });
});
