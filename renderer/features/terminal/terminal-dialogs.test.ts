import ui from '@nuxt/ui/vue-plugin';
import { flushPromises, mount } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';
import { useSettings } from '../../stores/settings';
import { startStores } from '../../stores/start-stores';
import { useTerminals } from '../../stores/terminals';
import { createFakeBridge } from '../../testing/fake-bridge';
import type { FakeBridge } from '../../testing/fake-bridge';
import * as screens from './screens';
import TerminalDialogs from './TerminalDialogs.vue';
import { askBeforePaste, closeQuestion, pasteQuestion } from './terminal-questions';
import type { TerminalScreen } from './terminal-screen';
import { useTerminalActions } from './use-terminal-actions';

let bridge: FakeBridge;
let dialogs: VueWrapper;
let stop: () => void;
const pasted: string[] = [];
let isBusy = true;

beforeEach(async () => {
  sessionStorage.clear();
  pasted.length = 0;
  isBusy = true;
  bridge = createFakeBridge();
  vi.stubGlobal('netwright', bridge);
  vi.spyOn(screens, 'screenOf').mockReturnValue({ paste: (text: string) => pasted.push(text), focus: () => undefined, get seemsBusy() { return isBusy; } } as unknown as TerminalScreen);
  setActivePinia(createPinia());
  stop = await startStores();
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: TerminalDialogs }] });
  dialogs = mount(TerminalDialogs, { attachTo: document.body, global: { plugins: [router, ui], stubs: { transition: false } } });
});
afterEach(() => {
  pasteQuestion.value = null;
  closeQuestion.value = null;
  dialogs.unmount();
  stop();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const shown = (): string => document.body.textContent ?? '';
async function press(label: string): Promise<void> {
  [...document.querySelectorAll<HTMLElement>('[role="dialog"] button')].find((button) => button.textContent?.trim() === label)!.click();
  await flushPromises();
}
async function askNoMore(): Promise<void> {
  document.querySelector<HTMLElement>('[role="dialog"] [role="checkbox"]')!.click();
  await flushPromises();
}

describe('before several lines are pasted', () => {
  it('shows them and what would happen, and pastes nothing by itself', async () => {
    askBeforePaste({ terminalId: 't', text: 'first\nrm -rf ~\n', isBracketed: false });
    await flushPromises();
    expect(shown()).toContain('Paste 2 lines?');
    expect(shown()).toContain('rm -rf ~');
    expect(shown()).toContain('Each line runs as soon as it is pasted');
    await press('Cancel');
    expect(pasted).toEqual([]);
    askBeforePaste({ terminalId: 't', text: 'a\nb', isBracketed: true });
    await flushPromises();
    expect(shown()).toContain('wait there until you press Enter');
    await press('Paste');
    expect(pasted).toEqual(['a\nb']);
  });

  it('asks no more when told so, but only together with a yes', async () => {
    askBeforePaste({ terminalId: 't', text: 'a\nb', isBracketed: false });
    await flushPromises();
    await askNoMore();
    await press('Cancel');
    expect(useSettings().settings.terminalPasteWarning).toBe('auto');
    askBeforePaste({ terminalId: 't', text: 'a\nb', isBracketed: false });
    await flushPromises();
    await askNoMore();
    await press('Paste');
    expect(useSettings().settings.terminalPasteWarning).toBe('never');
  });
});

describe('before a terminal is closed', () => {
  const open = () => useTerminals().open('attic', { kind: 'host', hostId: 'attic' });
  const close = (terminalId: string): void => useTerminalActions(() => 'attic').run('close', terminalId);
  const left = (): number => useTerminals().terminals.length;

  it('asks where something seems to run', async () => {
    const { id } = await open();
    close(id);
    await flushPromises();
    expect(shown()).toContain('Something seems to run in it');
    await press('Keep it');
    expect(left()).toBe(1);
    close(id);
    await flushPromises();
    await press('Close the terminal');
    expect(left()).toBe(0);
  });

  it('doesn’t where nothing would be lost', async () => {
    const terminals = useTerminals();
    isBusy = false;
    close((await open()).id);
    await flushPromises();
    expect(left()).toBe(0);
    isBusy = true;
    close((await terminals.open('attic', { kind: 'console', hostId: 'attic', machineUuid: 'a0000001-0000-4000-8000-000000000000' })).id);
    close((await terminals.open('practice', { kind: 'host', hostId: 'practice' })).id);
    const ended = await open();
    bridge.emit('terminals.changed', terminals.terminals.map((terminal) => (terminal.id === ended.id ? { ...terminal, state: { phase: 'ended', exitCode: 0, signal: null } } : terminal)));
    close(ended.id);
    await flushPromises();
    expect(left()).toBe(0);
  });
});
