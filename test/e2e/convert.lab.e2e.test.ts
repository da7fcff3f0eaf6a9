/** The guided bridge conversion, in the window, on real hosts: over the NIC that carries the window's own session. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LabHost } from '../lab/lab';
import { waitFor } from '../lab/run-process';
import type { LaunchedApp } from './app';
import { addHost, launchWithLabKey, takePicture } from './lab-window';
import { goTo } from './practice-window';

const patient = { timeout: 60_000 };

describe('the guided bridge conversion, in the window', () => {
  let host: LabHost;
  let faulty: LabHost;
  let launched: LaunchedApp;
  let knownHosts: string;
  const userDataDir = mkdtempSync(path.join(tmpdir(), 'nw-convert-'));

  beforeAll(async () => {
    [host, faulty] = await Promise.all([LabHost.up('gd-nm', { stack: 'nm' }), LabHost.up('gd-fault', { stack: 'networkd', variant: 'no-libvirt' })]);
    knownHosts = `${await host.knownHostsLine()}\n${await faulty.knownHostsLine()}\n`;
    launched = await launchWithLabKey(knownHosts, userDataDir);
  });
  afterAll(async () => {
    await launched?.close();
    await Promise.all([host?.down(), faulty?.down()]);
    rmSync(userDataDir, { recursive: true, force: true });
  });
  beforeEach(({ onTestFailed, task }) => onTestFailed(() => takePicture(launched, task.name)));

  const holderOf = async (lab: LabHost): Promise<string> => (await lab.execOrThrow('ip -br -4 addr show to 10.77.0.0/24')).split(/[\s@]/)[0]!;
  const heading = (name: string | RegExp) => launched.page.getByRole('heading', { name });
  const button = (name: string | RegExp) => launched.page.getByRole('button', { name });

  /** From Switches & NICs, by the row's menu, to a conversion that runs and will be kept only when the user says so. */
  async function convert(bridge: string): Promise<void> {
    const { page } = launched;
    await goTo(launched, 'Switches & NICs');
    await button('Actions for enp1s0').click();
    await page.getByRole('menuitem', { name: /^Convert into a bridge/ }).click();
    await page.getByRole('radio', { name: /^enp1s0.*carries this session/ }).waitFor();
    await button('Next').click();
    await page.getByLabel('Name', { exact: true }).fill('lo');
    await page.getByText('There is a lo already.').waitFor();
    expect(await button('Next').isDisabled()).toBe(true);
    await page.getByLabel('Name', { exact: true }).fill(bridge);
    await button('Next').click();
    await heading('Before you begin').waitFor();
    await page.getByRole('checkbox', { name: /go on/ }).check();
    await button('Next').click();
    await heading(`Review: enp1s0 becomes a port of ${bridge}`).waitFor();
    await page.getByRole('tab', { name: 'Files' }).click();
    await page.getByRole('region', { name: /^\/etc\// }).first().waitFor();
    await page.getByRole('radio', { name: /^When I say so/ }).check();
    await button('Convert enp1s0').click();
  }

  it('holds on trial while the app is closed, is taken up by its next start, and kept', async () => {
    const address = host.address;
    await addHost(launched, host, { name: 'attic', user: 'nopass', sudo: true });
    await launched.page.getByRole('banner').getByText(/libvirt \d/).waitFor();
    await convert('br0');
    await heading('enp1s0 → br0 on attic: on trial, and reached').waitFor(patient);
    expect(await holderOf(host)).toBe('br0');
    await button('More time').click();
    await launched.page.getByRole('timer').getByText(/^[4-5]:\d\d$/).waitFor(patient);
    await takePicture(launched, 'convert-on-trial');
    await launched.close();

    launched = await launchWithLabKey(knownHosts, userDataDir);
    await button('Connect').first().click();
    await launched.page.getByText(/enp1s0 → br0: on trial, and reached, goes back by itself in/).waitFor(patient);
    await launched.page.getByRole('link', { name: 'Keep or revert' }).click();
    await button('Keep br0').click();
    await heading('enp1s0 → br0 on attic: kept').waitFor(patient);
    await launched.page.getByText('Everything is as it was.').waitFor(patient);
    await launched.page.getByRole('cell', { name: `${address}/24` }).first().waitFor();
    await takePicture(launched, 'convert-kept');
    expect((await host.execOrThrow('cat /var/lib/netwright/tx/*/state')).trim()).toBe('DONE');
    expect(await holderOf(host)).toBe('br0');
  });

  it('leads on to a network on the new bridge', async () => {
    const { page } = launched;
    await page.getByRole('link', { name: 'New bridged network' }).click();
    await expect.poll(() => page.getByRole('radio', { name: /^br0/ }).isChecked(), patient).toBe(true);
    await goTo(launched, 'Switches & NICs');
    await page.getByRole('region', { name: /^br0,/ }).waitFor();
  });

  it('undoes it in the same careful way', async () => {
    const { page } = launched;
    await button('Convert a NIC…').click();
    await page.getByRole('link', { name: 'Undo the conversion enp1s0 → br0' }).click();
    await heading('Before you begin').waitFor();
    await page.getByRole('checkbox', { name: /go on/ }).check();
    await button('Next').click();
    await heading('Review: br0 goes, and enp1s0 is as before').waitFor();
    await button('Undo conversion').click();
    await heading('br0 → enp1s0 on attic: kept').waitFor(patient);
    await page.getByText('Everything is as it was.').waitFor(patient);
    expect(await holderOf(host)).toBe('enp1s0');
    expect(await host.execOrThrow('ip -br link')).not.toContain('br0');
    await takePicture(launched, 'convert-undone');
    await button('Done').click();
  });

  it('goes back by itself when the gateway no longer answers, and shows that as soon as the host can be asked again', async () => {
    const { page } = launched;
    await addHost(launched, faulty, { name: 'shed' });
    await page.getByRole('link', { name: /^shed.*connected/ }).waitFor();
    await convert('br0');
    await heading('enp1s0 → br0 on shed: on trial, and reached').waitFor(patient);
    await faulty.cutLink();
    try {
      await page.getByText(/new connection to .*:22, try \d|The connection|No answer|can't be reached/).first().waitFor(patient);
      await waitFor('the old network on the host', 90_000, async () => (await faulty.execOrThrow('cat /var/lib/netwright/tx/*/state')).trim() === 'REVERTED');
    } finally {
      await faulty.restoreLink();
    }
    await heading('enp1s0 → br0 on shed: the old network is back').waitFor(patient);
    await page.getByText(/does not answer through br0|has lost its carrier/).first().waitFor();
    await page.getByText('Everything is as it was.').waitFor(patient);
    await takePicture(launched, 'convert-back');
    expect(await holderOf(faulty)).toBe('enp1s0');
    await button('Done').click();
    await page.getByRole('button', { name: 'enp1s0', exact: true }).waitFor();
    // Half a minute passes until the host gives up on a gateway that stays silent, and the session waits between its tries.
  }, 240_000);

  it('is refused to a second one, with a way to see the first', async () => {
    const { page } = launched;
    await faulty.execOrThrow('mkdir -p /var/lib/netwright && ln -sn tx/elsewhere /var/lib/netwright/pending');
    try {
      await goTo(launched, 'Switches & NICs');
      await button('Convert a NIC…').click();
      await page.getByRole('radio', { name: /^enp1s0/ }).waitFor();
      await button('Next').click();
      await button('Next').click();
      await heading('enp1s0 can’t be converted as it is').waitFor();
      await page.getByText('Another conversion is under way on this host').waitFor();
      await button('See it').waitFor();
    } finally {
      await faulty.execOrThrow('rm /var/lib/netwright/pending');
    }
  });
});
