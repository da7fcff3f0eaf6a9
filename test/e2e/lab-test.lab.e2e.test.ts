import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LabHost, WAN_SERVER } from '../lab/lab';
import type { LaunchedApp } from './app';
import { addHost, launchWithLabKey, stateOfHost, takePicture, trustHostKey } from './lab-window';

describe('a lab from the gallery, tested by packets', () => {
  let host: LabHost;
  let launched: LaunchedApp;
  let before: string;

  beforeAll(async () => {
    host = await LabHost.up('sight-e2e');
    // libvirt makes its empty firewall chains with the first network that runs, and keeps them.
    await host.execOrThrow('virsh net-start default && virsh net-destroy default');
    // The lab's own internet answers for the address that stands for it.
    await host.execOrThrow(`for chain in PREROUTING OUTPUT; do iptables -t nat -A $chain -d 1.1.1.1 -j DNAT --to-destination ${WAN_SERVER}; done`);
    before = await stateOfHost(host);
    launched = await launchWithLabKey();
    await addHost(launched, host, { name: 'sight' });
    await trustHostKey(launched, host, 'sight');
  });
  afterAll(async () => {
    await launched?.close();
    await host?.down();
  });
  beforeEach(({ onTestFailed, task }) => onTestFailed(() => takePicture(launched, task.name)));

  const test = () => launched.page.getByRole('region', { name: 'Connectivity test of ceph' });

  it('is tested by itself once it was made, and all is as it promises', async () => {
    const { page } = launched;
    await page.getByRole('link', { name: /^Labs/ }).click();
    await page.getByRole('list', { name: 'Templates' }).getByRole('link', { name: /^Storage/ }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('ceph');
    await page.getByRole('cell', { name: 'ceph-cluster' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Create lab' }).click();
    await page.getByText('Done and verified').waitFor({ timeout: 60_000 });
    await test().getByText('Everybody reaches whom they should, and nobody else').waitFor({ timeout: 90_000 });
    expect(await page.getByRole('img', { name: /^Storage: .*Tested: nothing is otherwise than promised\.$/ }).count()).toBe(1);
    await page.getByRole('button', { name: 'See the lab' }).click();
  });

  it('shows in red what somebody changed by hand, and says it in words', async () => {
    const { page } = launched;
    await host.execOrThrow('iptables -I FORWARD -j DROP');
    await page.getByRole('region', { name: 'ceph', exact: true }).getByRole('button', { name: 'Test connectivity' }).click();
    await test().getByText(/not as this lab promises/).waitFor({ timeout: 90_000 });
    await test().getByText(/^public does not reach the internet, though it should: /).waitFor();
    await test().getByText(/iptables -S FORWARD/).first().waitFor();
    expect(await page.locator('.lab-picture .arrow.shut').count()).toBe(1);
    await takePicture(launched, 'lab-test-differs');
    await host.execOrThrow('iptables -D FORWARD -j DROP');
  });

  it('stops at a click and leaves nothing on the host', async () => {
    const { page } = launched;
    await test().getByRole('button', { name: 'Test again' }).click();
    await test().getByText(/^(Plugging in|Trying who reaches whom)$/).waitFor();
    await test().getByRole('button', { name: 'Cancel' }).click();
    await test().getByText('Cancelled').waitFor();
    await expect.poll(() => host.execOrThrow('ip -o link; ps -eo args='), { timeout: 10_000 }).not.toMatch(/nwp\d|netwright-probe/);
    await page.getByRole('region', { name: 'ceph', exact: true }).getByRole('button', { name: 'Destroy…' }).click();
    await page.getByRole('button', { name: 'Destroy the lab' }).click();
    await page.getByText('Done and verified').waitFor({ timeout: 60_000 });
    expect(await stateOfHost(host)).toBe(before);
  });
});
