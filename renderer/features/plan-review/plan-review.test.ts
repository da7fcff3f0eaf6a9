import ui from '@nuxt/ui/vue-plugin';
import { flushPromises, mount } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';
import { AppError } from '../../../shared/errors/app-error';
import { usePlanReview } from '../../stores/plan-review';
import { startStores } from '../../stores/start-stores';
import { createFakeBridge } from '../../testing/fake-bridge';
import type { FakeBridge } from '../../testing/fake-bridge';
import { atticNetworkUuids } from '../../testing/fixtures/attic-networks';
import PlanReview from './PlanReview.vue';

let bridge: FakeBridge;
let sheet: VueWrapper;
let stop: () => void;

beforeEach(async () => {
  bridge = createFakeBridge({ stepDelayMs: 1 });
  vi.stubGlobal('netwright', bridge);
  setActivePinia(createPinia());
  stop = await startStores();
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: PlanReview }] });
  sheet = mount(PlanReview, { global: { plugins: [router, ui], stubs: { transition: false } }, attachTo: document.body });
});
afterEach(() => {
  sheet.unmount();
  stop();
  vi.unstubAllGlobals();
});

const deleteDefault = { kind: 'network.delete', uuid: atticNetworkUuids.default } as const;
async function open(): Promise<void> {
  // The sheet is loaded when it is first asked for.
  await import('./PlanReviewSheet.vue');
  usePlanReview().open('attic', deleteDefault);
  await vi.waitUntil(() => sheet.text().includes('Delete network default'));
}
async function press(label: string): Promise<void> {
  await sheet.findAll('button').find((button) => button.text() === label)!.trigger('click');
  await flushPromises();
}
const applied = () => bridge.calls.filter((call) => call.name === 'plan.apply');

describe('the review of a change', () => {
  it('has no alarm where nothing is to be done', async () => {
    bridge.fail('plan.preview', new AppError('plan.nothing', 'Nothing is changed', 'The host is already as it should be.'));
    await import('./PlanReviewSheet.vue');
    usePlanReview().open('attic', { kind: 'lab.destroy', lab: 'ceph' });
    await vi.waitUntil(() => sheet.text().includes('Nothing to do: attic is already as it should be.'));
    expect(sheet.find('[role="alert"]').exists()).toBe(false);
    expect(sheet.findAll('button').map((button) => button.text()).filter(Boolean)).toEqual(['Done']);
  });

  it('names what is lost before anything else, and changes nothing by itself', async () => {
    await open();
    expect(sheet.text().indexOf('drop off the network')).toBeGreaterThan(-1);
    expect(sheet.text().indexOf('drop off the network')).toBeLessThan(sheet.text().indexOf('virsh net-undefine'));
    expect(applied()).toEqual([]);
    await press('Cancel');
    expect(usePlanReview().request).toBeNull();
    expect(applied()).toEqual([]);
  });

  it('applies in place and stays until its result was read', async () => {
    await open();
    await press('Delete network');
    await vi.waitUntil(() => sheet.text().includes('Done and verified'));
    await press('Done');
    expect(usePlanReview().request).toBeNull();
  });

  it('closes on Escape', async () => {
    await open();
    await sheet.find('[role="complementary"]').trigger('keydown', { key: 'Escape' });
    expect(usePlanReview().request).toBeNull();
  });

  it('says why there is no plan, and tries again when asked', async () => {
    const refusal = new AppError('undo.refused', 'It can’t be undone', 'The network was changed on the host since.');
    bridge.fail('plan.preview', refusal);
    usePlanReview().open('attic', { kind: 'undo', historyId: 'h1' });
    await vi.waitUntil(() => sheet.text().includes('The network was changed on the host since.'));
    const before = bridge.calls.filter((call) => call.name === 'plan.preview').length;
    await press('Try again');
    expect(bridge.calls.filter((call) => call.name === 'plan.preview').length).toBe(before + 1);
  });

  it('shows the newest of two requests', async () => {
    await open();
    usePlanReview().open('attic', { kind: 'network.start', uuid: atticNetworkUuids.sandbox });
    await vi.waitUntil(() => sheet.text().includes('Start network'));
    expect(sheet.text()).not.toContain('Delete network default');
  });
});
