import ui from '@nuxt/ui/vue-plugin';
import { flushPromises, mount } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';
import { AppError } from '../../../shared/errors/app-error';
import { usePlanReview } from '../../stores/plan-review';
import { startStores } from '../../stores/start-stores';
import { createFakeBridge } from '../../testing/fake-bridge';
import type { FakeBridge } from '../../testing/fake-bridge';
import type { FakeVariant } from '../../testing/fake-state';
import { isToldByReport } from './finding-words';
import HealthBanner from './HealthBanner.vue';
import HealthPage from './HealthPage.vue';

let bridge: FakeBridge;
let page: VueWrapper;
let stop: () => void;

async function open(variant: FakeVariant = 'full', prepare: (bridge: FakeBridge) => void = () => undefined): Promise<void> {
  bridge = createFakeBridge({ variant });
  prepare(bridge);
  vi.stubGlobal('netwright', bridge);
  setActivePinia(createPinia());
  stop = await startStores();
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/hosts/:hostId/health', name: 'health', component: HealthPage }] });
  await router.push('/hosts/attic/health');
  page = mount(HealthPage, { global: { plugins: [router, ui] }, attachTo: document.body });
  await flushPromises();
}
afterEach(() => {
  page.unmount();
  stop();
  vi.unstubAllGlobals();
});

const titles = (): string[] => page.findAll('.finding h3').map((title) => title.text());
async function press(label: string): Promise<void> {
  const button = page.findAll('button').find((each) => each.text() === label);
  if (!button) throw new Error(`There is no button ${label}`);
  await button.trigger('click');
  await flushPromises();
}
const calls = (name: string): number => bridge.calls.filter((call) => call.name === name).length;

describe('the page Health', () => {
  it('is calm when all is well, and says what was looked at', async () => {
    await open('empty');
    expect(page.text()).toContain('attic is ready');
    expect(titles()).toEqual([]);
    expect(page.text()).toContain('Everything that was looked at is well');
    expect(page.text()).toContain('libvirt runs (9.0.0, monolithic)');
  });

  it('shows the worst first, with the commands, and opens the review of a fix', async () => {
    await open('bare');
    expect(titles()).toEqual(['In the way: libvirt is not installed', 'Warning: pihole-FTL holds port 53 on every address', 'Warning: KVM is not available', 'Note: mara is not in group libvirt', 'Note: Open vSwitch is not installed']);
    expect(page.find('pre').text()).toContain('sudo apt-get install --no-install-recommends libvirt-daemon-system');
    await press('Install libvirt…');
    expect(usePlanReview().request).toEqual({ hostId: 'attic', intent: { kind: 'preflight.fix', code: 'libvirt.missing' } });
  });

  it('looks again when it is opened, and when asked', async () => {
    await open();
    expect(calls('preflight.refresh')).toBe(1);
    await press('Look again');
    expect(calls('preflight.refresh')).toBe(2);
    bridge.fail('preflight.refresh', new AppError('ssh.closed', 'The connection was cut', 'attic closed it.'));
    await press('Look again');
    expect(page.text()).toContain('The connection was cut');
    expect(titles()).toEqual(['Note: Docker refuses to forward what it doesn\'t know']);
  });

  it('keeps a dismissed note away, and brings it back', async () => {
    await open();
    await press('Dismiss');
    expect(titles()).toEqual([]);
    expect(bridge.state.settings.dismissedNotes).toEqual({ attic: ['docker.forward-drop'] });
    expect(page.text()).toContain('A note was dismissed: Docker refuses');
    await press('Show it again');
    expect(titles()).toHaveLength(1);
  });

  it('offers to connect again where that is the fix', async () => {
    await open('full', ({ state }) => {
      const report = state.reports.get('attic')!;
      state.reports.set('attic', { ...report, findings: [{ code: 'rights.reconnect', severity: 'warning', title: 'mara is in group libvirt since this session began', detail: 'So.', meaning: 'So.', fix: { kind: 'reconnect', text: 'Connect again to have it.' } }] });
    });
    await press('Connect again');
    expect(bridge.calls.map((call) => call.name).filter((name) => name.startsWith('sessions.'))).toEqual(['sessions.disconnect', 'sessions.connect']);
  });

  it('follows what main finds meanwhile', async () => {
    await open('bare');
    bridge.state.reports.set('attic', { ...bridge.state.reports.get('attic')!, findings: [] });
    bridge.emit('preflight.changed', { hostId: 'attic' });
    await flushPromises();
    expect(titles()).toEqual([]);
  });

  it('says when nothing is known, and what to do', async () => {
    await open('failing');
    expect(page.text()).toContain('was not looked at yet');
    await press('Connect');
    expect(calls('sessions.connect')).toBe(1);
  });
});

describe('the banner', () => {
  it('names the worst and leads to the page; notes alone don\'t show it', async () => {
    await open('bare');
    const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', name: 'map', component: HealthBanner }, { path: '/health/:hostId', name: 'health', component: HealthPage }] });
    await router.push('/');
    const banner = mount(HealthBanner, { props: { hostId: 'attic' }, global: { plugins: [router, ui] } });
    expect(banner.text()).toContain('libvirt is not installed.');
    expect(banner.text()).toContain('1 in the way, 2 warnings in all.');
    banner.unmount();
    page.unmount();
    await open('full');
    const quiet = mount(HealthBanner, { props: { hostId: 'attic' }, global: { plugins: [router, ui] } });
    expect(quiet.text()).toBe('');
    quiet.unmount();
  });

  it('takes the place of the inventory\'s own words for the same', async () => {
    await open('bare');
    const report = bridge.state.reports.get('attic')!;
    expect(isToldByReport({ area: 'libvirt', code: 'libvirt.missing' }, report)).toBe(true);
    expect(isToldByReport({ area: 'interfaces', code: 'command.failed' }, report)).toBe(false);
    expect(isToldByReport({ area: 'libvirt', code: 'libvirt.missing' }, null)).toBe(false);
  });
});
