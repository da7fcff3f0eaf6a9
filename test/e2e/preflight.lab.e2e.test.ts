/** A host that lacks something: what the window says of it, and how it is put right from there. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LabHost } from '../lab/lab';
import { runProcessOrThrow } from '../lab/run-process';
import type { LaunchedApp } from './app';
import { addHost, launchWithLabKey, takePicture } from './lab-window';
import { goTo } from './practice-window';

describe('the health of a host, in the window', () => {
  let bare: LabHost;
  let host: LabHost;
  let launched: LaunchedApp;

  beforeAll(async () => {
    [bare, host] = [await LabHost.up('e2e-pf-bare', { variant: 'no-libvirt' }), await LabHost.up('e2e-pf')];
    await runProcessOrThrow([fileURLToPath(new URL('../lab/lab-packages', import.meta.url)), bare.name]);
    launched = await launchWithLabKey(`${await bare.knownHostsLine()}\n${await host.knownHostsLine()}\n`);
  });
  afterAll(async () => {
    await launched?.close();
    await Promise.all([bare?.down(), host?.down()]);
  });

  beforeEach(({ onTestFailed, task }) => onTestFailed(() => takePicture(launched, task.name)));

  it('leads from the banner to the fix, installs libvirt, and shows its networks', async () => {
    const { page } = launched;
    await addHost(launched, bare, { name: 'bare' });
    await page.getByRole('status').getByText('libvirt is not installed.').waitFor();
    await page.getByRole('link', { name: 'See what to do' }).click();
    await page.getByRole('heading', { name: 'bare needs a hand' }).waitFor();
    await page.getByRole('button', { name: 'Install libvirt…' }).click();
    const review = page.getByRole('complementary', { name: 'Review of a change' });
    await review.getByText('Fetch the lists of packages').waitFor();
    await review.getByText('The packages stay').waitFor();
    await review.getByRole('button', { name: 'Install libvirt' }).click();
    await review.getByRole('heading', { name: 'Done and verified' }).waitFor({ timeout: 120_000 });
    await review.getByRole('button', { name: 'Done', exact: true }).click();
    await page.getByRole('heading', { name: /^In the way: libvirt is not installed/ }).waitFor({ state: 'detached' });
    await goTo(launched, 'Networks');
    await page.getByRole('row', { name: /^default/ }).waitFor();
    expect((await bare.execOrThrow('virsh net-list --all --name')).trim()).toBe('default');
  });

  it('notices when libvirt is switched off, starts it, and takes that back from History', async () => {
    const { page } = launched;
    await addHost(launched, host, { name: 'attic' });
    await page.getByRole('banner').getByText(/libvirt \d/).waitFor();
    await host.execOrThrow('systemctl disable --quiet --now libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket libvirtd.service');
    await goTo(launched, 'Health');
    await page.getByRole('button', { name: 'Start libvirt…' }).click();
    const review = page.getByRole('complementary', { name: 'Review of a change' });
    await review.getByRole('button', { name: 'Start libvirt', exact: true }).click();
    await review.getByRole('heading', { name: 'Done and verified' }).waitFor({ timeout: 60_000 });
    await review.getByRole('button', { name: 'Done', exact: true }).click();
    expect(await host.execOrThrow('systemctl is-enabled libvirtd.service')).toBe('enabled\n');

    await goTo(launched, 'History');
    await page.getByRole('row', { name: /Start libvirt/ }).click();
    await page.getByRole('button', { name: 'Undo…' }).click();
    await review.getByRole('button', { name: 'Undo', exact: true }).click();
    await review.getByRole('heading', { name: 'Done and verified' }).waitFor({ timeout: 60_000 });
    await review.getByRole('button', { name: 'Done', exact: true }).click();
    expect((await host.exec('systemctl is-enabled libvirtd.service')).stdout).toBe('disabled\n');
  });

  it('gives a user the group, and offers to connect again', async () => {
    const { page } = launched;
    await addHost(launched, host, { name: 'as nopass', user: 'nopass', sudo: true });
    await page.getByRole('link', { name: /^as nopass.*connected/ }).waitFor();
    await goTo(launched, 'Health');
    await page.getByRole('button', { name: 'Add nopass to group libvirt…' }).click();
    const review = page.getByRole('complementary', { name: 'Review of a change' });
    await review.getByRole('button', { name: 'Add nopass to group libvirt', exact: true }).click();
    await review.getByRole('heading', { name: 'Done and verified' }).waitFor();
    await review.getByRole('button', { name: 'Done', exact: true }).click();
    const again = page.getByRole('button', { name: 'Connect again' });
    await again.click();
    await again.waitFor({ state: 'detached', timeout: 30_000 });
    expect(await host.execOrThrow('getent group libvirt')).toContain('nopass');
  });

  it('is calm where nothing is missing, and says what was looked at', async () => {
    const { page } = launched;
    await page.getByRole('link', { name: /^Practice host/ }).click();
    await goTo(launched, 'Health');
    await page.getByRole('heading', { name: 'Practice host was not looked at yet' }).waitFor();
    await page.getByRole('main').getByRole('button', { name: 'Connect' }).click();
    await page.getByRole('heading', { name: 'Practice host is ready' }).waitFor();
    await page.getByText('libvirt runs (9.0.0, monolithic)').waitFor();
  });
});
