import { flushPromises } from '@vue/test-utils';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { useLabDrafts } from '../../stores/lab-drafts';
import { usePlanReview } from '../../stores/plan-review';
import { AtticPage } from '../../testing/attic-page';
import type { FakeVariant } from '../../testing/fake-state';
import LabsPage from './LabsPage.vue';
import { useLabDialogs } from './use-lab-dialogs';

let attic: AtticPage;
let page: AtticPage['page'];

async function start(variant: FakeVariant): Promise<void> {
  attic = await AtticPage.open(LabsPage, 'labs', variant, { 'new-lab': 'labs/new', 'new-lab-from': 'labs/new/:template', 'lab-file': 'labs/file', 'edit-lab': 'labs/:lab/edit' });
  page = attic.page;
}
afterEach(() => attic.close());

const lab = (name: string) => page.findAll('section.lab').find((section) => section.find('h2').text() === name)!;
async function press(name: string, label: string): Promise<void> {
  await lab(name).findAll('button').find((button) => button.text() === label)!.trigger('click');
  await flushPromises();
}
const draftOf = (): string => useLabDrafts().of(String(attic.router.currentRoute.value.query['draft']))!.text;
const dialog = (): HTMLElement => document.querySelector<HTMLElement>('[role="dialog"]')!;
async function submitDialog(): Promise<void> {
  dialog().querySelector('form')!.dispatchEvent(new Event('submit', { cancelable: true }));
  await flushPromises();
}

describe('the labs of a host', () => {
  it('are listed with their networks, how these are, and what is plugged in', async () => {
    await start('labs');
    expect(page.findAll('section.lab h2').map((heading) => heading.text())).toEqual(['bgp-with-a-name-as-long-as-it-is', 'campus', 'ceph']);
    expect(lab('ceph').text()).toContain('2 networks; 3 machines plugged in');
    expect(lab('ceph').find('svg').attributes('aria-label')).toMatch(/^Lab ceph: public, .*, leads outside .*, with osd-1, osd-2, ceph-admin-workstation\. cluster, leads nowhere outside, with osd-1, osd-2\.$/);
    expect(lab('bgp-with-a-name-as-long-as-it-is').text()).toContain('4 networks, 1 inactive');
    expect(lab('campus').text()).toContain('4 port groups');
  });

  it('have the focus when a network’s mark leads to them, from here as well', async () => {
    await start('labs');
    for (const name of ['ceph', 'campus']) {
      await attic.router.push({ path: '/hosts/attic/labs', query: { lab: name } });
      await flushPromises();
      expect(document.activeElement?.textContent).toBe(name);
    }
  });

  it('are destroyed and started by plans that are reviewed', async () => {
    await start('labs');
    await press('campus', 'Destroy…');
    expect(usePlanReview().request?.intent).toEqual({ kind: 'lab.destroy', lab: 'campus' });
    await press('bgp-with-a-name-as-long-as-it-is', 'Start all…');
    expect(usePlanReview().request?.intent).toEqual({ kind: 'lab.start', lab: 'bgp-with-a-name-as-long-as-it-is' });
    expect(lab('ceph').text()).not.toContain('Start all…');
    await press('ceph', 'Stop all…');
    expect(usePlanReview().request?.intent).toEqual({ kind: 'lab.stop', lab: 'ceph' });
  });

  it('are cloned under another name, which is looked at before anything happens', async () => {
    await start('labs');
    await press('ceph', 'Clone…');
    const input = dialog().querySelector('input')!;
    expect(input.value).toBe('ceph-2');
    input.value = 'campus';
    input.dispatchEvent(new Event('input'));
    await submitDialog();
    expect(dialog().textContent).toContain('There is a lab “campus” on this host already.');
    input.value = 'rook';
    input.dispatchEvent(new Event('input'));
    await submitDialog();
    await vi.waitUntil(() => attic.router.currentRoute.value.name === 'lab-file');
    expect(draftOf()).toContain('name: rook');
    expect(useLabDialogs().value).toBeNull();
    expect(usePlanReview().request).toBeNull();
  });

  it('can be made a file of from networks that are there', async () => {
    await start('labs');
    await page.findAll('button').find((button) => button.text() === 'Lab file')!.trigger('click');
    await flushPromises();
    [...document.querySelectorAll<HTMLElement>('[role="menuitem"]')].find((item) => item.textContent.includes('Make one of networks…'))!.click();
    await flushPromises();
    await submitDialog();
    expect(dialog().textContent).toContain('Choose a network at least.');
    dialog().querySelector<HTMLInputElement>('input[type="checkbox"]')!.click();
    await submitDialog();
    await vi.waitUntil(() => attic.router.currentRoute.value.name === 'lab-file');
    expect(draftOf()).toMatch(/^version: 1\nname: lab\nnetworks:\n {2}default:/);
  });
});

