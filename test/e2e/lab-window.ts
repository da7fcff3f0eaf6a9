/** Steps that several window tests take: an app whose user has the lab's key, and a lab host added to it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { cacheDir } from '../../build/paths.mjs';
import type { LabHost } from '../lab/lab';
import { labKeyPath } from '../lab/lab';
import { launchApp } from './app';
import type { LaunchedApp } from './app';

/** Starts the app for a user whose `~/.ssh` holds the lab's key, and known_hosts as given. */
export async function launchWithLabKey(knownHosts = '', userDataDir?: string): Promise<LaunchedApp> {
  const sshFolder = mkdtempSync(path.join(tmpdir(), 'nw-ssh-'));
  writeFileSync(path.join(sshFolder, 'id_ed25519'), readFileSync(labKeyPath), { mode: 0o600 });
  if (knownHosts) writeFileSync(path.join(sshFolder, 'known_hosts'), knownHosts, { mode: 0o600 });
  try {
    const launched = await launchApp({ sshFolder, userDataDir });
    launched.page.setDefaultTimeout(15_000);
    return launched;
  } finally {
    rmSync(sshFolder, { recursive: true });
  }
}

export interface AddHostOptions {
  user?: string;
  name: string;
  sudo?: boolean;
}

/** Fills the dialog "Add a host" and sends it. What the connection then asks is the caller's to answer. */
export async function addHost({ page }: Pick<LaunchedApp, 'page'>, host: { address: string }, { user = 'root', name, sudo = false }: AddHostOptions): Promise<void> {
  await page.getByRole('button', { name: 'Add a host' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Add a host' });
  await dialog.getByLabel('Address').fill(`${user}@${host.address}`);
  await dialog.getByLabel('Name in Netwright').fill(name);
  await dialog.getByRole('switch', { name: 'Use sudo' }).setChecked(sudo);
  await dialog.getByRole('button', { name: 'Add and connect' }).click();
}

/** The fingerprints of a host's own keys, as ssh-keygen(1) prints them there. */
export async function fingerprintsOf(host: LabHost): Promise<string[]> {
  const listing = await host.execOrThrow('for f in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf "$f"; done');
  return listing.trim().split('\n').map((line) => line.split(' ')[1] as string);
}

/** Compares the fingerprint shown with the host's own, as the dialog tells the user to, and trusts it. */
export async function trustHostKey({ page }: Pick<LaunchedApp, 'page'>, host: LabHost, name: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: `Is this ${name}?` });
  const shown = await dialog.getByText(/^SHA256:/).textContent();
  expect(await fingerprintsOf(host)).toContain(shown);
  await dialog.getByRole('button', { name: 'Accept the key and connect' }).click();
}

/** What must be as before once a change was undone: networks, bridges, firewall rules, files. */
export async function stateOfHost(host: LabHost): Promise<string> {
  return host.execOrThrow([
    'virsh net-list --all',
    'ip -br link show type bridge',
    // Counters and times change by themselves.
    'for t in iptables ip6tables; do $t-save | sed "/^#/d; s/\\[[0-9:]*\\]//"; done',
    // libvirt itself leaves dnsmasq's pid file of every network that ever ran, until the next boot.
    'find /etc/libvirt/qemu/networks /var/lib/libvirt /run/libvirt/network -not -path "*/images/*" -not -name "*.pid" -not -type d | sort',
  ].join('; echo ---; '));
}

/** How the window looked when a test failed: .cache/e2e/NAME.png. */
export async function takePicture({ page }: LaunchedApp, name: string): Promise<void> {
  await page.screenshot({ path: path.join(cacheDir, 'e2e', `${name.replaceAll(/[^\w]+/g, '-')}.png`) });
}
