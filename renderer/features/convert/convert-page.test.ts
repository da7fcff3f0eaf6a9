import { flushPromises } from '@vue/test-utils';
import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../shared/errors/app-error';
import { useConvertPage } from '../../testing/convert-page';
import { fixtureReview, fixtureRun, fixtureTransaction } from '../../testing/fixtures/conversions';

const guide = useConvertPage();
const { open, button, press, heading, calls, put, toReview } = guide;
const name = (): HTMLInputElement => guide.page.find<HTMLInputElement>('#field-bridge').element;

describe('the guide', () => {
  it('chooses the NIC of this session, and says of others why not', async () => {
    await open();
    expect(guide.page.find<HTMLInputElement>('input[value="eno1"]').element.checked).toBe(true);
    expect(guide.page.find('.choice').text()).toContain('carries this session');
    expect(guide.page.find<HTMLInputElement>('input[value="wlp2s0"]').element.disabled).toBe(true);
    expect(guide.page.text()).toContain('An access point takes frames from the one MAC address');
    expect(guide.page.text()).toContain('Nothing on attic has changed.');
  });

  it('begins with the NIC that the way here named', async () => {
    await open('full', { query: '?nic=enp4s0' });
    expect(guide.page.find<HTMLInputElement>('input[value="enp4s0"]').element.checked).toBe(true);
  });

  it('judges the name of the bridge as it is typed', async () => {
    await open();
    await press('Next');
    expect(name().value).toBe('br0');
    await guide.page.find('#field-bridge').setValue('virbr0');
    expect(guide.page.text()).toContain('There is a virbr0 already');
    expect(button('Next')!.attributes('disabled')).toBeDefined();
    await guide.page.find('#field-bridge').setValue('a-name-far-too-long');
    expect(guide.page.text()).toContain('at most 15 letters');
    await press('Next');
    expect(heading()).toBe('The bridge');
  });

  it('offers no Open vSwitch bridge where Open vSwitch doesn’t answer', async () => {
    await open('long-names');
    await press('Next');
    expect(guide.page.find<HTMLInputElement>('input[value="ovs"]').element.disabled).toBe(true);
  });

  it('goes on only when the warnings were read, and shows everything that would run', async () => {
    await open();
    await press('Next');
    await press('Next');
    expect(heading()).toBe('Before you begin');
    expect(button('Next')!.attributes('disabled')).toBeDefined();
    await guide.page.find('input[type="checkbox"]').setValue(true);
    await press('Next');
    expect(heading()).toBe('Review: eno1 becomes a port of br0');
    const tab = async (label: string): Promise<string> => {
      await guide.page.findAll('[role="tab"]').find((each) => each.text() === label)!.trigger('click');
      return guide.page.find('[role="tabpanel"]').text();
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
    expect(guide.page.text()).toContain('Install it first: apt-get install bridge-utils');
    expect(button('Next')!.attributes('disabled')).toBeDefined();
    guide.bridge.handle('conversion.preview', ({ request }) => fixtureReview(request, 'full'));
    await press('Look again');
    expect(heading()).toBe('Before you begin');
  });

  it('asks for the warnings anew when another bridge was chosen', async () => {
    await open();
    await toReview();
    await press('Back');
    await press('Back');
    await guide.page.find('#field-bridge').setValue('br7');
    await press('Next');
    expect(guide.page.find<HTMLInputElement>('input[type="checkbox"]').element.checked).toBe(false);
  });

  it('says what has changed when the host is not what was reviewed, and begins nothing', async () => {
    await open();
    await toReview();
    guide.bridge.handle('conversion.preview', ({ request }) => {
      const review = fixtureReview(request, 'full');
      return { ...review, digest: 'another', findings: [...review.findings, { code: 'nic.vlan', severity: 'warning', title: 'eno1.40 stays on eno1', detail: 'As before.', alternative: null }] };
    });
    guide.bridge.fail('conversion.start', new AppError('plan.stale', 'The host has moved on', 'Nothing was changed.'));
    await press('Convert eno1');
    expect(guide.page.find('.stale').text()).toContain('New: eno1.40 stays on eno1');
    expect(heading()).toContain('Review');
  });

  it('shows why it could not begin', async () => {
    await open();
    await toReview();
    guide.bridge.fail('conversion.start', new AppError('conversion.not-armed', 'Nothing would bring the network back', 'The timer could not be set. So nothing was changed.'));
    await press('Convert eno1');
    expect(guide.page.find('[role="alert"]').text()).toContain('So nothing was changed.');
  });

  it('leads to the conversion that somebody else has begun', async () => {
    await open();
    await toReview();
    guide.bridge.fail('conversion.start', new AppError('conversion.busy', 'Another change is under way on this host', 'It is tx/1.'));
    await press('Convert eno1');
    guide.bridge.state.conversions = [fixtureRun('TRIAL', { isOwn: false, keep: 'asked', bridge: 'br5' })];
    await press('See it');
    expect(heading()).toBe('eno1 → br5 on attic: on trial');
    expect(guide.page.text()).toContain('Somebody else began this');
    await press('Keep br5');
    expect(calls('conversion.confirm')).toEqual([{ hostId: 'attic' }]);
  });

  it('looks on when a host has nothing to convert, or can’t be asked', async () => {
    await open('empty');
    expect(guide.page.text()).toContain('no NIC that leads anywhere');
    guide.page.unmount();
    await open('full', { prepare: (fake) => fake.fail('conversion.survey', new AppError('ssh.closed', 'The connection was cut', 'attic closed it.')) });
    expect(guide.page.find('[role="alert"]').text()).toContain('The connection was cut');
    expect(button('Look again')).toBeDefined();
  });

  it('has no guide without a session', async () => {
    await open('stale');
    expect(guide.page.text()).toContain('attic is not connected');
  });
});

describe('a conversion that runs', () => {
  it('begins as it was agreed, and ends with a report and what it was made for', async () => {
    await open();
    await toReview();
    await guide.page.findAll('input[type="radio"]').at(1)!.setValue(true);
    await press('Convert eno1');
    expect(calls('conversion.start')).toMatchObject([{ request: { kind: 'convert', nic: 'eno1', bridge: 'br0', switch: 'linux' }, keep: 'asked', rebootIfLost: false }]);
    await vi.waitUntil(() => heading().endsWith('on trial, and reached'));
    await press('Keep br0');
    await vi.waitUntil(() => heading().endsWith('kept'));
    expect(guide.page.find('table').text()).toContain('10.0.0.12/24');
    expect(guide.page.text()).toContain('Everything is as it was.');
    expect(guide.page.findAll('a').find((link) => link.text() === 'New bridged network')!.attributes('href')).toBe('/hosts/attic/networks/new/bridged?place=br0');
    await press('Done');
    expect(guide.router.currentRoute.value.name).toBe('switches');
    expect(calls('conversion.dismiss')).toHaveLength(1);
  });

  it('leaves out what the user chose, and says so in the review and the report', async () => {
    await open();
    await press('Next');
    const box = (label: string) => guide.page.findAll('label').find((each) => each.text().includes(label))!.find<HTMLInputElement>('input');
    expect(box('IPv4 by DHCP').element).toMatchObject({ checked: true, disabled: true });
    expect(guide.page.text()).toContain('Always moves. This session comes in by 10.0.0.12');
    await box('2001:db8:40:1::12/64').setValue(false);
    expect(guide.page.text()).toContain('Left out: gone afterwards.');
    await press('Next');
    await guide.page.find('input[type="checkbox"]').setValue(true);
    await press('Next');
    expect(guide.page.text()).toContain('Left out, and gone from attic afterwards: 2001:db8:40:1::12.');
    await press('Convert eno1');
    expect(calls('conversion.start')).toMatchObject([{ request: { kind: 'convert', leave: ['2001:db8:40:1::12'] } }]);
    await vi.waitUntil(() => heading().endsWith('kept'));
    expect(guide.page.find('table').text()).toContain('left out');
    expect(guide.page.text()).toContain('Everything is as it was, but for what was left out: 2001:db8:40:1::12.');
  });

  it('counts down, gives more time and reverts', async () => {
    await open('full', { prepare: (fake) => { fake.state.conversions = [fixtureRun('TRIAL')]; } });
    expect(guide.page.find('[role="timer"]').text()).toMatch(/^1:4[678]$/);
    expect(guide.page.text()).toContain('the old network comes back');
    await press('More time');
    expect(calls('conversion.extend')).toEqual([{ hostId: 'attic', seconds: 300 }]);
    await press('Revert now');
    await vi.waitUntil(() => heading().endsWith('the old network is back'));
  });

  it('goes on counting while the host is out of reach, and shows the tries', async () => {
    await open('full', { prepare: (fake) => { fake.state.conversions = [fixtureRun('TRIAL')]; } });
    await put(fixtureRun('TRIAL', { reached: false, attempts: 3, problem: 'No answer: 10.0.0.12 is silent.', transaction: fixtureTransaction('TRIAL', { secondsLeft: 3 }) }));
    expect(guide.page.find('[role="timer"]').text()).toMatch(/^1:4[678]$/);
    expect(guide.page.text()).toContain('new connection to 10.0.0.12:22, try 4');
    expect(guide.page.text()).toContain('10.0.0.12 is silent.');
  });

  it('shows which of the host’s probes failed', async () => {
    await open('full', { prepare: (fake) => { fake.state.conversions = [fixtureRun('REVERTED')]; } });
    expect(guide.page.text()).toContain('The gateway 10.0.0.1 does not answer through br0.');
    expect(guide.page.findAll('li.bad').map((line) => line.text())).toEqual(['✕failedgateway 10.0.0.1 answers']);
    expect(guide.page.find('.journal').attributes('open')).toBeDefined();
    await press('Plan it again');
    expect(heading()).toContain('Which NIC');
  });

  it('says what is known when the host can’t be reached any more, and asks it', async () => {
    const lost = { code: 'conversion.lost' as const, title: 'The host is out of reach', detail: 'It has not answered for 270 s.' };
    await open('full', { prepare: (fake) => { fake.state.conversions = [fixtureRun('TRIAL', { phase: 'unknown', error: lost, reached: false })]; } });
    expect(heading()).toContain('out of reach');
    guide.bridge.state.conversions = [fixtureRun('REVERTED')];
    await press('Ask attic');
    expect(heading()).toContain('the old network is back');
  });

  it('tells why a word was not heard', async () => {
    await open('full', { prepare: (fake) => { fake.state.conversions = [fixtureRun('TRIAL')]; } });
    guide.bridge.fail('conversion.revert', new AppError('auth.sudo-password', 'The sudo password is wrong', 'Three tries.'));
    await press('Revert now');
    expect(guide.page.find('[role="alert"]').text()).toContain('The sudo password is wrong');
  });
});

describe('undoing a conversion', () => {
  it('begins with what the host has kept, and asks nothing but whether to go on', async () => {
    await open();
    await guide.page.findAll('a').find((link) => link.text() === 'Undo conversion…')!.trigger('click');
    await flushPromises();
    expect(heading()).toBe('Before you begin');
    await guide.page.find('input[type="checkbox"]').setValue(true);
    await press('Next');
    expect(heading()).toBe('Review: br9 goes, and enp3s0 is as before');
    await press('Undo conversion');
    expect(calls('conversion.start')).toMatchObject([{ request: { kind: 'undo', id: '20261112070000-0badcafe' } }]);
    await vi.waitUntil(() => heading() === 'br9 → enp3s0 on attic: kept');
    expect(guide.page.text()).toContain('br9 is gone for good');
    expect(guide.page.text()).not.toContain('What next?');
  });

  it('is offered right after a conversion was kept', async () => {
    await open('full', { prepare: (fake) => { fake.state.conversions = [fixtureRun('DONE', { transaction: fixtureTransaction('DONE', { id: '20261112070000-0badcafe', undoable: true }) })]; } });
    await press('Undo conversion…');
    expect(calls('conversion.dismiss')).toHaveLength(1);
    expect(calls('conversion.preview')).toEqual([{ hostId: 'attic', request: { kind: 'undo', id: '20261112070000-0badcafe' } }]);
  });
});

describe('elsewhere in the window', () => {
  it('a line says that one is under way, and how it ended, until that was seen', async () => {
    await open('full', { at: 'map', prepare: (fake) => { fake.state.conversions = [fixtureRun('TRIAL')]; } });
    expect(guide.page.find('.conversion-banner').text()).toMatch(/eno1 → br0: on trial, goes back by itself in 1:4[678]\./);
    await put(fixtureRun('REVERTED'));
    expect(guide.page.find('.conversion-banner').text()).toContain('the old network is back (the gateway 10.0.0.1 does not answer through br0)');
    await press('Dismiss');
    expect(guide.page.find('.conversion-banner').exists()).toBe(false);
  });

  it('there is no line on the page itself', async () => {
    await open('full', { prepare: (fake) => { fake.state.conversions = [fixtureRun('TRIAL')]; } });
    expect(guide.page.find('.conversion-banner').exists()).toBe(false);
  });
});
