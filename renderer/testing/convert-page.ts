import ui from '@nuxt/ui/vue-plugin';
import { flushPromises, mount } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, vi } from 'vitest';
import { h } from 'vue';
import { createMemoryHistory, createRouter, RouterView } from 'vue-router';
import type { Router } from 'vue-router';
import type { ConversionRun } from '../../shared/domain/conversion/conversion-run';
import ConversionBanner from '../features/convert/ConversionBanner.vue';
import ConvertPage from '../features/convert/ConvertPage.vue';
import { startStores } from '../stores/start-stores';
import { createFakeBridge } from './fake-bridge';
import type { FakeBridge } from './fake-bridge';
import type { FakeVariant } from './fake-state';

interface Opening {
  prepare?: (bridge: FakeBridge) => void;
  query?: string;
  /** Another page of the host. */
  at?: string;
}

/** The page of the guide with its banner, for the tests of one file: opened anew by each, and taken down after it. */
export function useConvertPage() {
  let bridge: FakeBridge;
  let page: VueWrapper;
  let router: Router;
  let stop: () => void;
  afterEach(() => {
    page.unmount();
    stop();
    vi.unstubAllGlobals();
  });

  async function open(variant: FakeVariant = 'full', { prepare = () => undefined, query = '', at = 'convert' }: Opening = {}): Promise<void> {
    bridge = createFakeBridge({ variant, stepDelayMs: 1 });
    prepare(bridge);
    vi.stubGlobal('netwright', bridge);
    setActivePinia(createPinia());
    stop = await startStores();
    const place = { template: '<h2>another place</h2>' };
    router = createRouter({
      history: createMemoryHistory(),
      routes: [
        { path: '/hosts/:hostId/convert', name: 'convert', component: ConvertPage },
        ...['switches', 'machines', 'map'].map((name) => ({ path: `/hosts/:hostId/${name}`, name, component: place })),
        { path: '/hosts/:hostId/networks/new/:kind', name: 'new-attached-network', component: place },
      ],
    });
    await router.push(`/hosts/attic/${at}${query}`);
    page = mount({ render: () => [h(ConversionBanner, { hostId: 'attic' }), h(RouterView)] }, { global: { plugins: [router, ui] }, attachTo: document.body });
    await flushPromises();
  }
  const button = (label: string) => page.findAll('button').find((each) => each.text() === label);
  async function press(label: string): Promise<void> {
    const found = button(label);
    if (!found) throw new Error(`There is no button ${label}; there are ${page.findAll('button').map((each) => each.text()).join(', ')}`);
    await (found.attributes('type') === 'submit' ? page.find('form').trigger('submit') : found.trigger('click'));
    await flushPromises();
  }
  const heading = (): string => page.find('h2').text();
  const calls = (name: string): unknown[] => bridge.calls.filter((call) => call.name === name).map(({ input }) => input);
  async function put(run: ConversionRun): Promise<void> {
    bridge.state.conversions = [run];
    bridge.emit('conversion.progress', run);
    await flushPromises();
  }
  async function toReview(): Promise<void> {
    await press('Next');
    await press('Next');
    await page.find('input[type="checkbox"]').setValue(true);
    await press('Next');
  }

  return {
    open, button, press, heading, calls, put, toReview,
    get bridge() { return bridge; },
    get page() { return page; },
    get router() { return router; },
  };
}
