import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SshProfile } from '../../shared/domain/host';
import type { HostSnapshot } from '../../shared/domain/snapshot';
import { HostStore } from './host-store';
import { SecretStore, type Keychain } from './secret-store';
import { SettingsStore } from './settings-store';
import { SnapshotStore } from './snapshot-store';

const connection: SshProfile = { kind: 'ssh', address: '10.0.0.12', port: 22, user: 'root', auth: 'auto', keyPath: null, sshConfigAlias: null, useSudo: false, proxyJump: null, client: 'builtin' };
/** Stands in for the system's keychain: reversible, and not the plain text. */
const keychain: Keychain = {
  isAvailable: () => true,
  encrypt: (text) => Buffer.from([...text].reverse().join('')),
  decrypt: (data) => {
    if (data.toString() === 'damaged') throw new Error('not ours');
    return [...data.toString()].reverse().join('');
  },
};

let folder: string;
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'netwright-store-')); });
afterEach(() => rm(folder, { recursive: true }));

describe('HostStore', () => {
  it('keeps hosts across a restart, with the practice host always last', async () => {
    const first = new HostStore(folder);
    await first.load();
    const { id } = await first.add('attic', connection);
    const second = new HostStore(folder);
    await second.load();
    expect(second.list().map((host) => host.name)).toEqual(['attic', 'Practice host']);
    expect(second.get(id).connection).toEqual(connection);
    expect((await stat(join(folder, 'hosts.json'))).mode & 0o777).toBe(0o600);
  });

  it('refuses a taken name whatever its case, and keeps what was there', async () => {
    const store = new HostStore(folder);
    await store.add('attic', connection);
    await expect(store.add('Attic', connection)).rejects.toMatchObject({ data: { code: 'input.invalid', field: 'name' } });
    expect(store.list()).toHaveLength(2);
  });

  it('keeps the order it is given, and what is not named behind it', async () => {
    const store = new HostStore(folder);
    const [a, b, c] = [await store.add('a', connection), await store.add('b', connection, { group: 'Rack', colour: 'teal' }), await store.add('c', connection)];
    await store.reorder([c.id, 'gone', a.id]);
    const later = new HostStore(folder);
    await later.load();
    expect(later.list().map((host) => host.name)).toEqual(['c', 'a', 'b', 'Practice host']);
    expect(later.get(b.id)).toMatchObject({ group: 'Rack', colour: 'teal', disabled: false });
  });

  it('loses none of several changes made at once, and goes on after one that was refused', async () => {
    const store = new HostStore(folder);
    const a = await store.add('a', connection);
    const results = await Promise.allSettled([
      store.update({ ...a, name: 'attic' }), store.add('Attic', connection), store.add('b', connection), store.reorder([a.id]), store.remove('none'),
    ]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
    expect(store.list().map((host) => host.name)).toEqual(['attic', 'b', 'Practice host']);
  });

  it('reads lists of hosts that were written before there were groups and colours', async () => {
    await writeFile(join(folder, 'hosts.json'), JSON.stringify({ version: 1, hosts: [{ id: 'old', name: 'old', connection: { ...connection, proxyJump: undefined, client: undefined } }] }));
    const store = new HostStore(folder);
    await store.load();
    expect(store.get('old')).toEqual({ id: 'old', name: 'old', connection, group: null, colour: null, disabled: false });
  });

  it('leaves the practice host alone', async () => {
    const store = new HostStore(folder);
    await expect(store.remove('practice')).rejects.toThrow('practice host stays');
  });

  it('moves a broken file aside instead of overwriting it', async () => {
    await writeFile(join(folder, 'hosts.json'), '{"version":1,"hosts":[{"id":');
    const store = new HostStore(folder);
    const setAside = await store.load();
    expect(setAside).toContain('hosts.json.broken-');
    await store.add('attic', connection);
    expect(await readFile(setAside as string, 'utf8')).toContain('"hosts":[{');
  });

  it('writes changes made at once one after the other, leaving no half file', async () => {
    const store = new HostStore(folder);
    await store.add('a', connection);
    await store.add('b', connection);
    expect(await readdir(folder)).toEqual(['hosts.json']);
  });
});

describe('SettingsStore', () => {
  it('fills what a file of another version does not have', async () => {
    await writeFile(join(folder, 'settings.json'), '{"theme":"dark","gone":1}');
    const store = new SettingsStore(folder);
    await store.load();
    expect(store.get()).toMatchObject({ theme: 'dark', dockOpen: true });
  });
});

describe('SecretStore', () => {
  it('writes a secret only when told to remember it, and never in the clear', async () => {
    const store = new SecretStore(folder, keychain);
    await store.set('h1', 'password', 'root', 'hunter2', false);
    expect(await readdir(folder)).toEqual([]);
    await store.set('h1', 'sudo-password', 'admin', 'correct horse', true);
    expect(await readFile(join(folder, 'secrets.json'), 'utf8')).not.toContain('correct horse');
    const later = new SecretStore(folder, keychain);
    await later.load();
    expect(later.get('h1', 'sudo-password', 'admin')).toBe('correct horse');
    expect(later.get('h1', 'password', 'root')).toBeNull();
  });

  it('holds it for the session only where there is no keychain', async () => {
    const store = new SecretStore(folder, null);
    await store.set('h1', 'password', 'root', 'hunter2', true);
    expect(store.canRemember()).toBe(false);
    expect(store.get('h1', 'password', 'root')).toBe('hunter2');
    expect(await readdir(folder)).toEqual([]);
  });

  it('says what is kept and where, without the secrets, and forgets all of it at once', async () => {
    const store = new SecretStore(folder, keychain);
    await store.set('h1', 'password', 'root', 'hunter2', false);
    await store.set('h1', 'passphrase', '/home/me/.ssh/id', 'hunter3', true);
    await store.set('h2', 'sudo-password', 'mara', 'hunter4', true);
    expect(store.list('h1')).toEqual([
      { hostId: 'h1', kind: 'passphrase', subject: '/home/me/.ssh/id', place: 'keychain' }, { hostId: 'h1', kind: 'password', subject: 'root', place: 'session' },
    ]);
    expect(store.list(null)).toHaveLength(3);
    expect(JSON.stringify(store.list(null))).not.toContain('hunter');
    await store.forgetAll();
    expect(store.list(null)).toEqual([]);
    expect(JSON.parse(await readFile(join(folder, 'secrets.json'), 'utf8'))).toEqual({ version: 1, secrets: {} });
  });

  it('forgets one secret or all of a host, on disk too', async () => {
    const store = new SecretStore(folder, keychain);
    await store.set('h1', 'password', 'root', 'a', true);
    await store.set('h1', 'passphrase', '/k', 'b', true);
    await store.set('h2', 'password', 'root', 'c', true);
    await store.forget('h1', 'password', 'root');
    expect([store.get('h1', 'password', 'root'), store.get('h1', 'passphrase', '/k')]).toEqual([null, 'b']);
    await store.forget('h1');
    const later = new SecretStore(folder, keychain);
    await later.load();
    expect([later.get('h1', 'passphrase', '/k'), later.get('h2', 'password', 'root')]).toEqual([null, 'c']);
  });

  it('asks again when the keychain can no longer read an entry', async () => {
    await writeFile(join(folder, 'secrets.json'), JSON.stringify({ version: 1, secrets: { 'h1/password/root': Buffer.from('damaged').toString('base64') } }));
    const store = new SecretStore(folder, keychain);
    await store.load();
    expect(store.get('h1', 'password', 'root')).toBeNull();
  });
});

describe('SnapshotStore', () => {
  it('says when the last of its files stands, and forgets none while it is written', async () => {
    const store = new SnapshotStore(folder);
    const snapshot: HostSnapshot = {
      hostId: 'attic', revision: 1, takenAt: '2026-11-26T10:00:00.000Z', privilege: 'root',
      system: { hostname: 'attic', osName: 'Debian', kernel: '6.1', architecture: 'x86_64', libvirtVersion: null, ovsVersion: null, networkStacks: [], tools: [], ipv4Forwarding: null },
      networks: [], machines: [], interfaces: [], routes: [], ovsBridges: [], problems: [],
    };
    const writes = [store.save(snapshot), store.save({ ...snapshot, hostId: 'cellar' })];
    await store.settled();
    expect((await readdir(join(folder, 'snapshots'))).sort()).toEqual(['attic.json', 'cellar.json']);
    await Promise.all(writes);

    const last = store.save(snapshot);
    await store.forget('attic');
    await last;
    expect(await store.load('attic')).toBeNull();
  });
});
