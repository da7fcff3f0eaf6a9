import ui from '@nuxt/ui/vue-plugin';
import { EditorView } from '@codemirror/view';
import { flushPromises, mount } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { h } from 'vue';
import { RouterView, createMemoryHistory, createRouter } from 'vue-router';
import type { Router } from 'vue-router';
import { useLabDrafts } from '../../stores/lab-drafts';
import { usePlanReview } from '../../stores/plan-review';
import { startStores } from '../../stores/start-stores';
import { createFakeBridge } from '../../testing/fake-bridge';
import type { FakeBridge } from '../../testing/fake-bridge';
import LabEditorPage from './LabEditorPage.vue';
import { labYaml } from './lab-yaml';

let bridge: FakeBridge;
let router: Router;
let page: VueWrapper;
let stop: () => void;

async function open(path: string): Promise<void> {
  const place = { render: () => h('p', 'elsewhere') };
  router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/hosts/:hostId/labs/:lab/edit', name: 'edit-lab', component: LabEditorPage },
      { path: '/hosts/:hostId/labs/file', name: 'lab-file', component: LabEditorPage },
      { path: '/hosts/:hostId/labs', name: 'labs', component: place },
    ],
  });
  await router.push(path);
  page = mount({ render: () => h(RouterView) }, { global: { plugins: [router, ui] }, attachTo: document.body });
  await vi.waitUntil(() => page.find('.cm-content').exists());
}
beforeEach(async () => {
  // happy-dom tells of a selection in the middle of CodeMirror's own writing it, as no browser does.
  vi.spyOn(EditorView.prototype, 'focus').mockImplementation(() => undefined);
  bridge = createFakeBridge({ variant: 'labs', stepDelayMs: 1 });
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

const editor = (): EditorView => EditorView.findFromDOM(page.find('.cm-editor').element as HTMLElement)!;
async function replace(from: string, to: string): Promise<void> {
  const at = editor().state.doc.toString().indexOf(from);
  if (at < 0) throw new Error(`“${from}” is not in the file`);
  editor().dispatch({ changes: { from: at, to: at + from.length, insert: to } });
  await flushPromises();
}
async function press(label: string): Promise<void> {
  await page.findAll('button').find((button) => button.text() === label)!.trigger('click');
  await flushPromises();
}
const problems = (): string => page.find('.problems').text();
const picture = (): string => page.find('svg.lab-picture').attributes('aria-label') ?? '';

describe('the editor of a lab file', () => {
  it('shows the lab as the host has it, and what the host says of it', async () => {
    await open('/hosts/attic/labs/ceph/edit');
    expect(editor().state.doc.toString()).toContain('name: ceph');
    await vi.waitUntil(() => problems().includes('It fits attic'));
    expect(picture()).toMatch(/^Lab ceph: public, 192\.168\.150\.1\/24/);
  });

  it('draws it anew as it is typed, and keeps the picture through a mistake', async () => {
    await open('/hosts/attic/labs/ceph/edit');
    await replace('machines:', '  third: { kind: isolated, ipv4: none }\nmachines:');
    await vi.waitUntil(() => picture().includes('third'));
    await replace('kind: isolated', 'kind: isolatd');
    await vi.waitUntil(() => problems().includes('Is it “isolated”?'));
    expect(problems()).toMatch(/1 error.*Line 9/s);
    expect(page.find('svg.lab-picture').classes()).toContain('old');
    expect(picture()).toContain('third');
  });

  it('asks the host about what only it can know, at its line', async () => {
    await open('/hosts/attic/labs/file');
    await replace(/address: [\d./]+/.exec(editor().state.doc.toString())![0], 'address: 192.168.122.5/24');
    await vi.waitUntil(() => /error/.test(problems()));
    expect(problems()).toMatch(/Line 8.*default/s);
    await press('Preview…');
    expect(usePlanReview().request).toBeNull();
  });

  it('asks again when the host has changed, and not for what means nothing to a lab', async () => {
    await open('/hosts/attic/labs/ceph/edit');
    await vi.waitUntil(() => problems().includes('It fits attic'));
    const asked = () => bridge.calls.filter(({ name }) => name === 'labs.read').length;
    const before = asked();
    const inventory = bridge.state.inventories.get('attic')!;
    inventory.snapshot = { ...inventory.snapshot, networks: inventory.snapshot.networks.map((network) => ({ ...network, leases: [] })) };
    await bridge.invoke('inventory.refresh', { hostId: 'attic', scope: 'all' });
    await flushPromises();
    expect(problems()).toContain('It fits attic');
    inventory.snapshot = { ...inventory.snapshot, networks: inventory.snapshot.networks.filter(({ name }) => name !== 'default') };
    await bridge.invoke('inventory.refresh', { hostId: 'attic', scope: 'all' });
    await vi.waitUntil(() => asked() > before);
    expect(asked()).toBe(before + 1);
  });

  it('previews what stands there, and asks no more about leaving once it is so', async () => {
    await open('/hosts/attic/labs/ceph/edit');
    await replace('mtu: 9000', 'mtu: 8000');
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 's', ctrlKey: true, cancelable: true }));
    await vi.waitUntil(() => usePlanReview().request !== null);
    expect(usePlanReview().request?.intent).toMatchObject({ kind: 'lab.apply', lab: 'ceph', networks: [{ key: 'public' }, { key: 'cluster', spec: { mtu: 8000 } }] });
    usePlanReview().request?.onApplied?.();
    await flushPromises();
    await press('Back to the labs');
    await vi.waitUntil(() => router.currentRoute.value.name === 'labs');
  });

  it('warns of a lab that is there, of another name, and refuses another host', async () => {
    const draft = useLabDrafts().add({ hostId: 'attic', origin: 'office.yaml', text: 'version: 1\nname: campus\nhost: basement\nnetworks:\n  desks: { kind: nat }\n' });
    await open(`/hosts/attic/labs/file?draft=${draft.id}`);
    expect(page.text()).toContain('from office.yaml');
    expect(problems()).toContain('attic has a lab campus already');
    expect(problems()).toContain('This lab is for the host basement');
    await press('Preview…');
    expect(usePlanReview().request).toBeNull();
    await replace('host: basement\n', '');
    await vi.waitUntil(() => !problems().includes('basement'));
  });

  it('shows the file where somebody has changed the lab since, beside how the lab is', async () => {
    await open('/hosts/attic/labs/campus/edit');
    expect(page.text()).toContain('attic has this lab otherwise than its file of 30 May 2026');
    expect(editor().state.doc.toString()).toContain('tag: 30 }');
    await press('Show the file');
    expect(editor().state.doc.toString()).toContain('tag: 31 }');
    expect(page.text()).toContain('Preview shows what this takes back');
    await press('Cancel');
    await vi.waitUntil(() => router.currentRoute.value.name === 'labs');
  });

  it('has the versions of before, to be shown and applied again', async () => {
    await open('/hosts/attic/labs/ceph/edit');
    expect(page.text()).toContain('as it was applied 30 May 2026');
    expect(page.find('.drift').exists()).toBe(false);
    await press('Earlier versions');
    const entries = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[role="menuitem"]')];
    await vi.waitUntil(() => entries().length === 3);
    expect(entries()[1]!.textContent).toMatch(/Applied 8 May 2026.*2 changed lines from what is shown/);
    entries()[1]!.click();
    await flushPromises();
    expect(editor().state.doc.toString()).toContain('mtu: 8000');
    await press('Preview…');
    await vi.waitUntil(() => usePlanReview().request !== null);
    expect(usePlanReview().request?.intent).toMatchObject({ kind: 'lab.apply', networks: [{ key: 'public' }, { key: 'cluster', spec: { mtu: 8000 } }] });
  });

  it('asks before it throws away what was typed, unless that was saved', async () => {
    await open('/hosts/attic/labs/ceph/edit');
    await replace('mtu: 9000', 'mtu: 7000');
    await press('Cancel');
    await vi.waitUntil(() => document.body.textContent.includes('2 changed lines of the lab file'));
    [...document.querySelectorAll('button')].find((button) => button.textContent.trim() === 'Stay')!.click();
    await flushPromises();
    expect(router.currentRoute.value.name).toBe('edit-lab');
    await press('Save as…');
    expect(bridge.calls.at(-1)).toMatchObject({ name: 'app.saveLabFile', input: { name: 'ceph', text: editor().state.doc.toString() } });
    expect(page.text()).toContain('Saved as ceph.yaml');
    await press('Cancel');
    await vi.waitUntil(() => router.currentRoute.value.name === 'labs');
  });
});

it.each([['    kind: isolatd  # a remark', 10, 'isolatd'], ['  "a b": x', 2, '"a b"'], ['ipv4: { address: 10.0.0.1/24 }', 17, '10.0.0.1/24'], ['mac: 52:54:00:00:00:01', 5, '52:54:00:00:00:01'], ['x: |', 3, '|']])('underlines in %j what is to blame', (line, start, marked) => {
  expect(line.slice(start, labYaml.endOf(line, start))).toBe(marked);
});
