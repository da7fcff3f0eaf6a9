import ui from '@nuxt/ui/vue-plugin';
import { flushPromises, mount } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import { EditorView } from '@codemirror/view';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { h } from 'vue';
import { RouterView, createMemoryHistory, createRouter } from 'vue-router';
import type { Router } from 'vue-router';
import { usePlanReview } from '../../stores/plan-review';
import { startStores } from '../../stores/start-stores';
import { useXmlDrafts } from '../../stores/xml-drafts';
import { createFakeBridge } from '../../testing/fake-bridge';
import type { FakeBridge } from '../../testing/fake-bridge';
import { atticNetworkUuids } from '../../testing/fixtures/attic-networks';
import NetworkXmlPage from './NetworkXmlPage.vue';

const uuid = atticNetworkUuids.default;
let bridge: FakeBridge;
let router: Router;
let page: VueWrapper;
let stop: () => void;

async function open(path: string): Promise<void> {
  const place = { render: () => h('p', 'elsewhere') };
  router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/hosts/:hostId/networks/new/xml', name: 'new-network-xml', component: NetworkXmlPage },
      { path: '/hosts/:hostId/networks/:uuid/xml', name: 'network-xml', component: NetworkXmlPage },
      { path: '/hosts/:hostId/networks', name: 'networks', component: place },
    ],
  });
  await router.push(path);
  page = mount({ render: () => h(RouterView) }, { global: { plugins: [router, ui] }, attachTo: document.body });
  await vi.waitUntil(() => page.find('.cm-content').exists());
}

beforeEach(async () => {
  // happy-dom tells of a selection in the middle of CodeMirror's own writing it, as no browser does.
  vi.spyOn(EditorView.prototype, 'focus').mockImplementation(() => undefined);
  bridge = createFakeBridge({ stepDelayMs: 1 });
  vi.stubGlobal('netwright', bridge);
  setActivePinia(createPinia());
  stop = await startStores();
});
afterEach(() => {
  page.unmount();
  stop();
  document.body.innerHTML = '';
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const editor = (): EditorView => {
  const view = EditorView.findFromDOM(page.find('.cm-editor').element as HTMLElement);
  if (!view) throw new Error('No editor');
  return view;
};
const text = (): string => editor().state.doc.toString();
const replace = async (from: string, to: string): Promise<void> => {
  const at = text().indexOf(from);
  editor().dispatch({ changes: { from: at, to: at + from.length, insert: to } });
  await flushPromises();
};
const press = async (label: string): Promise<void> => {
  const button = page.findAll('button').find((candidate) => candidate.text() === label);
  if (!button) throw new Error(`No button “${label}” among ${page.findAll('button').map((each) => each.text()).join(', ')}`);
  await button.trigger('click');
  await flushPromises();
};
/** Somebody changes the definition on the host, and the app hears of it. */
const changeOnHost = async (from: string, to: string): Promise<void> => {
  const { persistent } = await bridge.invoke('inventory.xml', { hostId: 'attic', object: 'network', uuid }).then((reply) => (reply.ok ? reply.value : { persistent: '' }));
  bridge.state.changedXml.set(uuid, (persistent ?? '').replace(from, to));
  await bridge.invoke('inventory.refresh', { hostId: 'attic', scope: 'all' });
  await vi.waitUntil(() => page.text().includes('since you opened it'));
};

describe('the XML editor', () => {
  beforeEach(() => open(`/hosts/attic/networks/${uuid}/xml`));

  it('shows the definition of the next start, and has the host judge it', async () => {
    expect(text()).toContain('<name>default</name>');
    expect(text()).not.toContain('stp="on"');
    await vi.waitUntil(() => page.text().includes('accepts it'), { timeout: 3000 });
  });

  it('shows a fault at its line, and no review before it is mended', async () => {
    await replace('</dhcp>', '');
    expect(page.find('.problems').text()).toMatch(/1 error/);
    expect(page.find('.problems').text()).toMatch(/Line \d+/);
    await press('Review…');
    expect(usePlanReview().request).toBeNull();
    editor().dispatch({ changes: { from: 0, to: text().length, insert: '<network><name>default</name></network>' } });
    await flushPromises();
    expect(page.find('.problems').text()).not.toMatch(/error/);
  });

  it('says what the host’s libvirt refuses, at its line', async () => {
    await replace('delay="0"', 'delay="soon"');
    await vi.waitUntil(() => page.text().includes('refuses it: XML error: Invalid delay value'), { timeout: 3000 });
    expect(page.find('.problems').text()).toContain('Line 5');
  });

  it('reviews what was typed, based on what it was made from', async () => {
    const before = text();
    await replace('virbr0', 'virbr9');
    await page.find('input[value="now"]').setValue(true);
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 's', ctrlKey: true, cancelable: true }));
    await vi.waitUntil(() => usePlanReview().request !== null);
    expect(usePlanReview().request?.intent).toMatchObject({ kind: 'network.define', uuid, basedOn: before, when: 'now', start: false, autostart: true, xml: expect.stringContaining('virbr9') });
    usePlanReview().request?.onApplied?.();
    await vi.waitUntil(() => router.currentRoute.value.name === 'networks');
  });

  it('asks before it throws away what was typed', async () => {
    await replace('virbr0', 'virbr9');
    await press('Cancel');
    await vi.waitUntil(() => document.body.textContent?.includes('2 changed lines of XML'));
    [...document.querySelectorAll('button')].find((button) => button.textContent?.trim() === 'Stay')!.click();
    await flushPromises();
    expect(router.currentRoute.value.name).toBe('network-xml');
    expect(text()).toContain('virbr9');
  });
});

