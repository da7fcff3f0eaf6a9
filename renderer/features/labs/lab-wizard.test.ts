import ui from '@nuxt/ui/vue-plugin';
import { flushPromises, mount } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { h } from 'vue';
import { RouterView, createMemoryHistory, createRouter } from 'vue-router';
import type { Router } from 'vue-router';
import { AppError } from '../../../shared/errors/app-error';
import { useLabDrafts } from '../../stores/lab-drafts';
import { useMachineDialog } from '../../stores/machine-dialog';
import { startStores } from '../../stores/start-stores';
import { createFakeBridge } from '../../testing/fake-bridge';
import type { FakeBridge } from '../../testing/fake-bridge';
import type { FakeVariant } from '../../testing/fake-state';
import LabWizard from './LabWizard.vue';

let bridge: FakeBridge;
let router: Router;
let page: VueWrapper;
let stop: () => void;

async function open(path: string, variant: FakeVariant = 'full'): Promise<void> {
  bridge = createFakeBridge({ variant, stepDelayMs: 1 });
  vi.stubGlobal('netwright', bridge);
  setActivePinia(createPinia());
  stop = await startStores();
  const place = { render: () => h('p', 'elsewhere') };
  router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/hosts/:hostId/labs/new/:template', name: 'new-lab-from', component: LabWizard },
      ...['labs', 'new-lab', 'lab-file', 'history', 'health'].map((name) => ({ path: `/hosts/:hostId/${name}`, name, component: place })),
    ],
  });
  await router.push(path);
  page = mount({ render: () => h(RouterView) }, { global: { plugins: [router, ui] }, attachTo: document.body });
  await vi.waitUntil(() => page.find('h2').exists());
}
afterEach(() => {
  page.unmount();
  stop();
  vi.unstubAllGlobals();
});

const text = (): string => page.text();
const submit = async (): Promise<void> => { await page.find('form').trigger('submit'); await flushPromises(); };
const setName = (name: string): Promise<void> => page.find<HTMLInputElement>('#field-name').setValue(name);
const proposed = (name: string): Promise<unknown> => vi.waitUntil(() => page.find('table').exists() && page.find('table').text().includes(name));
const intents = () => bridge.calls.filter((call) => call.name === 'plan.preview').map((call) => (call.input as { intent: Record<string, unknown> }).intent);

