import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LabHost } from '../lab/lab';
import type { LaunchedApp } from './app';
import { addHost, launchWithLabKey, stateOfHost, takePicture } from './lab-window';
import { goTo } from './practice-window';

/** libvirt waits for this program while a network starts (hooks.html): it holds the plan until the gate is opened. */
const gate = '/run/netwright-gate';
const waitAtGate = `until [ -e ${gate} ]; do sleep 0.05; done`;

describe('plans that fail, in the window', () => {
  let host: LabHost;
  let withoutOvs: LabHost;
  let launched: LaunchedApp;
  let before: string;

  beforeAll(async () => {
    [host, withoutOvs] = await Promise.all([LabHost.up('e2e-fail'), LabHost.up('e2e-no-ovs', { variant: 'no-ovs' })]);
    // libvirt makes its empty firewall chains with the first network that runs, and keeps them.
    await host.execOrThrow('virsh net-start default && virsh net-destroy default');
    before = await stateOfHost(host);
    launched = await launchWithLabKey(`${await host.knownHostsLine()}\n${await withoutOvs.knownHostsLine()}\n`);
    await addHost(launched, host, { name: 'attic' });
    await goTo(launched, 'Networks');
    await launched.page.getByRole('row', { name: /^default/ }).waitFor();
  });
  afterAll(async () => {
    await launched?.close();
    await Promise.all([host?.down(), withoutOvs?.down()]);
  });
  beforeEach(({ onTestFailed, task }) => onTestFailed(() => takePicture(launched, task.name)));

  /** What libvirt runs while a network starts; nothing when null. */
  async function setStartHook(line: string | null): Promise<void> {
    await host.execOrThrow(line === null
      ? `rm -f /etc/libvirt/hooks/network ${gate}; systemctl reload libvirtd`
      : `printf '%s\\n' '#!/bin/sh' '[ "$2" != start ] || { ${line}; }' > /etc/libvirt/hooks/network; chmod +x /etc/libvirt/hooks/network; systemctl reload libvirtd`);
  }

  /** By the wizard, with what it proposes, up to the moment at which the plan has been started. */
  async function create(name: string): Promise<void> {
    const { page } = launched;
    await goTo(launched, 'Networks');
    await page.getByRole('button', { name: 'New network' }).click();
    await page.getByRole('link', { name: /^NAT/ }).click();
    await page.getByLabel('Name', { exact: true }).fill(name);
    for (const step of ['DHCP', 'Options', 'Review']) {
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByRole('heading', { name: new RegExp(`^${step}`) }).waitFor();
    }
    await page.getByRole('button', { name: 'Create network' }).click();
  }

  /** The draft is still there, for another try: leaving is asked about. */
  async function leaveForHistory(): Promise<void> {
    await launched.page.getByRole('button', { name: 'See it in History' }).click();
    await launched.page.getByRole('dialog').getByRole('button', { name: 'Leave, forget it' }).click();
  }

  const stepStates = async (): Promise<string[]> => launched.page.getByRole('list', { name: 'Steps' }).locator('.state').allInnerTexts();

  /** The network is being started: libvirt's hook holds that up. */
  const thirdStepRuns = (): Promise<void> => launched.page.getByRole('list', { name: 'Steps' }).locator('.state').nth(2).getByText('running').waitFor();

  it('takes everything back when libvirt refuses to start the network, and says why', async () => {
    const { page } = launched;
    await setStartHook('echo "not on a Sunday" >&2; exit 1');
    await create('refused');
    await page.getByRole('heading', { name: 'Not done: attic is as it was' }).waitFor();
    await page.getByText('A step failed. Every finished step was taken back.').waitFor();
    await page.getByRole('list', { name: 'Steps' }).getByText('not on a Sunday').waitFor();
    expect((await stepStates()).map((state) => state.split('\n')[0])).toEqual(['taken back', 'taken back', 'failed']);
    await setStartHook(null);
    expect(await stateOfHost(host)).toBe(before);
    await page.getByRole('button', { name: 'Back to the form' }).click();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('refused');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Leave, forget it' }).click();
  });

  it('lets the command that runs finish when it is cancelled, then takes everything back', async () => {
    const { page } = launched;
    await setStartHook(waitAtGate);
    await create('cancelled');
    await thirdStepRuns();
    await page.getByRole('button', { name: 'Stop and take back' }).click();
    await page.getByRole('heading', { name: 'Stopping' }).waitFor();
    await host.execOrThrow(`touch ${gate}`);
    await page.getByRole('heading', { name: 'Not done: attic is as it was' }).waitFor();
    await page.getByText('You cancelled. Every finished step was taken back.').waitFor();
    await setStartHook(null);
    expect(await stateOfHost(host)).toBe(before);
  });

  it('says what is known when the connection is cut in the middle, and keeps it in History', async () => {
    const { page } = launched;
    await leaveForHistory();
    await page.getByRole('row', { name: /cancelled.*Create the NAT network cancelled/ }).waitFor();
    await setStartHook(waitAtGate);
    await create('cut');
    await thirdStepRuns();
    await host.restartSshd();
    await page.getByRole('link', { name: /^attic.*reconnecting/ }).waitFor();
    await host.execOrThrow(`touch ${gate}`);
    await page.getByRole('heading', { name: 'Not done: attic is as it was' }).waitFor({ timeout: 30_000 });
    await page.getByRole('main').getByRole('alert').filter({ hasText: /connection/i }).waitFor();
    await setStartHook(null);
    expect(await stateOfHost(host)).toBe(before);
    await leaveForHistory();
    await page.getByRole('row', { name: /failed, taken back.*Create the NAT network cut/ }).click();
    await page.getByRole('tabpanel', { name: 'What ran' }).getByText('Not done: attic is as it was').waitFor();
  });

  it('works as well on a host without Open vSwitch', async () => {
    const { page } = launched;
    await addHost(launched, withoutOvs, { name: 'plain' });
    await page.getByRole('banner').getByText(/libvirt \d/).waitFor();
    expect(await page.getByRole('banner').innerText()).not.toContain('Open vSwitch');
    expect(await page.getByText(/Open vSwitch.*(missing|not installed|not running)/).count()).toBe(0);
    await goTo(launched, 'Switches & NICs');
    await page.getByRole('button', { name: 'enp1s0', exact: true }).waitFor();
    await create('no-ovs-needed');
    await page.getByRole('heading', { name: 'Done and verified' }).waitFor();
  });
});