describe('the connectivity test of a lab', () => {
  const test = (name: string) => lab(name).find('section.lab-test');
  const rows = (name: string): string[] => test(name).findAll('tbody').map((row) => row.text().replace(/\s+/g, ' '));

  it('is not there before there was one', async () => {
    await start('labs');
    expect(test('ceph').exists()).toBe(false);
    expect(lab('ceph').find('g.test').exists()).toBe(false);
  });

  it('says who does not reach whom as promised, first and with what to look at, and shows it in the picture', async () => {
    await start('labs');
    await press('ceph', 'Test connectivity');
    await vi.waitUntil(() => test('ceph').exists() && test('ceph').text().includes('2 things are not as this lab promises'));
    expect(rows('ceph')).toEqual([
      expect.stringMatching(/not as promised ?cluster ?public ?does not ?reaches ?cluster reaches public, though it should not: isolated networks keep to themselves\./) as unknown,
      expect.stringMatching(/not as promised ?public ?the internet ?reaches ?does not/) as unknown,
    ]);
    expect(test('ceph').text()).toContain('nft list ruleset');
    expect(lab('ceph').findAll('g.arrow').map((arrow) => [arrow.classes()[1], arrow.find('.head').exists(), arrow.find('.glyph').exists() ? arrow.find('.glyph').text() : ''])).toEqual(expect.arrayContaining([['open', true, '✕'], ['shut', false, '✕']]));
    expect(lab('ceph').find('svg').attributes('aria-label')).toContain('not as promised: cluster reaches public, though it should not');
    await press('ceph', 'Show all 16');
    expect(rows('ceph')).toHaveLength(16);
    expect(rows('ceph').filter((row) => row.includes('can’t be tried'))).toHaveLength(4);
  });

  it('tells that all is well', async () => {
    await start('labs');
    await press('campus', 'Test connectivity');
    await vi.waitUntil(() => test('campus').exists() && test('campus').text().includes('Everybody reaches whom they should, and nobody else'));
    expect(rows('campus')).toEqual([]);
    expect(lab('campus').findAll('g.mark').map((mark) => mark.classes())).toEqual([['mark', 'proven']]);
    expect(lab('ceph').find('section.lab-test').exists()).toBe(false);
  });

  it('is followed while it goes, and cancelled', async () => {
    await start('labs');
    const name = 'bgp-with-a-name-as-long-as-it-is';
    await press(name, 'Test connectivity');
    await vi.waitUntil(() => test(name).exists() && test(name).text().includes('20 of 40 ways tried.'));
    expect(test(name).find('[role="progressbar"]').attributes('aria-valuenow')).toBe('75');
    await test(name).findAll('button').find((button) => button.text() === 'Cancel')!.trigger('click');
    await vi.waitUntil(() => test(name).text().includes('Cancelled'));
    expect(test(name).find('[role="progressbar"]').exists()).toBe(false);
  });

  it('is old once the lab has changed', async () => {
    await start('labs');
    await press('ceph', 'Test connectivity');
    await vi.waitUntil(() => test('ceph').exists() && test('ceph').text().includes('Test again'));
    expect(test('ceph').text()).not.toContain('The lab has changed since then');
    const { snapshot } = attic.bridge.state.inventories.get('attic')!;
    attic.bridge.state.inventories.set('attic', { stale: false, snapshot: { ...snapshot, revision: snapshot.revision + 1, networks: snapshot.networks.map((network) => (network.lab?.key === 'cluster' ? { ...network, active: false } : network)) } });
    attic.bridge.emit('inventory.changed', { hostId: 'attic', revision: snapshot.revision + 1, stale: false });
    await vi.waitUntil(() => test('ceph').text().includes('The lab has changed since then'));
    expect(lab('ceph').find('g.test').classes()).toContain('old');
  });

  it('says what stands against it, and tries again', async () => {
    await start('labs');
    attic.bridge.emit('labs.testProgress', { id: 't', hostId: 'attic', lab: 'ceph', startedAt: '2026-01-01T00:00:00Z', endedAt: '2026-01-01T00:00:00Z', step: 'ended', done: 0, total: 0, cancelled: false, report: null, ground: null, error: { code: 'command.not-found', title: 'The host lacks a tool for this test', detail: 'There is no dnsmasq on this host.' } });
    await flushPromises();
    expect(test('ceph').find('[role="alert"]').text()).toContain('There is no dnsmasq on this host.');
    await press('ceph', 'Try again');
    await vi.waitUntil(() => test('ceph').text().includes('Tried by packets'));
  });

  it('takes root and a connection', async () => {
    await start('labs');
    const button = () => lab('ceph').findAll('button').find((item) => item.text() === 'Test connectivity')!;
    const { snapshot } = attic.bridge.state.inventories.get('attic')!;
    attic.bridge.state.inventories.set('attic', { stale: false, snapshot: { ...snapshot, revision: snapshot.revision + 1, privilege: 'libvirt-group' } });
    attic.bridge.emit('inventory.changed', { hostId: 'attic', revision: snapshot.revision + 1, stale: false });
    await vi.waitUntil(() => button().attributes('title')?.includes('A test takes root'));
    expect(button().attributes('disabled')).toBeDefined();
    await attic.bridge.invoke('sessions.disconnect', { hostId: 'attic' });
    await vi.waitUntil(() => button().attributes('title') === 'Connect to the host first');
  });
});

describe('a host without labs', () => {
  it('is told what they are, and shown those there are to begin with', async () => {
    await start('full');
    await vi.waitUntil(() => page.findAll('article').length > 0);
    expect(page.text()).toContain('A lab is several networks that belong together');
    expect(page.findAll('article .title').map((title) => title.text())).toContain('VLAN campus');
    expect(page.findAll('article a')[0]!.attributes('href')).toBe('/hosts/attic/labs/new/sandbox');
  });

  it('without libvirt has nothing to make one with, and a way to mend that', async () => {
    await start('bare');
    expect(page.findAll('article')).toEqual([]);
    expect(page.text()).toContain('See what to do');
  });
});