describe('the wizard of labs', () => {
  it('goes from a name to a lab, and to what comes next', async () => {
    await open('/hosts/attic/labs/new/storage');
    await proposed('storage-public');
    await setName('rook');
    await proposed('rook-cluster');
    await submit();
    await vi.waitUntil(() => text().includes('Nothing has changed on attic yet'));
    expect(intents()).toMatchObject([{ kind: 'lab.apply', lab: 'rook', networks: [{ key: 'public', spec: { name: 'rook-public', kind: 'nat' } }, { key: 'cluster', spec: { name: 'rook-cluster', kind: 'isolated', mtu: 9000 } }] }]);
    await submit();
    await vi.waitUntil(() => text().includes('Done and verified'));
    expect(text()).toContain('plug machines in');
    await page.findAll('button').find((button) => button.text() === 'See the lab')!.trigger('click');
    await vi.waitUntil(() => router.currentRoute.value.name === 'labs');
  });

  it('gives machines the roles that are picked, and says of each what is wrong with it', async () => {
    await open('/hosts/attic/labs/new/storage');
    await proposed('storage-public');
    const pick = (role: string, machine: string): Promise<void> => page.find<HTMLSelectElement>(`select[aria-label="Machine for ${role}"]`).setValue(machine);
    await pick('node-1', 'web1');
    await vi.waitUntil(() => page.find('svg.lab-picture').attributes('aria-label')?.includes('with web1'));
    expect(page.find('select[aria-label="Machine for node-2"]').text()).toContain('web1 (node-1)');
    await setName('rook');
    await submit();
    await vi.waitUntil(() => intents().length > 0);
    expect(intents().at(-1)).toMatchObject({ lab: 'rook', machines: [{ role: 'node-1', nics: [{ network: 'rook-public' }, { network: 'rook-cluster' }] }] });
  });

  it('tests the lab that it made, routers and all, and says so in its picture', async () => {
    await open('/hosts/attic/labs/new/firewall');
    await proposed('firewall-lan');
    await submit();
    await vi.waitUntil(() => text().includes('Nothing has changed on attic yet'));
    expect(page.find('g.test').exists()).toBe(false);
    await submit();
    await vi.waitUntil(() => text().includes('Everybody reaches whom they should, and nobody else'));
    expect(page.findAll('g.arrow').map((arrow) => arrow.classes()[1])).toEqual(Array.from(page.findAll('g.arrow'), () => 'proven'));
    expect(page.findAll('g.arrow title').map((title) => title.text())).toContain('lan reaches dmz: gateway lets it pass.');
  });

  it('leads on through the jump box that it made', async () => {
    await open('/hosts/attic/labs/new/isolated');
    await proposed('isolated-inner');
    await submit();
    await vi.waitUntil(() => text().includes('Nothing has changed on attic yet'));
    await submit();
    await vi.waitUntil(() => text().includes('Done and verified'));
    const { state } = bridge;
    const inventory = state.inventories.get('attic')!;
    const snapshot = inventory.snapshot;
    const box = { ...snapshot.machines[0]!, uuid: '6f1ef9f7-0c3c-4a8e-9b8f-27a1b5f0c001', name: 'isolated-jump-box', labRouter: { lab: 'isolated', key: 'jump-box', addresses: [], keys: ['ssh-ed25519 AAAAC3 mara@desk'] } };
    inventory.snapshot = { ...snapshot, revision: snapshot.revision + 1, machines: [...snapshot.machines, box] };
    bridge.emit('inventory.changed', { hostId: 'attic', revision: snapshot.revision + 1, stale: false });
    await vi.waitUntil(() => page.find('[aria-label="Log in through isolated-jump-box"]').exists());
    await page.find('[aria-label="Log in through isolated-jump-box"]').trigger('click');
    expect(useMachineDialog().request).toEqual({ hostId: 'attic', mode: 'jump-box', uuid: box.uuid });
  });

  it('plans what was typed last, however quick “Next” is', async () => {
    await open('/hosts/attic/labs/new/sandbox');
    await setName('quick');
    await submit();
    await vi.waitUntil(() => text().includes('Nothing has changed on attic yet'));
    expect(intents().at(-1)).toMatchObject({ lab: 'quick' });
  });

  it('proposes a name that is free, and refuses one that is not', async () => {
    await open('/hosts/attic/labs/new/storage', 'labs');
    await setName('ceph');
    await submit();
    expect(text()).toContain('There is a lab “ceph” on this host already.');
    await setName('-x');
    expect(text()).toContain('no “-” at the start');
    await submit();
    expect(intents()).toEqual([]);
  });

  it('refuses a name whose networks would be called as others are', async () => {
    await open('/hosts/attic/labs/new/sandbox');
    await setName('sandbox');
    await proposed('sandbox-net');
    await submit();
    await vi.waitUntil(() => page.find('#field-name-issue').exists());
    expect(page.find('#field-name-issue').text()).toMatch(/sandbox-net/);
    expect(intents()).toEqual([]);
  });

  it('says why there is no proposal, and tries again', async () => {
    await open('/hosts/attic/labs/new/sandbox');
    await proposed('sandbox');
    bridge.handle('labs.fromTemplate', () => { throw new AppError('plan.invalid', 'No free subnets', '“Sandbox NAT” needs 1, and there are no more.'); });
    await setName('other');
    await vi.waitUntil(() => text().includes('No free subnets'));
    expect(page.findAll('button').map((button) => button.text())).toContain('Try again');
  });

  it('offers the way where Open vSwitch is missing', async () => {
    await open('/hosts/basement/labs/new/vlan-campus');
    expect(text()).toContain('Open vSwitch is not installed on this host.');
    expect(page.find('form').exists()).toBe(false);
    expect(page.findAll('a').map((link) => link.text())).toContain('Open Health');
  });

  it('goes on in the editor with the file as it is', async () => {
    await open('/hosts/attic/labs/new/storage');
    await proposed('storage-public');
    await page.findAll('button').find((button) => button.text().includes('in the lab file'))!.trigger('click');
    await vi.waitUntil(() => router.currentRoute.value.name === 'lab-file');
    expect(useLabDrafts().of(String(router.currentRoute.value.query['draft']))?.text).toMatch(/^version: 1\nname: storage\n/);
  });
});
