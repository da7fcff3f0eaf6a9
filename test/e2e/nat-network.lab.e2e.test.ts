import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LAN_GATEWAY, LabHost, WAN_SERVER } from '../lab/lab';
import type { LaunchedApp } from './app';
import { addHost, launchWithLabKey, stateOfHost, takePicture, trustHostKey } from './lab-window';

describe('a NAT network, from the window to the kernel and back', () => {
  let host: LabHost;
  let launched: LaunchedApp;
  let before: string;

  beforeAll(async () => {
    host = await LabHost.up('e2e-nat');
    // libvirt makes its empty firewall chains with the first network that runs, and keeps them.
    await host.execOrThrow('virsh net-start default && virsh net-destroy default');
    before = await stateOfHost(host);
    launched = await launchWithLabKey();
  });
  afterAll(async () => {
    await launched?.close();
    await host?.down();
  });

  beforeEach(({ onTestFailed, task }) => onTestFailed(() => takePicture(launched, task.name)));

  it('shows the fingerprint of an unknown host, and keeps the key once it is trusted', async () => {
    const { page } = launched;
    await addHost(launched, host, { name: 'e2e' });
    await trustHostKey(launched, host, 'e2e');
    await page.getByRole('link', { name: /^Networks/ }).click();
    await page.getByRole('row', { name: /^default/ }).waitFor();
    const knownHosts = readFileSync(path.join(launched.homeDir, '.ssh', 'known_hosts'), 'utf8');
    expect((await host.knownHostsLine()).split('\n').some((line) => line !== '' && knownHosts.includes(line.split(' ')[2] as string))).toBe(true);
  });

  it('makes a NAT network by the wizard, shows the plan first, and verifies the result', async () => {
    const { page } = launched;
    await page.getByRole('button', { name: 'New network' }).click();
    await page.getByRole('link', { name: /^NAT/ }).click();
    await page.getByLabel('Name', { exact: true }).fill('lab-web');
    await page.getByLabel('Subnet').fill('10.20.30.0/24');
    for (const step of ['DHCP', 'Options', 'Review']) {
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByRole('heading', { name: new RegExp(step) }).first().waitFor();
    }
    await page.getByText('virsh -c qemu:///system net-define /dev/stdin < lab-web.xml').waitFor();
    expect(await host.execOrThrow('virsh net-list --all --name')).not.toContain('lab-web');

    await page.getByRole('button', { name: 'Create network' }).click();
    await page.getByText('Done and verified').waitFor();
    expect(await host.execOrThrow('virsh net-list --name')).toContain('lab-web');
    expect(await host.execOrThrow('virsh net-info lab-web')).toMatch(/Autostart:\s+yes/);
  });

  it('gives a guest a lease, by which it reaches gateway, LAN and WAN; the lease appears in the window', async () => {
    const { page } = launched;
    await host.startGuest('web1', 'lab-web', `ping=10.20.30.1,${LAN_GATEWAY},${WAN_SERVER}`);
    const [, address] = await host.waitForGuestLine('web1', /LAB lease (10\.20\.30\.\d+) /);
    for (const target of ['10.20.30.1', LAN_GATEWAY, WAN_SERVER]) {
      const [, outcome] = await host.waitForGuestLine('web1', new RegExp(`LAB ping ${target.replaceAll('.', '\\.')} (\\w+)`));
      expect(`${target} ${outcome}`).toBe(`${target} ok`);
    }
    await page.getByRole('button', { name: 'See the network' }).click();
    await page.getByRole('row', { name: /^lab-web/ }).click();
    await page.getByRole('tab', { name: 'Leases 1' }).click();
    await page.getByRole('complementary').getByText(address as string).first().waitFor();
    await page.getByRole('link', { name: /^Machines/ }).click();
    await page.getByRole('row', { name: /^web1/ }).getByText(address as string).waitFor();
  });

  it('shows what is changed outside the app, by itself', async () => {
    const { page } = launched;
    await page.getByRole('link', { name: /^Networks/ }).click();
    await host.execOrThrow('virsh net-define /dev/stdin', {
      input: '<network><name>by-hand</name><bridge name="virbr77"/><ip address="10.99.0.1" netmask="255.255.255.0"/></network>',
    });
    await page.getByRole('row', { name: /^by-hand/ }).waitFor();
    await host.execOrThrow('virsh net-undefine by-hand');
    await page.getByRole('row', { name: /^by-hand/ }).waitFor({ state: 'detached' });
  });

  it('undoes it from History, and leaves the host as it was', async () => {
    const { page } = launched;
    await host.execOrThrow('virsh destroy web1; virsh undefine web1; rm /var/log/libvirt/qemu/web1*');
    await page.getByRole('link', { name: /^History/ }).click();
    await page.getByRole('row', { name: /Create the NAT network lab-web/ }).click();
    await page.getByRole('button', { name: 'Undo…' }).click();
    const review = page.getByRole('complementary', { name: 'Review of a change' });
    await review.getByText('virsh -c qemu:///system net-undefine lab-web').first().waitFor();
    await review.getByRole('button', { name: 'Undo', exact: true }).click();
    await review.getByText('Done and verified').waitFor();
    expect(await stateOfHost(host)).toBe(before);
    await review.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('row', { name: /Create the NAT network lab-web.*undone/ }).waitFor();
  });

  it('wrote nothing of an error to its console', () => {
    expect(launched.pageErrors).toEqual([]);
  });
});
