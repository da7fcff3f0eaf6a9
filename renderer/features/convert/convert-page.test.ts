import ui from '@nuxt/ui/vue-plugin';
import { flushPromises, mount } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { h } from 'vue';
import { createMemoryHistory, createRouter, RouterView } from 'vue-router';
import type { Router } from 'vue-router';
import type { ConversionRun } from '../../../shared/domain/conversion/conversion-run';
import { AppError } from '../../../shared/errors/app-error';
import { startStores } from '../../stores/start-stores';
import { createFakeBridge } from '../../testing/fake-bridge';
import type { FakeBridge } from '../../testing/fake-bridge';
import type { FakeVariant } from '../../testing/fake-state';
import { fixtureReview, fixtureRun, fixtureTransaction } from '../../testing/fixtures/conversions';
import ConversionBanner from './ConversionBanner.vue';
import ConvertPage from './ConvertPage.vue';

let bridge: FakeBridge;
let page: VueWrapper;
let router: Router;
let stop: () => void;

async function open(variant: FakeVariant = 'full', { prepare = () => undefined, query = '', at = 'convert' }: { prepare?: (bridge: FakeBridge) => void; query?: string; at?: string } = {}): Promise<void> {
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
afterEach(() => {
  page.unmount();
  stop();
  vi.unstubAllGlobals();
});

const button = (label: string) => page.findAll('button').find((each) => each.text() === label);
async function press(label: string): Promise<void> {
  const found = button(label);
  if (!found) throw new Error(`There is no button ${label}; there are ${page.findAll('button').map((each) => each.text()).join(', ')}`);
  await (found.attributes('type') === 'submit' ? page.find('form').trigger('submit') : found.trigger('click'));
  await flushPromises();
}
const heading = (): string => page.find('h2').text();
const calls = (name: string): unknown[] => bridge.calls.filter((call) => call.name === name).map(({ input }) => input);
const name = (): HTMLInputElement => page.find<HTMLInputElement>('#field-bridge').element;
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

describe('the guide', () => {
  it('chooses the NIC of this session, and says of others why not', async () => {
    await open();
    expect(page.find<HTMLInputElement>('input[value="eno1"]').element.checked).toBe(true);
    expect(page.find('.choice').text()).toContain('carries this session');
    expect(page.find<HTMLInputElement>('input[value="wlp2s0"]').element.disabled).toBe(true);
    expect(page.text()).toContain('An access point takes frames from the one MAC address');
    expect(page.text()).toContain('Nothing on attic has changed.');
  });

  it('begins with the NIC that the way here named', async () => {
    await open('full', { query: '?nic=enp4s0' });
    expect(page.find<HTMLInputElement>('input[value="enp4s0"]').element.checked).toBe(true);
  });

  it('judges the name of the bridge as it is typed', async () => {
    await open();
    await press('Next');
    expect(name().value).toBe('br0');
    await page.find('#field-bridge').setValue('virbr0');
    expect(page.text()).toContain('There is a virbr0 already');
    expect(button('Next')!.attributes('disabled')).toBeDefined();
    await page.find('#field-bridge').setValue('a-name-far-too-long');
    expect(page.text()).toContain('at most 15 letters');
    await press('Next');
    expect(heading()).toBe('The bridge');
  });

  it('offers no Open vSwitch bridge where Open vSwitch doesn’t answer', async () => {
    await open('long-names');
    await press('Next');
    expect(page.find<HTMLInputElement>('input[value="ovs"]').element.disabled).toBe(true);
  });

  it('goes on only when the warnings were read, and shows everything that would run', async () => {
    await open();
    await press('Next');
    await press('Next');
    expect(heading()).toBe('Before you begin');
    expect(button('Next')!.attributes('disabled')).toBeDefined();
    await page.find('input[type="checkbox"]').setValue(true);
    await press('Next');
    expect(heading()).toBe('Review: eno1 becomes a port of br0');
    const tab = async (label: string): Promise<string> => {
      await page.findAll('[role="tab"]').find((each) => each.text() === label)!.trigger('click');
      return page.find('[role="tabpanel"]').text();
    };
    expect(await tab('Commands')).toContain('nmcli connection up br0');
    expect(await tab('Files')).toContain('autoconnect=false');
    expect(await tab('The way back')).toMatch(/2 minutes have passed.*ip link delete dev br0/s);
    expect(calls('conversion.start')).toEqual([]);
  });

  it('stops at what stands in the way, with what to do instead, and looks again', async () => {
    await open('bare');
    await press('Next');
    await press('Next');
    expect(heading()).toBe('eno1 can’t be converted as it is');
    expect(page.text()).toContain('Install it first: apt-get install bridge-utils');
    expect(button('Next')!.attributes('disabled')).toBeDefined();
    bridge.handle('conversion.preview', ({ request }) => fixtureReview(request, 'full'));
    await press('Look again');
    expect(heading()).toBe('Before you begin');
  });

  it('asks for the warnings anew when another bridge was chosen', async () => {
    await open();
    await toReview();
    await press('Back');
    await press('Back');
    await page.find('#field-bridge').setValue('br7');
    await press('Next');
    expect(page.find<HTMLInputElement>('input[type="checkbox"]').element.checked).toBe(false);
  });

  it('says what has changed when the host is not what was reviewed, and begins nothing', async () => {
    await open();
    await toReview();
    bridge.handle('conversion.preview', ({ request }) => {
      const review = fixtureReview(request, 'full');
      return { ...review, digest: 'another', findings: [...review.findings, { code: 'nic.vlan', severity: 'warning', title: 'eno1.40 stays on eno1', detail: 'As before.', alternative: null }] };
    });
    bridge.fail('conversion.start', new AppError('plan.stale', 'The host has moved on', 'Nothing was changed.'));
    await press('Convert eno1');
    expect(page.find('.stale').text()).toContain('New: eno1.40 stays on eno1');
    expect(heading()).toContain('Review');
  });

  it('shows why it could not begin', async () => {
    await open();
    await toReview();
    bridge.fail('conversion.start', new AppError('conversion.not-armed', 'Nothing would bring the network back', 'The timer could not be set. So nothing was changed.'));
    await press('Convert eno1');
    expect(page.find('[role="alert"]').text()).toContain('So nothing was changed.');
  });

  it('leads to the conversion that somebody else has begun', async () => {
    await open();
    await toReview();
    bridge.fail('conversion.start', new AppError('conversion.busy', 'Another change is under way on this host', 'It is tx/1.'));
    await press('Convert eno1');
    bridge.state.conversions = [fixtureRun('TRIAL', { isOwn: false, keep: 'asked', bridge: 'br5' })];
    await press('See it');
    expect(heading()).toBe('eno1 → br5 on attic: on trial');
    expect(page.text()).toContain('Somebody else began this');
    await press('Keep br5');
    expect(calls('conversion.confirm')).toEqual([{ hostId: 'attic' }]);
  });

  it('looks on when a host has nothing to convert, or can’t be asked', async () => {
    await open('empty');
    expect(page.text()).toContain('no NIC that leads anywhere');
    page.unmount();
    await open('full', { prepare: (fake) => fake.fail('conversion.survey', new AppError('ssh.closed', 'The connection was cut', 'attic closed it.')) });
    expect(page.find('[role="alert"]').text()).toContain('The connection was cut');
    expect(button('Look again')).toBeDefined();
  });

  it('has no guide without a session', async () => {
    await open('stale');
    expect(page.text()).toContain('attic is not connected');
  });
});

describe('a conversion that runs', () => {
  it('begins as it was agreed, and ends with a report and what it was made for', async () => {
    await open();
    await toReview();
    await page.findAll('input[type="radio"]').at(1)!.setValue(true);
    await press('Convert eno1');
    expect(calls('conversion.start')).toMatchObject([{ request: { kind: 'convert', nic: 'eno1', bridge: 'br0', switch: 'linux' }, keep: 'asked', rebootIfLost: false }]);
    await vi.waitUntil(() => heading().endsWith('on trial, and reached'));
    await press('Keep br0');
    await vi.waitUntil(() => heading().endsWith('kept'));
    expect(page.find('table').text()).toContain('10.0.0.12/24');
    expect(page.text()).toContain('Everything is as it was.');
    expect(page.findAll('a').find((link) => link.text() === 'New bridged network')!.attributes('href')).toBe('/hosts/attic/networks/new/bridged?place=br0');
    await press('Done');
    expect(router.currentRoute.value.name).toBe('switches');
    expect(calls('conversion.dismiss')).toHaveLength(1);
  });

  it('leaves out what the user chose, and says so in the review and the report', async () => {
    await open();
    await press('Next');
    const box = (label: string) => page.findAll('label').find((each) => each.text().includes(label))!.find<HTMLInputElement>('input');
    expect(box('IPv4 by DHCP').element).toMatchObject({ checked: true, disabled: true });
    expect(page.text()).toContain('Always moves. This session comes in by 10.0.0.12');
    await box('2001:db8:40:1::12/64').setValue(false);
    expect(page.text()).toContain('Left out: gone afterwards.');
    await press('Next');
    await page.find('input[type="checkbox"]').setValue(true);
    await press('Next');
    expect(page.text()).toContain('Left out, and gone from attic afterwards: 2001:db8:40:1::12.');
    await press('Convert eno1');
    expect(calls('conversion.start')).toMatchObject([{ request: { kind: 'convert', leave: ['2001:db8:40:1::12'] } }]);
    await vi.waitUntil(() => heading().endsWith('kept'));
    expect(page.find('table').text()).toContain('left out');
    expect(page.text()).toContain('Everything is as it was, but for what was left out: 2001:db8:40:1::12.');
  });

  it('counts down, gives more time and reverts', async () => {
    await open('full', { prepare: (fake) => { fake.state.conversions = [fixtureRun('TRIAL')]; } });
    expect(page.find('[role="timer"]').text()).toMatch(/^1:4[678]$/);
    expect(page.text()).toContain('the old network comes back');
    await press('More time');
    expect(calls('conversion.extend')).toEqual([{ hostId: 'attic', seconds: 300 }]);
    await press('Revert now');
    await vi.waitUntil(() => heading().endsWith('the old network is back'));
  });

  it('goes on counting while the host is out of reach, and shows the tries', async () => {
    await open('full', { prepare: (fake) => { fake.state.conversions = [fixtureRun('TRIAL')]; } });
    await put(fixtureRun('TRIAL', { reached: false, attempts: 3, problem: 'No answer: 10.0.0.12 is silent.', transaction: fixtureTransaction('TRIAL', { secondsLeft: 3 }) }));
    expect(page.find('[role="timer"]').text()).toMatch(/^1:4[678]$/);
    expect(page.text()).toContain('new connection to 10.0.0.12:22, try 4');
    expect(page.text()).toContain('10.0.0.12 is silent.');
  });

  it('shows which of the host’s probes failed', async () => {
    await open('full', { prepare: (fake) => { fake.state.conversions = [fixtureRun('REVERTED')]; } });
    expect(page.text()).toContain('The gateway 10.0.0.1 does not answer through br0.');
    expect(page.findAll('li.bad').map((line) => line.text())).toEqual(['✕failedgateway 10.0.0.1 answers']);
    expect(page.find('.journal').attributes('open')).toBeDefined();
    await press('Plan it again');
    expect(heading()).toContain('Which NIC');
  });

  it('says what is known when the host can’t be reached any more, and asks it', async () => {
    const lost = { code: 'conversion.lost' as const, title: 'The host is out of reach', detail: 'It has not answered for 270 s.' };
    await open('full', { prepare: (fake) => { fake.state.conversions = [fixtureRun('TRIAL', { phase: 'unknown', error: lost, reached: false })]; } });
    expect(heading()).toContain('out of reach');
    bridge.state.conversions = [fixtureRun('REVERTED')];
    await press('Ask attic');
    expect(heading()).toContain('the old network is back');
  });

  it('tells why a word was not heard', async () => {
    await open('full', { prepare: (fake) => { fake.state.conversions = [fixtureRun('TRIAL')]; } });
    bridge.fail('conversion.revert', new AppError('auth.sudo-password', 'The sudo password is wrong', 'Three tries.'));
    await press('Revert now');
    expect(page.find('[role="alert"]').text()).toContain('The sudo password is wrong');
  });
});

describe('undoing a conversion', () => {
  it('begins with what the host has kept, and asks nothing but whether to go on', async () => {
    await open();
    await page.findAll('a').find((link) => link.text() === 'Undo conversion…')!.trigger('click');
    await flushPromises();
    expect(heading()).toBe('Before you begin');
    await page.find('input[type="checkbox"]').setValue(true);
    await press('Next');
    expect(heading()).toBe('Review: br9 goes, and enp3s0 is as before');
    await press('Undo conversion');
    expect(calls('conversion.start')).toMatchObject([{ request: { kind: 'undo', id: '20261112070000-0badcafe' } }]);
    await vi.waitUntil(() => heading() === 'br9 → enp3s0 on attic: kept');
    expect(page.text()).toContain('br9 is gone for good');
    expect(page.text()).not.toContain('What next?');
  });

  it('is offered right after a conversion was kept', async () => {
    await open('full', { prepare: (fake) => { fake.state.conversions = [fixtureRun('DONE', { transaction: fixtureTransaction('DONE', { id: '20261112070000-0badcafe', undoable: true }) })]; } });
    await press('Undo conversion…');
    expect(calls('conversion.dismiss')).toHaveLength(1);
    expect(calls('conversion.preview')).toEqual([{ hostId: 'attic', request: { kind: 'undo', id: '20261112070000-0badcafe' } }]);
  });
});

describe('other addresses', () => {
  const field = (path: string) => page.find<HTMLInputElement>(`#field-${path}`);
  const leave = async (path: string, text: string): Promise<void> => {
    await field(path).setValue(text);
    await field(path).trigger('focusout');
  };

  it('are typed over today’s, judged at their fields, and nothing typed is lost on the way', async () => {
    await open('full', { query: '?goal=readdress' });
    expect(heading()).toBe('Which device gets other addresses?');
    expect(page.find<HTMLInputElement>('input[value="eno1"]').element.checked).toBe(true);
    await press('Next');
    expect(heading()).toBe('Addresses of eno1');
    expect([field('address').element.value, field('gateway').element.value, field('dns').element.value, field('mtu').element.value]).toEqual(['10.0.0.12/24', '10.0.0.1', '10.0.0.1, 9.9.9.9', '1500']);
    expect(button('Next')!.attributes('title')).toBe('Nothing differs from today yet.');
    await leave('address', '10.7.0.30/24');
    await leave('gateway', '10.0.0.1');
    expect(page.text()).toContain('The gateway 10.0.0.1 is in no subnet of eno1.');
    expect(button('Next')!.attributes('disabled')).toBeDefined();
    await leave('gateway', '10.7.0.1');
    expect(page.text()).toContain('attic moves from 10.0.0.12 to 10.7.0.30');
    await press('Back');
    await press('Next');
    expect([field('address').element.value, field('gateway').element.value]).toEqual(['10.7.0.30/24', '10.7.0.1']);
  });

  it('are reviewed and kept at the new place, which the settings can follow', async () => {
    await open('full', { query: '?goal=readdress&nic=eno1' });
    await press('Next');
    await leave('address', '10.0.0.30');
    await press('Next');
    expect(calls('conversion.preview')).toEqual([{ hostId: 'attic', request: { kind: 'readdress', device: 'eno1', address: '10.0.0.30/24' } }]);
    await page.find('input[type="checkbox"]').setValue(true);
    await press('Next');
    expect(heading()).toBe('Review: other settings for eno1');
    expect(page.text()).toContain('attic is reached at 10.0.0.30 from then on.');
    expect(page.text()).toContain('connects anew to 10.0.0.30');
    await press('Change eno1');
    await vi.waitUntil(() => heading() === 'eno1 on attic: kept');
    expect(page.text()).toContain('attic is at 10.0.0.30 to stay.');
    expect(page.text()).toContain('What has changed was asked for; the rest is as it was.');
    await press('Use 10.0.0.30');
    expect(calls('hosts.update')).toMatchObject([{ id: 'attic', connection: { address: '10.0.0.30' } }]);
    expect(calls('sessions.connect')).toEqual([{ hostId: 'attic' }]);
    expect(page.text()).toContain('attic is looked for at 10.0.0.30 from now on');
  });

  it('are looked for at the new address while they are on trial', async () => {
    await open('full', { prepare: (fake) => { fake.state.conversions = [fixtureRun('TRIAL', { goal: 'address', bridge: 'eno1', movesTo: '10.0.0.30', reached: false, attempts: 2 })]; } });
    expect(page.text()).toContain('unless Netwright reaches it at 10.0.0.30 over a new connection');
    expect(page.text()).toContain('new connection to 10.0.0.30:22, try 3');
  });

  it('that went back are planned again with the same device', async () => {
    await open('full', { prepare: (fake) => { fake.state.conversions = [fixtureRun('REVERTED', { goal: 'address', bridge: 'eno1', movesTo: '10.0.0.30' })]; } });
    await press('Plan it again');
    expect(heading()).toBe('Which device gets other addresses?');
  });

  it('of a lease begin with DHCP, and say what can’t be told', async () => {
    await open('full', { query: '?goal=readdress&nic=br9' });
    await press('Next');
    expect(field('address').exists()).toBe(false);
    expect(page.text()).toContain('Without resolvconf, ifupdown leaves /etc/resolv.conf alone');
    await page.find('input[value="fixed"]').setValue(true);
    expect(field('address').element.value).toBe('10.9.0.12/24');
  });

  it('have nothing to choose where no device has any', async () => {
    await open('empty', { query: '?goal=readdress' });
    expect(page.text()).toContain('No device of attic that leads outside has an address.');
    expect(button('Next')!.attributes('disabled')).toBeDefined();
  });
});

describe('a bridge that is taken away', () => {
  it('is chosen, reviewed, and gone', async () => {
    await open('full', { query: '?goal=unbridge&nic=br9' });
    expect(heading()).toBe('Which bridge is taken away?');
    expect(page.find<HTMLInputElement>('input[value="ovs0"]').element.disabled).toBe(true);
    expect(page.text()).toContain('enp3s0, enp6s0 are its ports');
    await press('Next');
    await page.find('input[type="checkbox"]').setValue(true);
    await press('Next');
    expect(heading()).toBe('Review: br9 goes, and enp5s0 takes its addresses');
    await press('Take br9 away');
    expect(calls('conversion.start')).toMatchObject([{ request: { kind: 'unbridge', bridge: 'br9' } }]);
    await vi.waitUntil(() => heading() === 'br9 → enp5s0 on attic: kept');
  });
});

describe('elsewhere in the window', () => {
  it('a line says that one is under way, and how it ended, until that was seen', async () => {
    await open('full', { at: 'map', prepare: (fake) => { fake.state.conversions = [fixtureRun('TRIAL')]; } });
    expect(page.find('.conversion-banner').text()).toMatch(/eno1 → br0: on trial, goes back by itself in 1:4[678]\./);
    await put(fixtureRun('REVERTED'));
    expect(page.find('.conversion-banner').text()).toContain('the old network is back (the gateway 10.0.0.1 does not answer through br0)');
    await press('Dismiss');
    expect(page.find('.conversion-banner').exists()).toBe(false);
  });

  it('there is no line on the page itself', async () => {
    await open('full', { prepare: (fake) => { fake.state.conversions = [fixtureRun('TRIAL')]; } });
    expect(page.find('.conversion-banner').exists()).toBe(false);
  });
});
