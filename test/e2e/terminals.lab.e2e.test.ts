/** Terminals of a real host, through the real window: its shell, the serial console of a guest, and a connection that is lost under them. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LabHost } from '../lab/lab';
import { runProcessOrThrow } from '../lab/run-process';
import type { LaunchedApp } from './app';
import { addHost, launchWithLabKey, takePicture } from './lab-window';

const guestXml = fileURLToPath(new URL('../lab/guest-xml', import.meta.url));

describe('terminals of a host', () => {
  let host: LabHost;
  let launched: LaunchedApp;

  beforeAll(async () => {
    host = await LabHost.up('e2e-term');
    const xml = await runProcessOrThrow([guestXml, 'serial1', 'default', 'addr=192.168.122.50/24']);
    // The lab's guests write to a file; a console needs a PTY.
    const withPty = xml.replace(/<serial type='file'>.*<\/serial>/, '<serial type=\'pty\'/><console type=\'pty\'/>');
    await host.execOrThrow('virsh -q net-start default');
    await host.execOrThrow(['virsh', '-q', 'define', '/dev/stdin'], { input: withPty });
    await host.execOrThrow('virsh -q start serial1');
    launched = await launchWithLabKey(await host.knownHostsLine());
    await addHost(launched, host, { name: 'e2e' });
    await launched.page.getByRole('link', { name: /^Networks/ }).click();
    await launched.page.getByRole('row', { name: /^default/ }).waitFor();
  });
  afterAll(async () => {
    await launched?.close();
    await host?.down();
  });
  beforeEach(({ onTestFailed, task }) => onTestFailed(() => takePicture(launched, task.name)));

  /** A row of a screen in view. */
  const row = (text: string | RegExp) => launched.page.locator('.xterm-rows > div', { hasText: text }).first();
  async function type(line: string, answer: string | RegExp): Promise<void> {
    await launched.page.keyboard.type(line);
    await launched.page.keyboard.press('Enter');
    await row(answer).waitFor();
  }

  it('are its own shell', async () => {
    await launched.page.getByRole('button', { name: 'New terminal', exact: true }).click();
    await row(/#\s*$/).waitFor();
    await type('echo "$(hostname) $((6 * 7))"', `${(await host.execOrThrow(['hostname'])).trim()} 42`);
  });

  it('go on in place when the connection was lost, with what they showed', async () => {
    const { page } = launched;
    await host.restartSshd();
    await page.getByText(/^Connection lost/).waitFor();
    await page.getByRole('button', { name: 'Reconnect' }).click();
    await page.getByText(/^Connection lost/).waitFor({ state: 'detached' });
    await row('connected again').waitFor();
    await row('42').waitFor();
    await type('echo "again $((6 * 9))"', 'again 54');
  });

  it('are a guest’s serial console, which says how it is left, and is left so', async () => {
    const { page } = launched;
    await page.getByRole('link', { name: /^Machines/ }).click();
    await page.getByRole('row', { name: /^serial1/ }).click();
    await page.getByRole('complementary', { name: 'serial1' }).getByRole('button', { name: 'Terminal', exact: true }).click();
    await page.getByRole('menuitem', { name: /^Serial console/ }).click();
    await row(/Connected to domain 'serial1'/).waitFor();
    await page.locator('.terminal-inner:focus').waitFor();
    await expect.poll(async () => {
      await page.keyboard.press('Enter');
      return row(/# $/).count();
    }, { timeout: 90_000 }).toBeGreaterThan(0);
    await type('echo "$((6 * 7))-guest"', '42-guest');
    await page.keyboard.press('Control+]');
    await page.getByText(/^Ended/).waitFor();
  });
});
