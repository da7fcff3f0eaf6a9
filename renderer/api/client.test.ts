import { beforeEach, describe, expect, it, vi } from 'vitest';
import { reactive } from 'vue';
import { defaultSettings } from '../../shared/contract/default-settings';
import type { NetwrightBridge } from '../../shared/contract/client';
import type * as Client from './client';

const invokeMain = vi.fn<(name: string, input: unknown) => Promise<unknown>>();
let say: (payload: unknown) => void;

describe('the page’s end of the contract', () => {
  let client: typeof Client;

  beforeEach(async () => {
    vi.resetModules();
    invokeMain.mockReset();
    const on: NetwrightBridge['on'] = (_name, listener) => {
      say = listener as (payload: unknown) => void;
      return () => undefined;
    };
    vi.stubGlobal('netwright', { prepare: () => undefined, invoke: (name: string, input: unknown) => invokeMain(name, structuredClone(input)), on });
    client = await import('./client');
  });

  const answer = (value: unknown) => invokeMain.mockResolvedValue({ ok: true, value });

  it('takes what main says before the first picture, and checks it afterwards', async () => {
    answer({ nonsense: true });
    expect(await client.invoke('settings.get', undefined)).toEqual({ nonsense: true });
    await expect(client.checkContract()).rejects.toMatchObject({ code: 'internal', data: { title: 'The app misunderstood itself' } });
  });

  it('checks events of before, too', async () => {
    const heard = vi.fn();
    client.listen('preflight.changed', heard);
    say({ hostId: 7 });
    expect(heard).toHaveBeenCalledTimes(1);
    await expect(client.checkContract()).rejects.toThrow('hostId');
  });

  it('refuses inputs, replies and events that don’t fit once it has the contract', async () => {
    await client.checkContract();
    await expect(client.invoke('history.get', { historyId: '' })).rejects.toMatchObject({ code: 'input.invalid', data: { field: 'historyId' } });
    expect(invokeMain).not.toHaveBeenCalled();
    answer({ theme: 'pink' });
    await expect(client.invoke('settings.get', undefined)).rejects.toMatchObject({ code: 'internal', data: { detail: expect.stringContaining('theme') as string } });
    const heard = vi.fn();
    client.listen('preflight.changed', heard);
    expect(() => say({ hostId: 7 })).toThrow();
    expect(heard).not.toHaveBeenCalled();
    say({ hostId: 'attic' });
    expect(heard).toHaveBeenCalledWith({ hostId: 'attic' });
  });

  it('sends what forms hold without Vue’s proxies, before and after', async () => {
    answer(defaultSettings);
    const change = reactive({ collapsedGroups: ['attic'] });
    await client.invoke('settings.update', change);
    await client.checkContract();
    await client.invoke('settings.update', change);
    expect(invokeMain.mock.calls).toEqual([['settings.update', { collapsedGroups: ['attic'] }], ['settings.update', { collapsedGroups: ['attic'] }]]);
  });
});
