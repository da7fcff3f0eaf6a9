import ui from '@nuxt/ui/vue-plugin';
import { flushPromises, mount } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { h } from 'vue';
import { RouterView, createMemoryHistory, createRouter } from 'vue-router';
import type { Router } from 'vue-router';
import type { PlanRun } from '../../../shared/domain/plan';
import { AppError } from '../../../shared/errors/app-error';
import { startStores } from '../../stores/start-stores';
import { createFakeBridge } from '../../testing/fake-bridge';
import type { FakeBridge } from '../../testing/fake-bridge';
import { atticNetworkUuids } from '../../testing/fixtures/attic-networks';
import { planFor, waitingRun } from '../../testing/fixtures/plans';
import AddressedWizard from './AddressedWizard.vue';

let bridge: FakeBridge;
let router: Router;
let page: VueWrapper;
let stop: () => void;

async function open(path: string): Promise<void> {
  bridge = createFakeBridge({ stepDelayMs: 1 });
  vi.stubGlobal('netwright', bridge);
  setActivePinia(createPinia());
  stop = await startStores();
  const place = { render: () => h('p', 'elsewhere') };
  router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/hosts/:hostId/networks/new/:kind', name: 'new-addressed-network', component: AddressedWizard },
      { path: '/hosts/:hostId/networks/:uuid/edit', name: 'edit-network', component: AddressedWizard },
      { path: '/hosts/:hostId/networks', name: 'networks', component: place },
      { path: '/hosts/:hostId/history', name: 'history', component: place },
    ],
  });
  await router.push(path);
  page = mount({ render: () => h(RouterView) }, { global: { plugins: [router, ui] }, attachTo: document.body });
  await vi.waitUntil(() => page.find('form').exists());
}

const text = (): string => page.text();
const field = (path: string) => page.find<HTMLInputElement>(`#field-${path.replaceAll('.', '-')}`);
const press = async (label: string): Promise<void> => {
  const button = page.findAll('button').find((candidate) => candidate.text() === label);
  if (!button) throw new Error(`No button “${label}” among ${page.findAll('button').map((each) => each.text()).join(', ')}`);
  await button.trigger('click');
  // happy-dom submits a form for `type=submit` only when asked.
  if (button.attributes('type') === 'submit') await page.find('form').trigger('submit');
  await flushPromises();
};
const submit = async (): Promise<void> => { await page.find('form').trigger('submit'); await flushPromises(); };
const toReview = async (): Promise<void> => { await submit(); await submit(); await submit(); await vi.waitUntil(() => text().includes('Nothing has changed on attic yet')); };
const callsOf = (name: string) => bridge.calls.filter((call) => call.name === name);

beforeEach(() => open('/hosts/attic/networks/new/nat'));
afterEach(() => {
  page.unmount();
  stop();
  document.body.innerHTML = '';
  vi.unstubAllGlobals();
});

describe('the form', () => {
  it('starts with a free proposal and says what was looked at', () => {
    expect(field('name').element.value).toBe('nat1');
    expect(text()).toContain('Looked at before proposing 10.20.31.0/24');
    expect(text()).toContain('docker0 on attic');
  });

  it('puts a sentence beside a field when it is left, and goes no further', async () => {
    await field('name').setValue('a/b');
    expect(text()).not.toContain('can\'t hold');
    await field('name').trigger('focusout');
    expect(text()).toContain('A name can\'t hold “/” or control characters.');
    expect(field('name').attributes('aria-invalid')).toBe('true');
    await submit();
    expect(field('name').exists()).toBe(true);
  });

  it('says whose subnet it is that clashes', async () => {
    await field('ipv4.subnet').setValue('192.168.122.0/24');
    await field('ipv4.subnet').trigger('blur');
    await submit();
    expect(page.find('#field-ipv4-subnet-issue').text()).toContain('default on attic');
  });

  it('moves ranges along with the subnet, and keeps everything when going back', async () => {
    await press('Another free one');
    const subnet = field('ipv4.subnet').element.value;
    expect(subnet).not.toBe('10.20.31.0/24');
    await field('name').setValue('lab-web');
    await submit();
    expect(field('ipv4.dhcp.ranges.0.start').element.value).toBe(subnet.replace('.0/24', '.100'));
    await press('+Add a static lease');
    await field('ipv4.dhcp.hosts.0.mac').setValue('52:54:00:00:00:0g');
    await field('ipv4.dhcp.hosts.0.mac').trigger('blur');
    expect(text()).toContain('is not a MAC address');
    await press('Back');
    expect([field('name').element.value, field('ipv4.subnet').element.value]).toEqual(['lab-web', subnet]);
    await submit();
    expect(field('ipv4.dhcp.hosts.0.mac').element.value).toBe('52:54:00:00:00:0g');
    await submit();
    expect(field('ipv4.dhcp.hosts.0.mac').exists()).toBe(true);
  });

  it('asks before it throws away what was typed, and stays when told to', async () => {
    await field('name').setValue('lab-web');
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', cancelable: true }));
    await vi.waitUntil(() => document.body.textContent?.includes('the name “lab-web”'));
    const stay = [...document.querySelectorAll('button')].find((button) => button.textContent?.trim() === 'Stay')!;
    stay.click();
    await flushPromises();
    expect(router.currentRoute.value.name).toBe('new-addressed-network');
    expect(field('name').element.value).toBe('lab-web');
  });

  it('leaves without a word when nothing was typed', async () => {
    await press('Cancel');
    await vi.waitUntil(() => router.currentRoute.value.name === 'networks');
  });
});

