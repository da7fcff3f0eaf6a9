import ui from '@nuxt/ui/vue-plugin';
import { flushPromises, mount } from '@vue/test-utils';
import type { VueWrapper } from '@vue/test-utils';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { useInventory } from '../../stores/inventory';
import { usePlanReview } from '../../stores/plan-review';
import { AtticPage } from '../../testing/attic-page';
import type { FakeVariant } from '../../testing/fake-state';
import NetworkInspector from './NetworkInspector.vue';
import NetworksPage from './NetworksPage.vue';
import { networkColumns } from './network-rows';

let attic: AtticPage;
let page: AtticPage['page'];

async function start(variant: FakeVariant): Promise<void> {
  attic = await AtticPage.open(NetworksPage, 'networks', variant);
  page = attic.page;
}
afterEach(() => attic.close());

const snapshot = () => useInventory().of('attic').snapshot!;
const names = (): string[] => page.findAll('tr.row td:first-child').map((cell) => cell.text());
const menuLabels = (): string[] => [...document.querySelectorAll('[role="menuitem"]')].map((item) => item.textContent.trim());

describe('the table of networks', () => {
  it('finds by name, address and port group, in the order of the table', async () => {
    await start('full');
    const search = page.find('input');
    await search.setValue('cameras');
    expect(names()).toEqual(['ovs-trunk']);
    await search.setValue('nat');
    expect(names()).toEqual(['default', 'lab-dmz']);
    expect(page.text()).toContain('2 of 6 networks');
    await page.findAll('th button')[0]!.trigger('click');
    expect(names()).toEqual(['lab-dmz', 'default']);
    await search.setValue('');
    expect(names()).toEqual(['storage', 'sandbox-net', 'ovs-trunk', 'lan', 'lab-dmz', 'default']);
  });

  it('sorts a thousand networks once, not with each key in the search field', async () => {
    await start('crowded');
    const compared = vi.spyOn(networkColumns([])[0]!, 'value');
    await page.find('input').setValue('net-09');
    expect(page.text()).toMatch(/\d+ of 1006 networks/);
    expect(compared).not.toHaveBeenCalled();
    expect(page.findAll('tr.row').length).toBeLessThan(80);
  });

  it('has one menu, that tells of the row whose button was pressed', async () => {
    await start('full');
    const press = async (name: string): Promise<void> => { await page.find(`button[aria-label="Actions for ${name}"]`).trigger('click'); await flushPromises(); };
    await press('storage');
    expect(menuLabels()).toContain('Start…');
    expect(page.find('button[aria-label="Actions for storage"]').attributes('aria-expanded')).toBe('true');
    await press('default');
    expect(menuLabels()).toContain('Stop…');
    expect(menuLabels()).not.toContain('Start…');
    document.querySelectorAll<HTMLElement>('[role="menuitem"]')[menuLabels().indexOf('Stop…')]!.click();
    await flushPromises();
    expect(usePlanReview().request?.intent).toMatchObject({ kind: 'network.stop', uuid: snapshot().networks.find((network) => network.name === 'default')!.uuid });
  });
});

describe('networks of labs', () => {
  it('say which, in a column that is there only where there are labs', async () => {
    await start('full');
    expect(page.findAll('th').map((head) => head.text())).not.toContain('Lab');
    attic.close();
    attic = await AtticPage.open(NetworksPage, 'networks', 'labs', { labs: 'labs' });
    page = attic.page;
    await vi.waitUntil(() => page.findAll('a.lab').length > 0);
    expect(page.findAll('a.lab').map((link) => link.attributes('href'))).toContain('/hosts/attic/labs?lab=ceph');
    await page.find('input').setValue('campus');
    expect(names()).toEqual(['campus-campus']);
  });
});

describe('reserving an address from its lease', () => {
  async function leasesOf(name: string): Promise<VueWrapper> {
    const inspector = mount(NetworkInspector, { props: { hostId: 'attic', snapshot: snapshot(), network: snapshot().networks.find((network) => network.name === name)! }, global: { plugins: [attic.router, ui] }, attachTo: page.element });
    await inspector.findAll('[role="tab"]')[1]!.trigger('click');
    return inspector;
  }
  const button = (inspector: VueWrapper, address: string) => inspector.findAll('button').find((candidate) => candidate.attributes('aria-label')?.includes(address))!;

  it('leads to the review, and says what is reserved already', async () => {
    await start('full');
    const inspector = await leasesOf('default');
    expect(button(inspector, '192.168.122.41').text()).toBe('Reserved');
    expect(button(inspector, '192.168.122.41').attributes('disabled')).toBeDefined();
    await button(inspector, '192.168.122.40').trigger('click');
    await flushPromises();
    expect(usePlanReview().request?.intent).toMatchObject({ kind: 'network.edit', when: 'live' });
  });

  it('says above the leases what the definition has against it', async () => {
    await start('full');
    const inspector = await leasesOf('default');
    await button(inspector, '192.168.122.90').trigger('click');
    await flushPromises();
    expect(inspector.find('[role="alert"]').text()).toContain('“dmz-proxy” is the name of 52:54:00:dd:00:10 already.');
    expect(usePlanReview().request).toBeNull();
  });
});
