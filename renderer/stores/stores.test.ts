import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../shared/errors/app-error';
import { createFakeBridge } from '../testing/fake-bridge';
import type { FakeBridge } from '../testing/fake-bridge';
import { planFor } from '../testing/fixtures/plans';
import { atticNetworkUuids } from '../testing/fixtures/attic-networks';
import { activityLimit, mergeActivity, useActivity } from './activity';
import { useHosts } from './hosts';
import { useInventory } from './inventory';
import { usePlans } from './plans';
import { useSettings } from './settings';
import { startStores } from './start-stores';

let bridge: FakeBridge;
let stop: () => void;

beforeEach(async () => {
  bridge = createFakeBridge({ stepDelayMs: 0 });
  vi.stubGlobal('netwright', bridge);
  setActivePinia(createPinia());
  stop = await startStores();
});
afterEach(() => {
  stop();
  vi.unstubAllGlobals();
});

describe('inventory', () => {
  it('replaces the snapshot when a new revision is announced', async () => {
    const inventory = useInventory();
    await inventory.load('attic');
    const first = inventory.of('attic').snapshot!;
    await inventory.refresh('attic', 'all');
    await vi.waitFor(() => expect(inventory.of('attic').snapshot!.revision).toBe(first.revision + 1));
    expect(inventory.of('attic').snapshot).not.toBe(first);
  });

  it('drops a reply that is older than what is shown', async () => {
    const inventory = useInventory();
    await inventory.load('attic');
    const known = bridge.state.inventories.get('attic')!;
    bridge.handle('inventory.get', () => ({ ...known, snapshot: { ...known.snapshot, revision: known.snapshot.revision - 1, networks: [] } }));
    await inventory.load('attic');
    expect(inventory.of('attic').snapshot!.networks).toHaveLength(6);
  });

  it('takes staleness from the event without fetching again', async () => {
    const inventory = useInventory();
    await inventory.load('attic');
    const fetches = (): number => bridge.calls.filter((call) => call.name === 'inventory.get').length;
    const before = fetches();
    bridge.emit('inventory.changed', { hostId: 'attic', revision: inventory.of('attic').snapshot!.revision, stale: true });
    expect(inventory.of('attic').stale).toBe(true);
    expect(fetches()).toBe(before);
  });

  it('folds a burst of events into two fetches', async () => {
    const inventory = useInventory();
    for (let revision = 100; revision < 150; revision += 1) bridge.emit('inventory.changed', { hostId: 'attic', revision, stale: false });
    await inventory.load('attic');
    expect(bridge.calls.filter((call) => call.name === 'inventory.get')).toHaveLength(2);
  });

  it('keeps the last snapshot when a fetch fails', async () => {
    const inventory = useInventory();
    await inventory.load('attic');
    bridge.fail('inventory.get', new AppError('host.not-connected', 'Gone', 'x'));
    await inventory.load('attic');
    expect(inventory.of('attic')).toMatchObject({ status: 'failed', error: { code: 'host.not-connected' } });
    expect(inventory.of('attic').snapshot).not.toBeNull();
  });
});

describe('activity', () => {
  it('replaces a line that ended where it stands, and keeps the newest', async () => {
    const activity = useActivity();
    await activity.load('attic');
    const last = activity.of('attic').at(-1)!;
    bridge.emit('activity.appended', [{ ...last, state: 'ok', exitCode: 0, durationMs: 5 }, { ...last, id: 99 }]);
    expect(activity.of('attic').map((entry) => entry.id).slice(-2)).toEqual([last.id, 99]);
    expect(activity.of('attic').at(-2)!.state).toBe('ok');
    const many = Array.from({ length: activityLimit + 5 }, (_, id) => ({ ...last, id }));
    expect(mergeActivity([], many)).toHaveLength(activityLimit);
    expect(mergeActivity([], many)[0]!.id).toBe(5);
  });
});

describe('hosts, plans and settings', () => {
  it('follows main’s list of hosts', async () => {
    const hosts = useHosts();
    await hosts.disconnect('attic');
    expect(hosts.byId.get('attic')!.session.phase).toBe('disconnected');
    await hosts.remove('shed');
    expect(hosts.byId.has('shed')).toBe(false);
  });

  it('plays a plan to its end', async () => {
    const plans = usePlans();
    const plan = await plans.preview('attic', { kind: 'network.delete', uuid: atticNetworkUuids.default });
    const runId = await plans.apply(plan);
    await vi.waitFor(() => expect(plans.of(runId)?.outcome).toBe('applied'));
    expect(plans.runningOn('attic')).toBeNull();
  });

  it('refuses a plan that is not the one main would make now', async () => {
    const plan = { ...planFor('attic', { kind: 'network.start', uuid: atticNetworkUuids.storage }), digest: 'other' };
    await expect(usePlans().apply(plan)).rejects.toMatchObject({ code: 'plan.stale' });
  });

  it('refuses an input that main would refuse, with its field, before it is sent', async () => {
    await expect(useHosts().add({ name: 'x', group: null, colour: null, connection: { kind: 'ssh', address: '', port: 22, user: 'root', auth: 'auto', keyPath: null, sshConfigAlias: null, useSudo: false, proxyJump: null, client: 'builtin' } })).rejects.toMatchObject({ code: 'input.invalid', data: { field: 'connection.address' } });
    expect(bridge.calls.some((call) => call.name === 'hosts.add')).toBe(false);
  });

  it('shows a setting at once and keeps main’s answer', async () => {
    const settings = useSettings();
    const updating = settings.update({ theme: 'dark' });
    expect(settings.settings.theme).toBe('dark');
    await updating;
    expect(bridge.state.settings.theme).toBe('dark');
  });
});
