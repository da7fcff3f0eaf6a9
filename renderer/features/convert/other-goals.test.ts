import { describe, expect, it, vi } from 'vitest';
import { useConvertPage } from '../../testing/convert-page';
import { fixtureRun } from '../../testing/fixtures/conversions';

const guide = useConvertPage();
const { open, button, press, heading, calls } = guide;

describe('other addresses', () => {
  const field = (path: string) => guide.page.find<HTMLInputElement>(`#field-${path}`);
  const leave = async (path: string, text: string): Promise<void> => {
    await field(path).setValue(text);
    await field(path).trigger('focusout');
  };

  it('are typed over today’s, judged at their fields, and nothing typed is lost on the way', async () => {
    await open('full', { query: '?goal=readdress' });
    expect(heading()).toBe('Which device gets other addresses?');
    expect(guide.page.find<HTMLInputElement>('input[value="eno1"]').element.checked).toBe(true);
    await press('Next');
    expect(heading()).toBe('Addresses of eno1');
    expect([field('address').element.value, field('gateway').element.value, field('dns').element.value, field('mtu').element.value]).toEqual(['10.0.0.12/24', '10.0.0.1', '10.0.0.1, 9.9.9.9', '1500']);
    expect(button('Next')!.attributes('title')).toBe('Nothing differs from today yet.');
    await leave('address', '10.7.0.30/24');
    await leave('gateway', '10.0.0.1');
    expect(guide.page.text()).toContain('The gateway 10.0.0.1 is in no subnet of eno1.');
    expect(button('Next')!.attributes('disabled')).toBeDefined();
    await leave('gateway', '10.7.0.1');
    expect(guide.page.text()).toContain('attic moves from 10.0.0.12 to 10.7.0.30');
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
    await guide.page.find('input[type="checkbox"]').setValue(true);
    await press('Next');
    expect(heading()).toBe('Review: other settings for eno1');
    expect(guide.page.text()).toContain('attic is reached at 10.0.0.30 from then on.');
    expect(guide.page.text()).toContain('connects anew to 10.0.0.30');
    await press('Change eno1');
    await vi.waitUntil(() => heading() === 'eno1 on attic: kept');
    expect(guide.page.text()).toContain('attic is at 10.0.0.30 to stay.');
    expect(guide.page.text()).toContain('What has changed was asked for; the rest is as it was.');
    await press('Use 10.0.0.30');
    expect(calls('hosts.update')).toMatchObject([{ id: 'attic', connection: { address: '10.0.0.30' } }]);
    expect(calls('sessions.connect')).toEqual([{ hostId: 'attic' }]);
    expect(guide.page.text()).toContain('attic is looked for at 10.0.0.30 from now on');
  });

  it('are looked for at the new address while they are on trial', async () => {
    await open('full', { prepare: (fake) => { fake.state.conversions = [fixtureRun('TRIAL', { goal: 'address', bridge: 'eno1', movesTo: '10.0.0.30', reached: false, attempts: 2 })]; } });
    expect(guide.page.text()).toContain('unless Netwright reaches it at 10.0.0.30 over a new connection');
    expect(guide.page.text()).toContain('new connection to 10.0.0.30:22, try 3');
  });

  it('that went back are planned again with the same device', async () => {
    await open('full', { prepare: (fake) => { fake.state.conversions = [fixtureRun('REVERTED', { goal: 'address', bridge: 'eno1', movesTo: '10.0.0.30' })]; } });
    await press('Plan it again');
    expect(heading()).toBe('Which device gets other addresses?');
  });

  it('have IPv6 beside IPv4, and leave what routers give alone', async () => {
    await open('full', { query: '?goal=readdress&nic=eno1' });
    await press('Next');
    expect([field('address6').element.value, field('gateway6').element.value]).toEqual(['2001:db8:40:1::12/64', '']);
    await leave('address6', '2001:db8:40:1::30');
    await leave('gateway6', '2001:db8:40:2::1');
    expect(guide.page.text()).toContain('The gateway 2001:db8:40:2::1 is in no subnet of eno1.');
    await leave('gateway6', 'fe80::1');
    await press('Next');
    expect(calls('conversion.preview')).toEqual([{ hostId: 'attic', request: { kind: 'readdress', device: 'eno1', addresses6: ['2001:db8:40:1::30/64'], gateway6: 'fe80::1' } }]);
    await open('full', { query: '?goal=readdress&nic=br9' });
    await press('Next');
    expect(guide.page.text()).toContain('2001:db8:40:9:3eec:efff:fe10:2006/64 comes from routers or DHCP, and stays as it is.');
  });

  it('of a lease begin with DHCP, and say what can’t be told', async () => {
    await open('full', { query: '?goal=readdress&nic=br9' });
    await press('Next');
    expect(field('address').exists()).toBe(false);
    expect(guide.page.text()).toContain('Without resolvconf, ifupdown leaves /etc/resolv.conf alone');
    await guide.page.find('input[value="fixed"]').setValue(true);
    expect(field('address').element.value).toBe('10.9.0.12/24');
  });

  it('of a fixed one can come by DHCP, with the name servers that it names', async () => {
    await open('full', { query: '?goal=readdress&nic=eno1' });
    await press('Next');
    await guide.page.find('input[value="leased"]').setValue(true);
    expect([field('address').element.value, field('dns').element.value]).toEqual(['10.0.0.12/24', '']);
    expect(guide.page.text()).toContain('The DHCP server has to give 10.0.0.12.');
    await guide.page.find('input[value="fixed"]').setValue(true);
    expect(field('dns').element.value).toBe('10.0.0.1, 9.9.9.9');
    await guide.page.find('input[value="leased"]').setValue(true);
    await leave('address', '10.0.0.30');
    expect(guide.page.text()).toContain('attic moves from 10.0.0.12 to 10.0.0.30');
    expect(guide.page.text()).toContain('kept within 2 minutes, attic goes back');
    await press('Next');
    expect(calls('conversion.preview')).toEqual([{ hostId: 'attic', request: { kind: 'readdress', device: 'eno1', dhcp: true, address: '10.0.0.30/24', dns: [] } }]);
  });

  it('have nothing to choose where no device has any', async () => {
    await open('empty', { query: '?goal=readdress' });
    expect(guide.page.text()).toContain('No device of attic that leads outside has an address.');
    expect(button('Next')!.attributes('disabled')).toBeDefined();
  });
});

