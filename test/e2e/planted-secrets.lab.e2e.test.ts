/**
 * Secrets of recognisable text are typed wherever the app asks for one. Afterwards they are looked for in everything it
 * wrote, in what reached the window, and in what other users of this computer and of the host can see of processes.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LabHost } from '../lab/lab';
import { launchApp } from './app';
import type { LaunchedApp } from './app';
import { addHost, takePicture } from './lab-window';

const secrets = {
  login: 'planted-login-Qx7', wrong: 'planted-wrong-Zt3', sudo: 'planted-sudo-Rk9', passphrase: 'planted-passphrase-Vm5',
} as const;

/** All that the window is sent, as text. Playwright sees nothing of Electron's IPC: the events are listened to, the replies asked for. */
interface Spied { netwright: { invoke(name: string, input: unknown): Promise<unknown>; on(name: string, listener: (payload: unknown) => void): void }; heard: string[] }

/** Every file below a folder, whole. */
function filesBelow(folder: string): { name: string; bytes: Buffer }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .map((name) => ({ name, bytes: readFileSync(name) }));
}

/** As it would be written in UTF-8, UTF-16 (Chromium's own databases) and base64. */
const shapesOf = (secret: string): Buffer[] => [Buffer.from(secret), Buffer.from(secret, 'utf16le'), Buffer.from(Buffer.from(secret).toString('base64').replace(/.{0,2}=*$/, ''))];

function holdersOf(things: { name: string; bytes: Buffer }[]): string[] {
  return things.flatMap(({ name, bytes }) => Object.entries(secrets).filter(([, secret]) => shapesOf(secret).some((shape) => bytes.includes(shape))).map(([kind]) => `${kind} in ${name}`));
}

/** Command lines and environments of this machine's processes, the tests' own aside. Hosts of the lab run here, too. */
function processes(): { name: string; bytes: Buffer }[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid)).flatMap((pid) => ['cmdline', 'environ'].flatMap((file) => {
    try {
      return [{ name: `/proc/${pid}/${file} of ${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()}`, bytes: readFileSync(`/proc/${pid}/${file}`) }];
    } catch {
      return []; // it has ended meanwhile
    }
  }));
}