describe('review and apply', () => {
  it('shows the plan of what was typed, applies it step by step and ends verified', async () => {
    await field('name').setValue('lab-web');
    await toReview();
    expect(text()).toContain('Review: create NAT network lab-web');
    expect(callsOf('plan.apply')).toEqual([]);
    await press('Create network');
    await vi.waitUntil(() => text().includes('Done and verified'));
    expect(callsOf('plan.apply').length).toBe(1);
    await press('See the network');
    await vi.waitUntil(() => router.currentRoute.value.name === 'networks');
  });

  it('copies the plan as a script', async () => {
    await toReview();
    await press('Copy as script');
    expect(callsOf('app.copyText')[0]?.input).toMatchObject({ text: expect.stringContaining('virsh net-define') });
    expect(text()).toContain('Copied');
  });

  it('takes back what was done when it is stopped, and keeps what was typed', async () => {
    let run: PlanRun | null = null;
    bridge.handle('plan.apply', ({ hostId, intent }) => {
      run = waitingRun('r1', planFor(hostId, intent));
      run.steps[0]!.state = 'running';
      return run;
    });
    bridge.handle('plan.cancel', () => {
      bridge.emit('plan.progress', {
        ...run!, phase: 'ended', outcome: 'rolled-back', cancelled: true, endedAt: new Date().toISOString(), steps: run!.steps.map((step, at) => ({ ...step, state: at === 0 ? 'undone' : 'not-run' })),
      });
    });
    await field('name').setValue('lab-web');
    await toReview();
    await press('Create network');
    await vi.waitUntil(() => text().includes('Working on attic'));
    await press('Stop and take back');
    await vi.waitUntil(() => text().includes('Not done: attic is as it was'));
    expect(text()).toContain('You cancelled.');
    await press('Back to the form');
    expect(field('name').element.value).toBe('lab-web');
  });

  it('shows what the host said when a step fails, and that it was rolled back', async () => {
    bridge.handle('plan.apply', ({ hostId, intent }) => {
      const run = waitingRun('r2', planFor(hostId, intent));
      const outcome = { exitCode: 1, stdout: '', stderr: 'error: internal error: Network is already in use by interface enp3s0', durationMs: 90 };
      return {
        ...run, phase: 'ended', outcome: 'rolled-back', endedAt: new Date().toISOString(), error: { code: 'plan.step-failed', title: 'A step failed', detail: 'virsh net-start ended with 1.' },
        steps: run.steps.map((step, at) => (at === run.steps.length - 1 ? { ...step, state: 'failed', outcome } : { ...step, state: 'undone', outcome: { ...outcome, exitCode: 0, stderr: '' } })),
      };
    });
    await toReview();
    await press('Create network');
    await vi.waitUntil(() => text().includes('Not done: attic is as it was'));
    expect(text()).toContain('Network is already in use by interface enp3s0');
    expect(text()).toContain('taken back');
    await press('Review again');
    await vi.waitUntil(() => text().includes('Nothing has changed on attic yet'));
  });

  it('says what is known when the connection ends in the middle', async () => {
    bridge.handle('plan.apply', ({ hostId, intent }) => {
      const run = waitingRun('r3', planFor(hostId, intent));
      return {
        ...run, phase: 'ended', outcome: 'half-done', endedAt: new Date().toISOString(), error: { code: 'ssh.closed', title: 'The connection was cut', detail: '10.0.0.12 closed the connection.' },
        steps: run.steps.map((step, at) => ({ ...step, state: at === 0 ? 'done' : at === 1 ? 'unknown' : 'not-run' })),
      };
    });
    await toReview();
    await press('Create network');
    await vi.waitUntil(() => text().includes('a step marked unknown may or may not have happened'));
  });

  it('makes the plan anew when the host has changed, says what is different, and applies nothing', async () => {
    await toReview();
    bridge.handle('plan.apply', () => { throw new AppError('plan.stale', 'The host has changed', 'Look again.'); });
    bridge.handle('plan.preview', ({ hostId, intent }) => {
      const plan = planFor(hostId, intent);
      return { ...plan, steps: plan.steps.slice(0, 1), digest: 'another' };
    });
    await press('Create network');
    await vi.waitUntil(() => text().includes('attic has changed since you reviewed this'));
    expect(text()).toContain('No longer needed: Start it with the host');
  });

  it('brings a refusal with a field back to that field', async () => {
    bridge.fail('plan.preview', new AppError('plan.invalid', 'That name is taken', 'A network “nat1” was made in the meantime.', { field: 'spec.name' }));
    await submit(); await submit(); await submit();
    await vi.waitUntil(() => field('name').exists());
    expect(text()).toContain('A network “nat1” was made in the meantime.');
  });
});

describe('editing', () => {
  beforeEach(async () => {
    page.unmount();
    stop();
    await open(`/hosts/attic/networks/${atticNetworkUuids.dmz}/edit`);
  });

  it('keeps the name, shows the change and asks when it takes effect', async () => {
    expect(field('name').attributes('readonly')).toBeDefined();
    await toReview();
    expect(text()).toContain('At its next start');
    await page.find('input[value="now"]').setValue(true);
    await vi.waitUntil(() => callsOf('plan.preview').length === 2);
    expect(callsOf('plan.preview')[1]?.input).toMatchObject({ intent: { kind: 'network.edit', uuid: atticNetworkUuids.dmz, when: 'now' } });
  });
});
