import ui from '@nuxt/ui/vue-plugin';
import { flushPromises, mount } from '@vue/test-utils';
import type { DOMWrapper, VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';
import type { TerminalState } from '../../../shared/domain/terminal';
import { startStores } from '../../stores/start-stores';
import { useTerminals } from '../../stores/terminals';
import { createFakeBridge } from '../../testing/fake-bridge';
import type { FakeBridge } from '../../testing/fake-bridge';
import DockTabs from './DockTabs.vue';

let bridge: FakeBridge;
let dock: VueWrapper;
let stop: () => void;

beforeEach(async () => {
  sessionStorage.clear();
  bridge = createFakeBridge();
  vi.stubGlobal('netwright', bridge);
  setActivePinia(createPinia());
  stop = await startStores();
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: DockTabs }] });
  dock = mount(DockTabs, { attachTo: document.body, props: { hostId: 'attic', open: true }, global: { plugins: [router, ui] } });
});
afterEach(() => {
  dock.unmount();
  stop();
  vi.unstubAllGlobals();
});

const onAttic = { kind: 'host', hostId: 'attic' } as const;
const tabs = (): DOMWrapper<Element>[] => dock.findAll('[role="tab"]');
const names = (): string[] => tabs().map((tab) => tab.find('.title').exists() ? tab.find('.title').text() : tab.text().split('✕')[0]!.trim());
async function open(title: string): Promise<string> {
  const { id } = await useTerminals().open('attic', onAttic);
  await useTerminals().rename(id, title);
  await flushPromises();
  return id;
}

describe('the tabs of the dock', () => {
  it('have a place that says how to have a terminal, while there is none', async () => {
    expect(names()).toEqual(['Activity', 'Terminal']);
    await open('one');
    expect(names()).toEqual(['Activity', 'one']);
  });

  it('rename in place: F2, a name, Enter; Escape takes it back', async () => {
    await open('one');
    await tabs()[1]!.trigger('keydown', { key: 'F2' });
    await flushPromises();
    await dock.find('input').setValue('  the backup ');
    await dock.find('input').trigger('keydown', { key: 'Enter' });
    await flushPromises();
    expect(names()).toEqual(['Activity', 'the backup']);
    await tabs()[1]!.trigger('dblclick');
    await flushPromises();
    await dock.find('input').setValue('other');
    await dock.find('input').trigger('keydown', { key: 'Escape' });
    await flushPromises();
    expect(names()).toEqual(['Activity', 'the backup']);
  });

  it('close by the middle button', async () => {
    await open('one');
    bridge.emit('terminals.changed', useTerminals().terminals.map((terminal) => ({ ...terminal, state: { phase: 'ended', exitCode: 0, signal: null } })));
    await flushPromises();
    tabs()[1]!.element.dispatchEvent(new MouseEvent('auxclick', { button: 1, bubbles: true }));
    await flushPromises();
    expect(names()).toEqual(['Activity', 'Terminal']);
  });

  it('change places by dragging', async () => {
    for (const title of ['one', 'two', 'three']) await open(title);
    await tabs()[3]!.trigger('dragstart');
    await tabs()[1]!.trigger('drop');
    await flushPromises();
    expect(names()).toEqual(['Activity', 'three', 'one', 'two']);
  });

  it('say by shape and word what became of a terminal', async () => {
    await open('one');
    const show = async (state: TerminalState): Promise<string> => {
      bridge.emit('terminals.changed', useTerminals().terminals.map((terminal) => ({ ...terminal, state })));
      await flushPromises();
      return tabs()[1]!.find('.state').text().replace(/\s+/g, ' ');
    };
    expect(await show({ phase: 'open' })).toBe('●open');
    expect(await show({ phase: 'ended', exitCode: 0, signal: null })).toBe('○ended, 0');
    expect(await show({ phase: 'ended', exitCode: 3, signal: null })).toBe('✕ended, 3');
    expect(await show({ phase: 'ended', exitCode: null, signal: 'SIGKILL' })).toBe('○ended by SIGKILL');
    expect(await show({ phase: 'lost', error: { code: 'ssh.closed', title: 'Cut', detail: 'It was cut.' } })).toBe('✕lost');
  });

  it('show those of other hosts when asked, with their host’s name', async () => {
    await open('one');
    await useTerminals().open('basement', { kind: 'host', hostId: 'basement' });
    await flushPromises();
    expect(names()).toEqual(['Activity', 'one']);
    await dock.find('.others').trigger('click');
    expect(dock.find('.others').text()).toBe('All hosts');
    expect(tabs()[2]!.find('.owner').text()).toBe('basement');
  });

  it('move by the arrow keys, around the end', async () => {
    const [one] = [await open('one'), await open('two')];
    await tabs()[2]!.trigger('keydown', { key: 'ArrowRight' });
    expect(useTerminals().shownOn('attic')).toBeNull();
    await tabs()[0]!.trigger('keydown', { key: 'ArrowRight' });
    expect(useTerminals().shownOn('attic')?.activeId).toBe(one);
  });

  it('open one more on a host that is connected, and say why not on another', async () => {
    await dock.find('[aria-label="New terminal"]').trigger('click');
    await flushPromises();
    expect(bridge.state.terminals).toHaveLength(1);
    await dock.setProps({ hostId: 'shed' });
    const button = dock.find('[aria-label="New terminal"]');
    expect(button.attributes('disabled')).toBeDefined();
    expect(button.attributes('title')).toBe('shed is not connected');
  });
});