describe('a definition that changed meanwhile', () => {
  beforeEach(async () => {
    await open(`/hosts/attic/networks/${uuid}/xml`);
    await replace('virbr0', 'virbr9');
  });

  it('merges what does not overlap', async () => {
    await changeOnHost('192.168.122.254', '192.168.122.99');
    expect(page.text()).toContain('don’t touch each other');
    await press('Merge both');
    expect(text()).toMatch(/virbr9[\s\S]*192\.168\.122\.99/);
    await press('Review…');
    await vi.waitUntil(() => usePlanReview().request !== null);
    expect(usePlanReview().request?.intent).toMatchObject({ basedOn: expect.stringContaining('192.168.122.99') });
  });

  it('marks what does, and lets each be settled', async () => {
    await changeOnHost('virbr0', 'virbr5');
    expect(page.text()).toContain('one place you settle');
    await press('Merge both');
    expect(page.find('.problems').text()).toMatch(/1 to settle/);
    await press('Review…');
    expect(usePlanReview().request).toBeNull();
    await press('The host’s');
    expect(text()).toContain('virbr5');
    expect(text()).not.toContain('<<<<<<<');
  });

  it('keeps mine or takes theirs, as told, and undo brings mine back', async () => {
    await changeOnHost('192.168.122.254', '192.168.122.99');
    expect(page.text()).toContain('is lost when you apply');
    await press('Take the host’s');
    expect(text()).toMatch(/virbr0[\s\S]*192\.168\.122\.99/);
    const { undo } = await import('@codemirror/commands');
    undo(editor());
    await flushPromises();
    expect(text()).toContain('virbr9');
  });
});

describe('a new network', () => {
  it('starts from a free one', async () => {
    await open('/hosts/attic/networks/new/xml');
    expect(text()).toContain('<name>isolated-net</name>');
    await press('Review…');
    await vi.waitUntil(() => usePlanReview().request !== null);
    expect(usePlanReview().request?.intent).toMatchObject({ kind: 'network.define', basedOn: null, start: true, autostart: true });
  });

  it('shows a document on its way in', async () => {
    const draft = useXmlDrafts().add({ hostId: 'attic', uuid: '11111111-1111-4111-8111-111111111111', xml: '<network><name>lab</name></network>', origin: 'lab.xml' });
    await open(`/hosts/attic/networks/new/xml?draft=${draft.id}`);
    expect(page.text()).toContain('from lab.xml');
    expect(text()).toBe('<network><name>lab</name></network>');
  });
});
