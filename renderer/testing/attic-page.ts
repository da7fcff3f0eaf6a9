import ui from '@nuxt/ui/vue-plugin';
import { flushPromises, mount } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { vi } from 'vitest';
import type { Component } from 'vue';
import { createMemoryHistory, createRouter } from 'vue-router';
import type { Router } from 'vue-router';
import { useInventory } from '../stores/inventory';
import { startStores } from '../stores/start-stores';
import { createFakeBridge } from './fake-bridge';
import type { FakeBridge } from './fake-bridge';
import type { FakeVariant } from './fake-state';

/** A page of host `attic` with a table, in the document; `close` takes it away. */
export class AtticPage {
  private constructor(readonly page: VueWrapper, readonly router: Router, readonly bridge: FakeBridge, private readonly stopStores: () => void) {}

  /** `path`: the page's, below the host's. `others`: what it leads to, by name and path below the host's. */
  static async open(component: Component, path: string, variant: FakeVariant, others: Record<string, string> = {}): Promise<AtticPage> {
    // happy-dom lays nothing out: the table is told a height, so that it has rows in view.
    vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(900);
    vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(1400);
    const bridge = createFakeBridge({ variant });
    vi.stubGlobal('netwright', bridge);
    setActivePinia(createPinia());
    const stop = await startStores();
    await useInventory().load('attic');
    const elsewhere = { template: '<i />' };
    const router = createRouter({
      history: createMemoryHistory(),
      routes: [
        { path: `/hosts/:hostId/${path}`, component }, { path: '/health/:hostId', name: 'health', component: elsewhere },
        ...Object.entries(others).map(([name, place]) => ({ path: `/hosts/:hostId/${place}`, name, component: elsewhere })),
      ],
    });
    await router.push(`/hosts/attic/${path}`);
    const page = mount(component, { attachTo: document.body, global: { plugins: [router, ui] } });
    await flushPromises();
    return new AtticPage(page, router, bridge, stop);
  }

  close(): void {
    this.page.unmount();
    this.stopStores();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
    document.body.innerHTML = '';
  }
}
