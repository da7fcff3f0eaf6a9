import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startVirtualDisplay } from '../../build/display.mjs';
import type { VirtualDisplay } from '../../build/display.mjs';
import { addHost, trustHostKey } from '../e2e/lab-window';
import { LabHost, labKeyPath } from '../lab/lab';
import { modeOf, processesOf, startInstalledApp } from './installed-app';
import type { InstalledApp } from './installed-app';
import { filesInside, rootFolder, runInside, runInsideOrThrow, stopInside, userHome } from './debian-root';
import { onlyFile } from '../../build/packaging/release-folder.mjs';

const executable = '/opt/Netwright/netwright';
const inUserHome = (...parts: string[]): string => path.join(rootFolder, userHome, ...parts);

describe('the .deb on a minimal Debian', () => {
  let host: LabHost;
  let display: VirtualDisplay;
  let app: InstalledApp | undefined;
  let before: string[];

  beforeAll(async () => {
    host = await LabHost.up('package-deb');
    display = await startVirtualDisplay({ width: 1440, height: 900 });
    rmSync(inUserHome('.config'), { recursive: true, force: true });
    mkdirSync(inUserHome('.ssh'), { recursive: true });
    writeFileSync(inUserHome('.ssh', 'id_ed25519'), readFileSync(labKeyPath), { mode: 0o600 });
    await runInsideOrThrow('root', `rm -f ${userHome}/.ssh/known_hosts; chown -R alice: ${userHome}`);
    copyFileSync(onlyFile('.deb'), path.join(rootFolder, 'var/tmp/netwright.deb'));
    await runInsideOrThrow('root', 'dpkg --purge netwright');
    before = filesInside();
  });
  afterAll(async () => {
    if (app) await stopInside();
    await display?.stop();
    await host?.down();
  });

  it('installs with nothing but what it declares', async () => {
    const said = await runInsideOrThrow('root', 'apt-get install --yes --no-install-recommends /var/tmp/netwright.deb');
    expect(said).toContain('0 upgraded, 1 newly installed, 0 to remove');
    expect(await runInsideOrThrow('root', 'ldd /opt/Netwright/netwright /opt/Netwright/*.so* /opt/Netwright/resources/app.asar.unpacked/node_modules/@lydell/*/pty.node')).not.toContain('not found');
    expect(await runInsideOrThrow('root', 'cd / && md5sum --check --quiet /var/lib/dpkg/info/netwright.md5sums && echo whole')).toBe('whole\n');
    // User namespaces are there, so that no program of it needs to be root.
    expect(modeOf('/opt/Netwright/chrome-sandbox')).toBe('755');
    expect(await runInsideOrThrow('root', 'find /opt/Netwright -perm /7022 -not -type l; dpkg --verify netwright')).toBe('');
  });

  it('starts from its menu entry as an ordinary user, with the sandbox on', async () => {
    const entry = readFileSync(path.join(rootFolder, 'usr/share/applications/netwright.desktop'), 'utf8');
    expect(/^Exec=(\S+)/m.exec(entry)?.[1]).toBe(executable);
    app = await startInstalledApp(executable, display);
    await app.page.getByRole('button', { name: 'Add a host' }).first().waitFor();

    const processes = processesOf(executable);
    const [main] = processes.filter(({ commandLine }) => !commandLine.includes('--type='));
    const renderers = processes.filter(({ commandLine }) => commandLine.includes('--type=renderer'));
    expect(renderers.length).toBeGreaterThan(0);
    for (const renderer of renderers) {
      expect(renderer.seccomp).toBe('2');
      expect(renderer.userNamespace).not.toBe(main?.userNamespace);
    }
    expect(processes.some(({ commandLine }) => commandLine.includes('--no-sandbox'))).toBe(false);
  });

  it('makes a network on a host, from the window', async () => {
    const { page, pageErrors } = app!;
    await addHost({ page }, host, { name: 'attic' });
    await trustHostKey({ page }, host, 'attic');
    await page.getByRole('link', { name: /^Networks/ }).click();
    await page.getByRole('row', { name: /^default/ }).waitFor();
    await page.getByRole('button', { name: 'New network' }).click();
    await page.getByRole('link', { name: /^NAT/ }).click();
    await page.getByLabel('Name', { exact: true }).fill('from-window');
    for (const step of ['DHCP', 'Options', 'Review']) {
      await page.getByRole('button', { name: 'Next' }).click();
      await page.getByRole('heading', { name: new RegExp(step) }).first().waitFor();
    }
    await page.getByRole('button', { name: 'Create network' }).click();
    await page.getByText('Done and verified').waitFor();
    expect(await host.execOrThrow('virsh net-list --name')).toContain('from-window');
    expect(pageErrors).toEqual([]);
  });

  it('closes in order', async () => {
    expect(await app!.close()).toBe(0);
    app = undefined;
    expect(processesOf(executable)).toEqual([]);
  });

  it('asks for updates only where a feed is set', async ({ onTestFailed }) => {
    onTestFailed(stopInside);
    // It speaks no TLS: that somebody knocks is enough.
    const feed = createServer((socket) => socket.destroy());
    feed.listen(0, '127.0.0.1');
    await once(feed, 'listening');
    const knocked = once(feed, 'connection');
    try {
      const started = await startInstalledApp(executable, display, { NETWRIGHT_UPDATE_FEED: `https://127.0.0.1:${(feed.address() as AddressInfo).port}/` });
      await knocked;
      expect(await started.close()).toBe(0);
    } finally {
      feed.close();
    }
    const log = readFileSync(inUserHome('.config', 'Netwright', 'logs', 'main.log'), 'utf8');
    expect(log.match(/looking for an update/g)).toHaveLength(1);
  });

  it('is a command line without a screen, over the same hosts', async () => {
    expect((await runInside('alice', 'netwright')).stdout).toContain('netwright inspect HOST');
    expect(await runInsideOrThrow('alice', 'netwright hosts')).toContain('attic');
    await runInsideOrThrow('alice', 'netwright create nat attic from-command --yes');
    expect(await host.execOrThrow('virsh net-list --name')).toContain('from-command');
    for (const name of ['from-command', 'from-window']) await runInsideOrThrow('alice', `netwright delete network attic ${name} --yes`);
    expect(await host.execOrThrow('virsh net-list --all --name')).not.toMatch(/from-/);
  });

  it('passes on standard input, output and exit codes, and runs as root', async () => {
    const url = `ssh://root@${host.address}`;
    const inspect = await runInsideOrThrow('alice', `netwright inspect ${url} --password-stdin --json`, { input: 'rootpw\n' });
    expect(JSON.parse(inspect)).toBeTypeOf('object');
    expect((await runInside('alice', 'netwright delete network attic')).code).toBe(2);
    expect((await runInside('alice', 'netwright inspect ssh://root@127.0.0.1:9')).code).toBe(3);
    expect(await runInsideOrThrow('root', 'netwright version')).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('ignores what would have it run other code', async () => {
    // Electron's own switches for developers, in the environment and on the command line.
    expect(await runInsideOrThrow('alice', 'NODE_OPTIONS=--bogus netwright version')).toMatch(/^\d/);
    const inspected = await runInside('alice', `${executable} --inspect-brk=0`, { timeoutMs: 30_000 });
    expect(inspected.stderr).not.toContain('Debugger listening');
  });

  it('has a terminal\'s native code that loads', async () => {
    const program = `
      const pty = require('/opt/Netwright/resources/app.asar/node_modules/node-pty');
      const shell = pty.spawn('sh', ['-c', 'read line; test -t 0 && echo got $line'], { cols: 80, rows: 24 });
      shell.onData((data) => process.stdout.write(data));
      shell.onExit(({ exitCode }) => process.exit(exitCode));
      shell.write('hello\\r');`;
    expect(await runInsideOrThrow('alice', ['env', 'ELECTRON_RUN_AS_NODE=1', executable, '-e', program])).toContain('got hello');
  });

  it('has a man page, and icons under the name that its menu entry uses', async () => {
    const listed = await runInsideOrThrow('root', 'dpkg --listfiles netwright');
    for (const file of [
      '/usr/bin/netwright', '/usr/share/icons/hicolor/16x16/apps/netwright.png', '/usr/share/icons/hicolor/512x512/apps/netwright.png',
      '/usr/share/icons/hicolor/scalable/apps/netwright.svg', '/usr/share/metainfo/org.netwright.Netwright.metainfo.xml',
    ]) expect(listed.split('\n')).toContain(file);
    expect(listed).toContain('/usr/share/man/man1/netwright.1.gz');
  });

  it('has a helper that is root where the kernel grants user namespaces to nobody', async () => {
    const postinst = '/var/lib/dpkg/info/netwright.postinst configure';
    const withoutNamespaces = `echo 0 > /tmp/none; mount --bind /tmp/none /proc/sys/user/max_user_namespaces && ${postinst}`;
    await runInsideOrThrow('root', ['unshare', '--mount', 'sh', '-ec', withoutNamespaces]);
    expect(modeOf('/opt/Netwright/chrome-sandbox')).toBe('4755');
    await runInsideOrThrow('root', postinst);
    expect(modeOf('/opt/Netwright/chrome-sandbox')).toBe('755');
  });

  it('has an AppArmor profile where there is AppArmor, also after an upgrade', async () => {
    // There is none in this kernel: two programs that answer as AppArmor's do, and note what is asked of them.
    const tools = 'mkdir -p /etc/apparmor.d /usr/local/sbin; for tool in apparmor_status apparmor_parser; do ' +
      'printf \'#!/bin/sh\\necho "$0 $*" >> /var/tmp/apparmor.log\\n\' > /usr/local/sbin/$tool; chmod 755 /usr/local/sbin/$tool; done';
    await runInsideOrThrow('root', tools);
    // Installed over itself: dpkg takes the way of an upgrade.
    await runInsideOrThrow('root', 'dpkg --install /var/tmp/netwright.deb');
    const profile = path.join(rootFolder, 'etc/apparmor.d/netwright');
    expect(readFileSync(profile, 'utf8')).toMatch(/profile "netwright" "\/opt\/Netwright\/netwright" flags=\(unconfined\) \{\s+userns,/);
    expect(await runInsideOrThrow('root', 'cat /var/tmp/apparmor.log')).toContain('apparmor_parser --replace --write-cache --skip-read-cache /etc/apparmor.d/netwright');
    await runInsideOrThrow('root', 'dpkg --remove netwright');
    expect(existsSync(profile)).toBe(false);
    expect(await runInsideOrThrow('root', 'cat /var/tmp/apparmor.log')).toContain('apparmor_parser --remove /etc/apparmor.d/netwright');
    await runInsideOrThrow('root', 'rm -r /usr/local/sbin/apparmor_* /etc/apparmor.d; dpkg --install /var/tmp/netwright.deb');
  });

  it('leaves nothing behind when it is purged, but what is the user\'s', async () => {
    await runInsideOrThrow('root', 'apt-get --yes purge netwright');
    expect(filesInside()).toEqual(before);
    expect(await runInsideOrThrow('root', 'ls /var/lib/dpkg/info | grep netwright || echo none')).toBe('none\n');
    expect(existsSync(inUserHome('.config', 'Netwright'))).toBe(true);
  });
});
