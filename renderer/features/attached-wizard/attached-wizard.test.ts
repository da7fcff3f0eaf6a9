import ui from '@nuxt/ui/vue-plugin';
import { flushPromises, mount } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { h } from 'vue';
import { RouterView, createMemoryHistory, createRouter } from 'vue-router';
import { startStores } from '../../stores/start-stores';
import { createFakeBridge } from '../../testing/fake-bridge';
import type { FakeBridge } from '../../testing/fake-bridge';
import { atticNetworkUuids } from '../../testing/fixtures/attic-networks';
import AttachedWizard from './AttachedWizard.vue';

let bridge: FakeBridge;
let page: VueWrapper;
let stop: () => void;

async function open(path: string, variant: 'full' | 'empty' = 'full'): Promise<void> {
  bridge = createFakeBridge({ variant, stepDelayMs: 1 });
  vi.stubGlobal('netwright', bridge);
  setActivePinia(createPinia());
  stop = await startStores();
  const place = { render: () => h('p', 'elsewhere') };
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/hosts/:hostId/networks/new/:kind', name: 'new-attached-network', component: AttachedWizard },
      { path: '/hosts/:hostId/networks/:uuid/edit-attached', name: 'edit-attached-network', component: AttachedWizard },
      ...['networks', 'history', 'health', 'convert'].map((name) => ({ path: `/hosts/:hostId/${name}`, name, component: place })),
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
const labelled = (label: string) => page.find<HTMLInputElement>(`[aria-label="${label}"]`);
const press = async (label: string): Promise<void> => {
  await page.findAll('button').find((button) => button.text() === label)?.trigger('click');
  await flushPromises();
};
const intents = () => bridge.calls.filter((call) => call.name === 'plan.preview').map((call) => (call.input as { intent: Record<string, unknown> }).intent);

describe('the wizard of networks attached to something of the host', () => {
  it('shows the bridges of the host with their facts, and why one won’t do', async () => {
    await open('/hosts/attic/networks/new/bridged');
    expect(text()).toContain('br0uplink eno1, LAN 10.0.0.0/24, used by lan');
    expect(text()).toContain('virbr0 belongs to libvirt’s network “default”: plug machines into that network itself.');
    expect(page.find<HTMLInputElement>('input[value="docker0"]').element.disabled).toBe(true);
    await submit();
    await submit();
    await vi.waitUntil(() => text().includes('Nothing has changed on attic yet'));
    expect(intents()).toMatchObject([{ kind: 'network.create', start: true, spec: { kind: 'bridged', name: 'lan-2', bridge: 'br0' } }]);
  });

  it('explains what is missing, without a dead button', async () => {
    await open('/hosts/attic/networks/new/bridged', 'empty');
    expect(text()).toContain('There is no bridge to attach to');
    expect(text()).toContain('guided conversion');
    expect(page.find('form').exists()).toBe(false);
    expect(page.findAll('a').map((link) => link.text())).toContain('Use macvtap instead');
  });

  it('says of VLANs what is wrong beside each, all at once, and goes on when it is mended', async () => {
    await open('/hosts/attic/networks/new/ovs');
    await page.findAll<HTMLInputElement>('input[name="place"]').at(-1)?.setValue(true);
    await submit();
    await press('Trusted and guests');
    await labelled('VLAN of trusted').setValue('4095');
    await labelled('Name of portgroup 2').setValue('trusted');
    await submit();
    expect(text()).toContain('VLANs go from 1 to 4094');
    expect(text()).toContain('There is a portgroup “trusted” already');
    await labelled('VLAN of trusted').setValue('10');
    await labelled('Name of portgroup 2').setValue('guests');
    await submit();
    await submit();
    await vi.waitUntil(() => text().includes('Nothing has changed on attic yet'));
    expect(intents()).toMatchObject([{ spec: { kind: 'ovs', bridge: 'ovsbr0', createBridge: { datapath: 'system', stp: false }, portgroups: [{ name: 'trusted', isDefault: true, vlan: { mode: 'access', tag: 10 } }, { name: 'guests', vlan: { tag: 20 } }] } }]);
    await press('Create network');
    await submit();
    await vi.waitUntil(() => text().includes('Done and verified'));
  });

  it('changes a running network at once where that can be, and keeps what machines use', async () => {
    await open(`/hosts/attic/networks/${atticNetworkUuids.trunk}/edit-attached`);
    await submit();
    await labelled('VLAN of cameras').setValue('21');
    await submit();
    await submit();
    await vi.waitUntil(() => text().includes('When does it take effect?'));
    expect(intents()).toMatchObject([{ kind: 'network.edit', when: 'live' }]);
    await press('Back');
    await press('Back');
    await labelled('Name of portgroup 2').setValue('cams');
    await submit();
    expect(text()).toMatch(/cam-vlan20 uses the portgroup “cameras”/);
  });
});
