import ui from '@nuxt/ui/vue-plugin';
import { flushPromises, mount } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';
import { useSelection } from '../../stores/selection';
import { startStores } from '../../stores/start-stores';
import { createFakeBridge } from '../../testing/fake-bridge';
import { crowdedSnapshot } from '../../testing/fixtures/hosts';
import { objectMenuKey, type ObjectMenu } from '../../ui/object-menu';
import type { MapGraph } from './map-graph';
import MapView from './MapView.vue';

// Workers run in a browser only: nodes stand in the order of the snapshot.
vi.mock('./layered-order', () => ({
  openLayeredOrder: () => ({ order: (graph: MapGraph) => Promise.resolve(new Map(graph.nodes.map(({ id }, index) => [id, index]))), close: () => undefined }),
}));

const room = { width: 1000, height: 600 };

/** Tells of the map's room at once; happy-dom lays nothing out. */
class RoomObserver {
  constructor(private readonly callback: ResizeObserverCallback) {}
  observe(element: Element): void {
    if (element.classList.contains('canvas')) this.callback([{ target: element, contentRect: room } as unknown as ResizeObserverEntry], this);
  }
  unobserve(): void { /* nothing changes its size */ }
  disconnect(): void { /* nothing changes its size */ }
}

let page: VueWrapper;
let stop: () => void;
let watcher: MutationObserver;
/** Every card that was ever put into the page. */
const mounted = new Set<Element>();

beforeEach(async () => {
  mounted.clear();
  vi.stubGlobal('ResizeObserver', RoomObserver);
  vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockReturnValue(room.width);
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(room.height);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(room.width);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(room.height);
  const bridge = createFakeBridge({ variant: 'full' });
  bridge.handle('inventory.get', () => ({ snapshot: crowdedSnapshot(100), stale: false }));
  vi.stubGlobal('netwright', bridge);
  setActivePinia(createPinia());
  stop = await startStores();
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/hosts/:hostId/map', component: MapView }, { path: '/new', name: 'new-nat-network', component: MapView }] });
  await router.push('/hosts/attic/map');
  watcher = new MutationObserver(() => { for (const card of document.querySelectorAll('.card')) mounted.add(card); });
  watcher.observe(document.body, { childList: true, subtree: true });
  page = mount(MapView, { global: { plugins: [router, ui], provide: { [objectMenuKey as symbol]: ((subject) => [[{ label: `Do something with this ${subject.kind}` }]]) satisfies ObjectMenu } }, attachTo: document.body });
  await vi.waitFor(() => expect(page.find('.card').exists()).toBe(true));
  await flushPromises();
});
afterEach(() => {
  watcher.disconnect();
  page.unmount();
  stop();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('the map of a crowded host', () => {
  it('mounts only what is in view, from its first picture on, and draws the cables that lead out of it', () => {
    const cards = page.findAll('.card').length;
    expect(cards).toBeGreaterThan(5);
    expect(mounted.size).toBe(cards);
    expect(cards).toBeLessThan(40);
    expect(page.findAll('.cable').length).toBeGreaterThan(cards);
  });
});

describe('a thing on the map', () => {
  const menuLabels = (): (string | undefined)[] => [...document.querySelectorAll('[role="menuitem"]')].map((item) => item.textContent?.trim());

  it('has the menu of its table row, by the right button and by keyboard, and gives the focus back', async () => {
    const card = page.find<HTMLElement>('.card.machine');
    card.element.focus();
    // Chromium sends this for the right button, Shift F10 and the menu key alike.
    const event = new MouseEvent('contextmenu', { bubbles: true, cancelable: true });
    card.element.dispatchEvent(event);
    await vi.waitFor(() => expect(menuLabels()).toEqual(['Open here', 'Do something with this machine']));
    expect(event.defaultPrevented).toBe(true);
    (document.querySelector('[role="menuitem"]') as HTMLElement).click();
    await vi.waitFor(() => expect(menuLabels()).toEqual([]));
    expect(useSelection().selected?.kind).toBe('machine');
    await vi.waitFor(() => expect(document.activeElement).toBe(card.element));
  });
});
