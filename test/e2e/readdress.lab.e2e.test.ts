/** Another address for a real host, in the window: of the NIC that carries the window's own session. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LabHost } from '../lab/lab';
import type { LaunchedApp } from './app';
import { addHost, launchWithLabKey, takePicture, trustHostKey } from './lab-window';
import { goTo } from './practice-window';

const patient = { timeout: 90_000 };
/** Outside of what the LAN's server gives. */
const moved = '10.77.0.236';

describe('another address for the session’s own host', () => {
  let host: LabHost;
  let launched: LaunchedApp;

  beforeAll(async () => {
    host = await LabHost.up('rdr-nm', { stack: 'nm', variant: 'no-libvirt' });
    launched = await launchWithLabKey(`${await host.knownHostsLine()}\n`);
  });
  afterAll(async () => {
    await launched?.close();
    await host?.down();
  });
  beforeEach(({ onTestFailed, task }) => onTestFailed(() => takePicture(launched, task.name)));

  const heading = (name: string | RegExp) => launched.page.getByRole('heading', { name });
  const button = (name: string | RegExp) => launched.page.getByRole('button', { name });
  const addresses = async (): Promise<string> => (await host.execOrThrow('ip -br -4 addr show dev enp1s0')).trim();

  /** From the row's menu to a move that runs. */
  async function move(keep: RegExp): Promise<void> {
    const { page } = launched;
    await goTo(launched, 'Switches & NICs');
    await button('Actions for enp1s0').click();
    await page.getByRole('menuitem', { name: 'Change addresses…' }).click();
    await page.getByRole('radio', { name: /^enp1s0.*carries this session/ }).waitFor();
    await button('Next').click();
    await page.getByRole('radio', { name: /^Fixed/ }).check();
    const address = page.getByLabel('Address', { exact: true });
    expect(await address.inputValue()).toBe(`${host.address}/24`);
    await address.fill(`${moved}/24`);
    await heading(`attic moves from ${host.address} to ${moved}`).waitFor();
    await button('Next').click();
    await heading('Before you begin').waitFor();
    await page.getByRole('checkbox', { name: /go on/ }).check();
    await button('Next').click();
    await heading('Review: other settings for enp1s0').waitFor();
    await page.getByRole('radio', { name: keep }).check();
    await button('Change enp1s0').click();
  }

  it('is looked for at the new one, and goes back when it is told to there', async () => {
    const { page } = launched;
    await addHost(launched, host, { name: 'attic' });
    await page.getByRole('link', { name: /^attic.*connected/ }).waitFor();
    await move(/^When I say so/);
    await heading('enp1s0 on attic: on trial, and reached').waitFor(patient);
    await page.getByText(`a new connection to ${moved}:22`).waitFor();
    expect(await addresses()).toContain(`${moved}/24`);
    await takePicture(launched, 'readdress-on-trial');
    await button('Revert now').click();
    await heading('enp1s0 on attic: the old network is back').waitFor(patient);
    await page.getByText('Everything is as it was.').waitFor(patient);
    expect(await addresses()).toContain(`${host.address}/24`);
    await button('Done').click();
  }, 240_000);

  it('is kept there, and the host\'s settings follow', async () => {
    const { page } = launched;
    await move(/^As soon as/);
    await heading('enp1s0 on attic: kept').waitFor(patient);
    await button(`Use ${moved}`).click();
    await trustHostKey(launched, host, 'attic');
    await page.getByText(`attic is looked for at ${moved} from now on`).waitFor(patient);
    await page.getByText('What has changed was asked for; the rest is as it was.').waitFor(patient);
    await takePicture(launched, 'readdress-kept');
    expect(await addresses()).toContain(`${moved}/24`);
    expect((await host.execOrThrow('cat /var/lib/netwright/tx/*/state')).trim().split('\n').at(-1)).toBe('DONE');
    await goTo(launched, 'Switches & NICs');
    await page.getByRole('cell', { name: new RegExp(moved.replaceAll('.', '\\.')) }).first().waitFor();
    expect(launched.pageErrors).toEqual([]);
  }, 240_000);
});