describe('a bridge that is taken away', () => {
  it('is chosen, reviewed, and gone', async () => {
    await open('full', { query: '?goal=unbridge&nic=br9' });
    expect(heading()).toBe('Which bridge, or which of its NICs, goes?');
    expect(guide.page.find<HTMLInputElement>('input[value="ovs0"]').element.disabled).toBe(true);
    expect(guide.page.text()).toContain('enp3s0, enp6s0 are its ports');
    await press('Next');
    await guide.page.find('input[type="checkbox"]').setValue(true);
    await press('Next');
    expect(heading()).toBe('Review: br9 goes, and enp5s0 takes its addresses');
    await press('Take br9 away');
    expect(calls('conversion.start')).toMatchObject([{ request: { kind: 'unbridge', bridge: 'br9' } }]);
    await vi.waitUntil(() => heading() === 'br9 → enp5s0 on attic: kept');
  });

  it('or one of its several NICs alone, which then has no addresses', async () => {
    await open('full', { query: '?goal=unbridge&nic=enp6s0' });
    expect(guide.page.find<HTMLInputElement>('input[value="enp6s0"]').element.checked).toBe(true);
    expect(guide.page.text()).toContain('Port of ovs0, which stays');
    await guide.page.find('input[value="enp3s0"]').setValue(true);
    await press('Next');
    await guide.page.find('input[type="checkbox"]').setValue(true);
    await press('Next');
    expect(heading()).toBe('Review: enp3s0 leaves ovs0, which stays');
    await press('Take enp3s0 out');
    expect(calls('conversion.start')).toMatchObject([{ request: { kind: 'unbridge', bridge: 'ovs0', port: 'enp3s0' } }]);
    await vi.waitUntil(() => heading() === 'enp3s0 out of ovs0 on attic: kept');
    expect(guide.page.text()).toContain('enp3s0 is out of ovs0 for good');
  });
});
