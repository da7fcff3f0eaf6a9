import ui from '@nuxt/ui/vue-plugin';
import { flushPromises, mount } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';
import { usePlanReview } from '../../stores/plan-review';
import { startStores } from '../../stores/start-stores';
import { createFakeBridge } from '../../testing/fake-bridge';
import type { FakeBridge } from '../../testing/fake-bridge';
import type { FakeVariant } from '../../testing/fake-state';
import HistoryPage from './HistoryPage.vue';

let bridge: FakeBridge;
let page: VueWrapper;
let stop: () => void;

async function open(variant: FakeVariant): Promise<void> {
  bridge = createFakeBridge({ variant });
  vi.stubGlobal('netwright', bridge);
  setActivePinia(createPinia());
  stop = await startStores();
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:hostId', component: HistoryPage }, { path: '/:hostId/networks', name: 'networks', component: HistoryPage }] });
  await router.push('/attic');
  page = mount(HistoryPage, { global: { plugins: [router, ui] }, attachTo: document.body });
  await flushPromises();
}
afterEach(() => {
  page.unmount();
  stop();
  vi.unstubAllGlobals();
});

const rows = () => page.findAll('tbody tr');
const button = (label: string) => page.findAll('button').find((candidate) => candidate.text() === label)!;

describe('History', () => {
  it('says why it is empty and what comes next', async () => {
    await open('empty');
    expect(page.text()).toContain('Nothing was changed on attic yet');
    expect(page.text()).toContain('See the networks');
  });

  it('lists changes newest first with how they ended, and finds them by words', async () => {
    await open('full');
    expect(rows().length).toBe(bridge.state.history.filter((row) => row.hostId === 'attic').length);
    expect(page.text()).toContain('failed, taken back');
    await page.find('input[type="search"]').setValue('storage');
    expect(rows().map((row) => row.text().includes('storage'))).toEqual([true]);
    await page.find('input[type="search"]').setValue('no such thing');
    expect(page.text()).toContain('No change matches “no such thing”');
  });

  it('shows what ran with its output, and says why it can’t be undone', async () => {
    await open('full');
    const refused = bridge.state.history.find((row) => row.undoRefusal !== null)!;
    await rows().find((row) => row.text().includes(refused.title))!.trigger('click');
    await flushPromises();
    expect(page.text()).toContain(refused.undoRefusal);
    expect(button('Undo…').attributes('disabled')).toBeDefined();
    expect(page.find('[aria-label="Steps"]').exists()).toBe(true);
  });

  it('has an undo reviewed before it runs', async () => {
    await open('full');
    const undoable = bridge.state.history.find((row) => row.undoRefusal === null)!;
    await rows().find((row) => row.text().includes(undoable.title))!.trigger('click');
    await flushPromises();
    await button('Undo…').trigger('click');
    expect(usePlanReview().request).toEqual({ hostId: 'attic', intent: { kind: 'undo', historyId: undoable.id } });
  });

  it('moves with the arrow keys, and leads from a change to the one that undid it', async () => {
    await open('full');
    const undone = bridge.state.history.find((row) => row.undoneBy !== null)!;
    await rows()[0]!.trigger('click');
    await page.find('tbody').trigger('keydown', { key: 'ArrowDown' });
    await flushPromises();
    expect(rows()[1]!.attributes('aria-selected')).toBe('true');
    await rows().find((row) => row.text().includes('undone'))!.trigger('click');
    await flushPromises();
    const by = bridge.state.history.find((row) => row.id === undone.undoneBy)!;
    await button(by.title).trigger('click');
    await flushPromises();
    expect(rows().find((row) => row.attributes('aria-selected') === 'true')!.text()).toContain(by.title);
  });
});