describe('planted secrets', () => {
  const sshFolder = mkdtempSync(path.join(tmpdir(), 'netwright-planted-'));
  let host: LabHost;
  let launched: LaunchedApp;
  const seen: string[] = [];

  beforeAll(async () => {
    host = await LabHost.up('resil-secret');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', secrets.passphrase, '-f', path.join(sshFolder, 'id_planted')]);
    const publicKey = readFileSync(path.join(sshFolder, 'id_planted.pub'), 'utf8').trim();
    await host.execOrThrow(['sh', '-c', 'echo "plain:$0" | chpasswd; echo "admin:$1" | chpasswd; echo "$2" >> /home/admin/.ssh/authorized_keys', secrets.login, secrets.sudo, publicKey]);
    launched = await launchApp({ sshFolder });
    launched.page.setDefaultTimeout(20_000);
    await launched.page.evaluate(() => {
      const spied = window as unknown as Spied;
      spied.heard = [];
      for (const event of ['hosts.changed', 'inventory.changed', 'prompts.changed', 'plan.progress', 'history.changed', 'activity.appended', 'settings.changed']) {
        spied.netwright.on(event, (payload) => spied.heard.push(JSON.stringify(payload)));
      }
    });
  });
  afterAll(async () => {
    await launched?.close();
    rmSync(sshFolder, { recursive: true });
    await host?.down();
  });
  beforeEach(({ onTestFailed, task }) => onTestFailed(() => takePicture(launched, task.name)));

  async function trustKey(name: string): Promise<void> {
    await launched.page.getByRole('dialog', { name: `Is this ${name}?` }).getByRole('button', { name: 'Accept the key and connect' }).click();
  }

  async function answer(title: RegExp, value: string): Promise<void> {
    const dialog = launched.page.getByRole('dialog', { name: title });
    await dialog.locator('input[type="password"]').fill(value);
    await dialog.getByRole('button', { name: 'Continue' }).click();
  }

  /** Processes come and go: they are looked at again and again while `work` is under way. */
  async function watched(work: Promise<void>): Promise<void> {
    let isOver = false;
    const watching = (async () => {
      while (!isOver) {
        seen.push(...holdersOf(processes()));
        await new Promise((resolve) => { setTimeout(resolve, 50); });
      }
    })();
    await work.finally(() => { isOver = true; });
    await watching;
  }

  it('are typed: a wrong and a right login password', () => watched((async () => {
    const { page } = launched;
    await addHost(launched, host, { name: 'by password', user: 'plain' });
    await trustKey('by password');
    await answer(/^Password · by password/, secrets.wrong);
    await page.getByText('The server did not accept that password.').waitFor();
    await answer(/^Password · by password/, secrets.login);
    await page.getByRole('link', { name: /^by password.*, connected/ }).waitFor();
  })()));

  it('are typed: a passphrase and a sudo password, for a plan that is applied', () => watched((async () => {
    const { page } = launched;
    await page.getByRole('button', { name: 'Add a host' }).first().click();
    const form = page.getByRole('dialog', { name: 'Add a host' });
    await form.getByLabel('Address').fill(`admin@${host.address}`);
    await form.getByLabel('Name in Netwright').fill('by key');
    await form.getByRole('combobox', { name: 'Log in with' }).click();
    await page.getByRole('option', { name: 'A key file' }).click();
    await form.getByLabel('Key file').fill('~/.ssh/id_planted');
    await form.getByRole('switch', { name: 'Use sudo' }).setChecked(true);
    await form.getByRole('button', { name: 'Add and connect' }).click();
    await answer(/^Passphrase of the key · by key/, secrets.passphrase);
    await answer(/^Password for sudo · by key/, secrets.wrong);
    await answer(/^Password for sudo · by key/, secrets.sudo);
    await page.getByRole('link', { name: /^by key.*, connected/ }).waitFor();
    await page.getByRole('link', { name: /^Networks/ }).click();
    await page.getByRole('button', { name: 'Actions for default' }).click();
    await page.getByRole('menuitem', { name: 'Start…' }).click();
    const review = page.getByRole('complementary', { name: 'Review of a change' });
    await review.getByRole('button', { name: /^Start/ }).click();
    await review.getByRole('heading', { name: 'Done and verified' }).waitFor();
  })()));

  it('are in no file that was written, here or on the host', async () => {
    const { app, homeDir, userDataDir } = launched;
    const logs = await app.evaluate(({ app: electron }) => [electron.getPath('logs'), electron.getPath('crashDumps'), electron.getPath('temp')]);
    expect(filesBelow(userDataDir).length).toBeGreaterThan(3);
    const own = [homeDir, userDataDir, ...logs.slice(0, 2).filter((folder) => !folder.startsWith(homeDir) && !folder.startsWith(userDataDir))];
    const files = own.flatMap((folder) => { try { return filesBelow(folder); } catch { return []; } });
    expect(holdersOf(files)).toEqual([]);
    const found = await host.exec(['grep', '-rlaE', Object.values(secrets).join('|'), '/home', '/root', '/tmp', '/var/log', '/var/tmp', '/run/netwright', '/dev/shm']);
    expect(found.stdout).toBe('');
  });

  it('never reached the window, nor a command line or an environment', async () => {
    const { page } = launched;
    const heard = await page.evaluate(async () => {
      const { netwright, heard: events } = window as unknown as Spied;
      const hosts = (await netwright.invoke('hosts.list', undefined)) as { value: { profile: { id: string } }[] };
      const history = (await netwright.invoke('history.list', { hostId: null })) as { value: { id: string }[] };
      const replies = await Promise.all([
        ...hosts.value.flatMap(({ profile: { id: hostId } }) => [netwright.invoke('activity.list', { hostId }), netwright.invoke('inventory.get', { hostId })]),
        ...history.value.map(({ id }) => netwright.invoke('history.get', { historyId: id })),
        netwright.invoke('secrets.list', { hostId: null }), netwright.invoke('settings.get', undefined), netwright.invoke('prompts.list', undefined),
      ]);
      return { events: events.length, kept: JSON.stringify(replies.at(-3)), text: [...events, JSON.stringify(hosts), ...replies.map((reply) => JSON.stringify(reply))].join('\n'), dom: document.documentElement.outerHTML };
    });
    expect(heard.events).toBeGreaterThan(20);
    // They are known to be kept, which shows that the search would have had something to find.
    expect(heard.kept).toContain('sudo-password');
    expect(holdersOf([{ name: 'messages', bytes: Buffer.from(heard.text) }, { name: 'the page', bytes: Buffer.from(heard.dom) }])).toEqual([]);
    expect([...new Set(seen)]).toEqual([]);
  });
});
