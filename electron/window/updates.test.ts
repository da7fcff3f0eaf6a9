import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findUpdateFeed } from './update-feed';
import { offerUpdate } from './updates';
import type { Updater } from './updates';

const feed = 'https://updates.invalid/netwright';

/** An updater that has `version` to offer, and notes what is asked of it. */
function fakeUpdater(version: string | null, calls: string[]): Updater {
  return {
    autoDownload: true, autoInstallOnAppQuit: true, logger: console, requestHeaders: null,
    setFeedURL: ({ url }) => { calls.push(`feed ${url}`); },
    checkForUpdates: async () => {
      calls.push('check');
      return version === null ? null : { isUpdateAvailable: version !== '1.0.0', updateInfo: { version } };
    },
    downloadUpdate: async () => { calls.push('download'); },
    quitAndInstall: () => { calls.push('install'); },
  };
}

const offer = async (version: string | null, answer: number, from: string | null = feed) => {
  const calls: string[] = [];
  const asked: string[] = [];
  const loadUpdater = vi.fn(async () => fakeUpdater(version, calls));
  await offerUpdate({ feed: from, version: '1.0.0', loadUpdater, ask: async (box) => { asked.push(box.message); return answer; } });
  return { calls, asked, loaded: loadUpdater.mock.calls.length };
};

describe('looking for updates', () => {
  it('asks nobody, and loads nothing, without a feed', async () => {
    expect(await offer('2.0.0', 0, null)).toEqual({ calls: [], asked: [], loaded: 0 });
  });

  it('installs a newer version when the user says so', async () => {
    expect(await offer('2.0.0', 0)).toEqual({ calls: [`feed ${feed}`, 'check', 'download', 'install'], asked: ['Netwright 2.0.0 is available'], loaded: 1 });
  });

  it('downloads nothing when the user says not now', async () => {
    expect((await offer('2.0.0', 1)).calls).toEqual([`feed ${feed}`, 'check']);
  });

  it('says nothing when this is the newest, or when this installation can not be updated', async () => {
    expect((await offer('1.0.0', 0)).asked).toEqual([]);
    expect((await offer(null, 0)).asked).toEqual([]);
  });
});

describe('where updates are looked for', () => {
  let resources: string;
  beforeEach(() => { resources = mkdtempSync(path.join(tmpdir(), 'netwright-feed-')); });
  afterEach(() => rmSync(resources, { recursive: true }));
  const pack = (url: string) => writeFileSync(path.join(resources, 'app-update.yml'), `provider: generic\nurl: ${url}\nupdaterCacheDirName: netwright-updater\n`);

  it('is nowhere unless something names a feed', () => {
    expect(findUpdateFeed({}, resources)).toBeNull();
  });

  it('is the feed the package was made with', () => {
    pack(feed);
    expect(findUpdateFeed({}, resources)).toBe(feed);
  });

  it('is what the environment names before that', () => {
    pack(feed);
    expect(findUpdateFeed({ NETWRIGHT_UPDATE_FEED: 'https://mirror.invalid/' }, resources)).toBe('https://mirror.invalid/');
  });

  it('is never an address without TLS, nor none at all', () => {
    expect(findUpdateFeed({ NETWRIGHT_UPDATE_FEED: 'http://updates.invalid/' }, resources)).toBeNull();
    pack('file:///tmp/feed');
    expect(findUpdateFeed({ NETWRIGHT_UPDATE_FEED: 'updates' }, resources)).toBeNull();
  });
});
