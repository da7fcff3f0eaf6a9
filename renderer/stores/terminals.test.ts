import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import { AppError } from '../../shared/errors/app-error';
import { createFakeBridge } from '../testing/fake-bridge';
import type { FakeBridge } from '../testing/fake-bridge';
import { useSettings } from './settings';
import { startStores } from './start-stores';
import { terminalIdsOf } from './terminal-tabs';
import { useTerminals } from './terminals';

let bridge: FakeBridge;
let stop: () => void;

beforeEach(async () => {
  sessionStorage.clear();
  bridge = createFakeBridge();
  vi.stubGlobal('netwright', bridge);
  setActivePinia(createPinia());
  stop = await startStores();
});
afterEach(() => {
  stop();
  vi.unstubAllGlobals();
});

const onAttic = { kind: 'host', hostId: 'attic' } as const;
const onBasement = { kind: 'host', hostId: 'basement' } as const;
const local = { kind: 'local', shell: null } as const;

describe('terminals', () => {
  it('open as a tab that is shown, with the command on its line', async () => {
    const terminals = useTerminals();
    const opened = await terminals.open('attic', onAttic, { typed: 'ip route' });
    expect(terminals.shownOn('attic')?.activeId).toBe(opened.id);
    expect(bridge.calls.find((call) => call.name === 'terminals.open')?.input).toMatchObject({ typed: 'ip route', size: { columns: 80, rows: 24 } });
  });

  it('give the dock a comfortable height once, and leave one that was chosen', async () => {
    const terminals = useTerminals();
    await terminals.open('attic', onAttic);
    expect(useSettings().settings.dockHeight).toBe(280);
    await useSettings().update({ dockHeight: 120 });
    await terminals.open('attic', onAttic);
    expect(useSettings().settings.dockHeight).toBe(120);
  });

  it('go beside the one that was split, also when main lists them before it answers', async () => {
    const terminals = useTerminals();
    const first = await terminals.open('attic', onAttic);
    const second = await terminals.open('attic', onAttic, { beside: { terminalId: first.id, direction: 'down' } });
    expect(terminals.tabs).toHaveLength(1);
    expect(terminalIdsOf(terminals.tabs[0]!.root)).toEqual([first.id, second.id]);
    expect(terminals.shownOn('attic')?.activeId).toBe(second.id);
  });

  it('lie where they lay after a reload, whatever main says first', async () => {
    const first = await useTerminals().open('attic', onAttic);
    await useTerminals().open('attic', onAttic, { beside: { terminalId: first.id, direction: 'down' } });
    useTerminals().showsAll = true;
    await nextTick();
    const { root } = useTerminals().tabs[0]!;
    stop();
    setActivePinia(createPinia());
    const started = startStores();
    bridge.emit('terminals.changed', bridge.state.terminals);
    stop = await started;
    expect(useTerminals().tabs.map((tab) => tab.root)).toEqual([root]);
    expect(useTerminals().shownOn('attic')).toBe(useTerminals().tabs[0]);
    expect(useTerminals().showsAll).toBe(true);
  });

  it('ask the storage for nothing while there are none: at start that waits for main', async () => {
    stop();
    const asked = vi.fn(() => null);
    vi.stubGlobal('sessionStorage', { getItem: asked, setItem: asked });
    setActivePinia(createPinia());
    stop = await startStores();
    await nextTick();
    expect(asked).not.toHaveBeenCalled();
  });

  it('leave no trace when they can’t be had', async () => {
    const terminals = useTerminals();
    bridge.fail('terminals.open', new AppError('ssh.channel-refused', 'No free channel', 'MaxSessions'));
    await expect(terminals.open('attic', onAttic)).rejects.toMatchObject({ code: 'ssh.channel-refused' });
    expect(terminals.tabs).toEqual([]);
  });

  it('of other hosts are out of sight until all are asked for; local ones are everywhere', async () => {
    const terminals = useTerminals();
    const attic = await terminals.open('attic', onAttic);
    const here = await terminals.open('attic', local);
    const basement = await terminals.open('basement', onBasement);
    const ids = (hostId: string): string[] => terminals.tabsOn(hostId).map((tab) => tab.activeId);
    expect(ids('attic')).toEqual([attic.id, here.id]);
    expect(ids('basement')).toEqual([here.id, basement.id]);
    terminals.showsAll = true;
    expect(ids('attic')).toEqual([attic.id, here.id, basement.id]);
    expect(terminals.shownOn('attic')?.activeId).toBe(here.id);
    expect(terminals.shownOn('basement')?.activeId).toBe(basement.id);
  });

  it('make room for their neighbour when they are closed', async () => {
    const terminals = useTerminals();
    const opened = [];
    for (let count = 0; count < 3; count += 1) opened.push(await terminals.open('attic', onAttic));
    terminals.activate('attic', opened[1]!.id);
    await terminals.close(opened[1]!.id);
    expect(terminals.shownOn('attic')?.activeId).toBe(opened[2]!.id);
    await terminals.close(opened[2]!.id);
    await terminals.close(opened[0]!.id);
    expect(terminals.shownOn('attic')).toBeNull();
    expect(bridge.state.terminals).toEqual([]);
  });

  it('keep their order, panes and places over a reload of the window', async () => {
    const before = useTerminals();
    const first = await before.open('attic', onAttic);
    await before.open('attic', onAttic, { beside: { terminalId: first.id, direction: 'right' } });
    const third = await before.open('attic', local);
    before.move(third.id, first.id);
    const { tabs, chosen } = before;
    await nextTick();
    stop();
    setActivePinia(createPinia());
    stop = await startStores();
    const after = useTerminals();
    expect(after.tabs).toEqual(tabs);
    expect(after.chosen).toEqual(chosen);
  });

  it('are stepped through and moved by keys, around the end', async () => {
    const terminals = useTerminals();
    const [first, second] = [await terminals.open('attic', onAttic), await terminals.open('attic', onAttic)];
    terminals.showNext('attic', 1);
    expect(terminals.shownOn('attic')?.activeId).toBe(first.id);
    terminals.moveShown('attic', 1);
    expect(terminals.tabs.map((tab) => tab.id)).toEqual([second.id, first.id]);
    terminals.moveShown('attic', 1);
    expect(terminals.tabs.map((tab) => tab.id)).toEqual([second.id, first.id]);
  });
});
