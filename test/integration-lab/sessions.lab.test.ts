import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCore, type Core } from '../../electron/core';
import type { SshProfile } from '../../shared/domain/host';
import { waitFor } from '../integration/support/wait-for';
import { LAB_USERS, LabHost, labKeyPath } from '../lab/lab';

const libvirtUnits = 'libvirtd.service libvirtd.socket libvirtd-ro.socket libvirtd-admin.socket';

let host: LabHost;
let folder: string;
let core: Core;
const problems: unknown[] = [];

beforeAll(async () => { host = await LabHost.up('resil-a'); });
afterAll(() => host?.down());

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'netwright-sessions-test-'));
  const knownHostsFile = join(folder, 'known_hosts');
  writeFileSync(knownHostsFile, await host.knownHostsLine());
  core = await createCore({
    folder, keychain: null, knownHostsFile,
    // What was being read when a connection was cut can't be read: that is told, and no fault of the session's.
    onProblem: (what, error) => { if (what === 'in the background') problems.push(error); },
  });
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true });
  expect(problems.splice(0)).toEqual([]);
});

/** Connects, and returns the host's id. */
async function connect(user: string, more: Partial<SshProfile> = {}): Promise<string> {
  const { id } = await core.hosts.add('attic', {
    kind: 'ssh', address: host.address, port: 22, user, auth: 'key', keyPath: labKeyPath, sshConfigAlias: null, useSudo: user !== 'root', proxyJump: null, client: 'builtin', ...more,
  });
  await core.sessions.connect(id);
  expect(core.sessions.stateOf(id)).toMatchObject({ phase: 'connected' });
  return id;
}

const phase = (id: string): string => core.sessions.stateOf(id).phase;
const errorCode = (id: string): string | null => {
  const state = core.sessions.stateOf(id);
  return state.phase === 'failed' || state.phase === 'reconnecting' ? state.error.code : null;
};
const attempts = (id: string): number => {
  const state = core.sessions.stateOf(id);
  return state.phase === 'reconnecting' ? state.attempt : 0;
};
const until = (what: string, condition: () => boolean, timeoutMs = 40_000): Promise<void> => waitFor(what, condition, timeoutMs);
/**
 * By name and not by unit: journald can't tell the unit of a process that is already gone. Not by `-b` either: the boot id that is
 * seen from outside the container is the machine's own.
 */
const journal = (words: string): Promise<string> => host.execOrThrow(`journalctl -t sshd --no-pager | grep -c '${words}' || true`);

describe('a host that boots anew', () => {
  it('is found again when sshd answers, and its libvirt when that is up', async () => {
    const id = await connect('root');
    // A virsh that is still there may have a socket start libvirtd again between the stops: stopped until all of them are.
    await host.execOrThrow(`systemctl stop ssh.service; pkill -KILL -x sshd; pkill -KILL -x virsh; until ! systemctl is-active -q ${libvirtUnits}; do systemctl stop ${libvirtUnits}; done`);
    await until('an attempt was refused', () => errorCode(id) === 'ssh.refused');
    expect(phase(id)).toBe('reconnecting');
    expect(core.inventory.get(id)).toMatchObject({ stale: true });
    await host.execOrThrow('systemctl start ssh.service');
    await until('the session stands', () => phase(id) === 'connected');
    await until('libvirt is missed', () => core.inventory.get(id)?.snapshot.problems.some((problem) => problem.code === 'libvirt.not-running') === true);
    await host.execOrThrow('systemctl start libvirtd.socket libvirtd-ro.socket libvirtd.service');
    await until('libvirt is read', () => core.inventory.get(id)?.snapshot.problems.every((problem) => problem.code !== 'libvirt.not-running') === true);
    expect(core.inventory.get(id)?.snapshot.networks.map((network) => network.name)).toContain('default');
  });

  it('is borne with while it lets nobody in yet', async () => {
    const id = await connect('nopass');
    await host.execOrThrow('echo "System is booting up." > /run/nologin');
    try {
      await host.restartSshd();
      await until('a login was refused', () => phase(id) === 'reconnecting' && attempts(id) > 1);
    } finally {
      await host.execOrThrow('rm -f /run/nologin');
    }
    await until('the session stands', () => phase(id) === 'connected');
  });

  it('is borne with while the user\'s home is not mounted', async () => {
    const id = await connect('nopass');
    await host.execOrThrow('mv /home/nopass/.ssh /home/nopass/.ssh-away');
    try {
      await host.restartSshd();
      await until('the key was refused', () => phase(id) === 'reconnecting' && /^auth\./.test(errorCode(id) ?? ''));
    } finally {
      await host.execOrThrow('mv /home/nopass/.ssh-away /home/nopass/.ssh');
    }
    await until('the session stands', () => phase(id) === 'connected');
  });
});

describe('a reconnect that must not go on', () => {
  it('ends where the host shows another key, and tells its user nothing', async () => {
    const id = await connect('root');
    await host.execOrThrow('cp -a /etc/ssh /root/ssh-before; rm /etc/ssh/ssh_host_*; ssh-keygen -q -A');
    try {
      await host.restartSshd();
      await until('the key was refused', () => phase(id) === 'failed');
      expect(errorCode(id)).toBe('hostkey.changed');
      const accepted = await journal('Accepted');
      expect(Number(accepted)).toBeGreaterThan(0);
      await core.sessions.checkAll();
      expect([phase(id), await journal('Accepted')]).toEqual(['failed', accepted]);
    } finally {
      await host.execOrThrow('rm -r /etc/ssh; mv /root/ssh-before /etc/ssh');
      await host.restartSshd();
    }
  });

  it('sends a kept password that is no longer right once, and then waits for the user', async () => {
    core.prompts.onChanged((prompts) => {
      for (const prompt of prompts) core.prompts.answer(prompt.id, { kind: 'secret', value: LAB_USERS.plain.password, remember: false });
    });
    const id = await connect('plain', { auth: 'password', keyPath: null, useSudo: false });
    await host.execOrThrow('echo plain:another-one | chpasswd');
    try {
      const before = Number(await journal('Failed password for plain'));
      await host.restartSshd();
      await until('the login was refused', () => phase(id) === 'failed');
      expect(errorCode(id)).toBe('auth.secret-needed');
      const refusals = async (): Promise<number> => Number(await journal('Failed password for plain')) - before;
      await waitFor('the refusal in the journal', async () => await refusals() > 0);
      await core.sessions.checkAll();
      expect(await refusals()).toBe(1);
    } finally {
      await host.execOrThrow(`echo plain:${LAB_USERS.plain.password} | chpasswd`);
    }
  });
});

describe('waking up', () => {
  it('finds a dead session within seconds, and a living one alive', async () => {
    const id = await connect('root');
    await core.sessions.checkAll();
    expect(phase(id)).toBe('connected');
    await host.cutLink();
    const cutAt = Date.now();
    // Ends with the first attempt to reconnect, which meets the same silence.
    const checking = core.sessions.checkAll();
    await until('the session is not taken for whole', () => phase(id) !== 'connected');
    expect(Date.now() - cutAt).toBeLessThan(8_000);
    await host.restoreLink();
    await core.sessions.checkAll();
    await until('the session stands again', () => phase(id) === 'connected');
    await checking;
    expect(phase(id)).toBe('connected');
  });
});
